"""`llmhub runtime`: the configuration as it will be used, and what another one would change."""

import json

import pytest

SPEC = """\
project: shop
providers: {openai: {}, anthropic: {env_key: OUR_KEY}}
roles:
  answers: {kind: chat, preferences: {quality: high}, mode_params: {max_tokens: 500}}
"""

CONFIG = """\
project: shop
env: dev
providers:
  anthropic: {env_key: OUR_KEY}
  local: {api_base: "http://localhost:8000/v1"}
roles:
  answers: {provider: openai, model: gpt-5, params: {temperature: 0.2}, timeout: 12}
  letters: {provider: anthropic, model: claude-sonnet-5, retry: {attempts: 1, max_delay: 2}}
  here: {provider: local, model: some-model}
defaults: {provider: openai, model: gpt-5}
"""
KEY = "sk-runtime-0123456789abcdef"


@pytest.fixture
def config(project):
    path = project / "llmhub.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def market(stock, make_model):
    return stock(
        make_model("openai:gpt-5", (3.0, 12.0), 1300.0, release_date="2025-08-01", supports_reasoning=True),
        make_model("openai:gpt-6", (1.0, 4.0), 1420.0, context_tokens=1_000_000),
        make_model("anthropic:claude-sonnet-5", (3.0, 15.0), 1350.0),
    )


class TestShow:
    def test_it_fills_in_what_the_file_leaves_to_defaults(self, run, config):
        told = json.loads(run("runtime", "show", "--json").stdout)
        assert told["roles"]["answers"]["timeout"] == 12
        assert told["roles"]["answers"]["deadline"] == 600
        assert told["roles"]["answers"]["retry"] == {"attempts": 3, "max_delay": 8.0}
        assert told["roles"]["letters"]["retry"] == {"attempts": 1, "max_delay": 2}
        assert told["defaults"]["model"] == "gpt-5"

    def test_it_says_by_which_variable_each_key_comes_and_whether_it_is_set(self, run, config):
        providers = json.loads(run("runtime", "show", "--json", OUR_KEY=KEY).stdout)["providers"]
        assert (providers["anthropic"]["env_key"], providers["anthropic"]["key"]) == ("OUR_KEY", "set")
        assert (providers["openai"]["env_key"], providers["openai"]["key"]) == ("OPENAI_API_KEY", "MISSING")
        assert providers["local"]["key"] == "not needed"

    def test_it_shows_no_key(self, run, config):
        for arguments in ((), ("--json",)):
            ended = run("runtime", "show", *arguments, OUR_KEY=KEY, OPENAI_API_KEY=KEY)
            assert KEY not in ended.stdout + ended.stderr

    def test_one_role_can_be_asked_for_also_one_that_the_defaults_serve(self, run, config):
        told = json.loads(run("runtime", "show", "letters", "--json").stdout)
        assert list(told["roles"]) == ["letters"]
        assert json.loads(run("runtime", "show", "other", "--json").stdout)["roles"]["other"]["model"] == "gpt-5"

    def test_off_a_terminal_it_is_yaml(self, run, config):
        from llmhub.config.yaml import read_document

        shown = run("runtime", "show").stdout
        assert read_document(shown, "shown").value["roles"]["here"]["provider"] == "local"

    def test_the_environment_in_force_has_its_own_file(self, run, config):
        config.with_name("llmhub.prod.yaml").write_text(CONFIG.replace("gpt-5", "gpt-6"), encoding="utf-8")
        assert (
            json.loads(run("--env", "prod", "runtime", "show", "--json").stdout)["roles"]["answers"]["model"] == "gpt-6"
        )


class TestDiff:
    def test_two_files_are_compared_role_by_role_with_costs_and_gains(self, run, config, market):
        other = config.with_name("llmhub.prod.yaml")
        changed = CONFIG.replace(
            "{provider: openai, model: gpt-5, params: {temperature: 0.2}",
            "{provider: openai, model: gpt-6, params: {temperature: 0.7}",
            1,
        )
        other.write_text(changed.replace("  here: {provider: local, model: some-model}\n", ""), encoding="utf-8")
        told = json.loads(run("runtime", "diff", "current", "prod", "--json").stdout)
        roles = {role["role"]: role for role in told["roles"]}
        assert list(roles) == ["answers", "here"]
        assert roles["here"]["kind"] == "removed"
        assert [one["field"] for one in roles["answers"]["fields"]] == ["model", "params.temperature"]
        effect = roles["answers"]["effect"]
        assert effect["saving"] == pytest.approx(2 / 3)
        assert (effect["gain"], effect["lost"]) == (120, ["reasoning"])
        shown = run("runtime", "diff", "current", "prod").stdout
        assert "answers: openai:gpt-5 -> openai:gpt-6" in shown
        assert "price: $3.00 in / $12.00 out per million tokens -> $1.00 in / $4.00 out per million tokens" in shown
        assert "67% cheaper" in shown
        assert "context: 200,000 tokens -> 1,000,000 tokens" in shown
        assert "params.temperature: 0.2 -> 0.7" in shown
        assert "loses: reasoning" in shown

    def test_without_names_it_says_what_generate_would_change(self, run, config, market):
        config.with_name("llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
        told = json.loads(run("runtime", "diff", "--json").stdout)
        roles = {role["role"]: role for role in told["roles"]}
        assert (roles["answers"]["before"], roles["answers"]["after"]) == ("openai:gpt-5", "openai:gpt-6")
        assert {role for role, change in roles.items() if change["kind"] == "removed"} == {
            "letters",
            "here",
            "(defaults)",
        }

    def test_it_goes_by_what_a_role_would_meet_and_not_by_the_reason_told(self, run, config, market):
        other = config.with_name("other.yaml")
        other.write_text(CONFIG.replace("timeout: 12", "timeout: 12, reason: because"), encoding="utf-8")
        assert "No role changes." in run("runtime", "diff", "other.yaml").stdout

    def test_a_model_that_no_catalog_knows_is_told_as_unknown(self, run, config, market):
        other = config.with_name("other.yaml")
        other.write_text(CONFIG.replace("model: some-model", "model: another"), encoding="utf-8")
        shown = run("runtime", "diff", "other.yaml").stdout
        assert "the catalog does not know local:some-model" in shown
        assert "price" not in shown

    @pytest.mark.parametrize("name", ["staging", "nowhere.yaml"])
    def test_a_file_that_is_not_there_is_an_error(self, run, config, name):
        ended = run("runtime", "diff", name)
        assert ended.returncode == 1
        assert name in ended.stderr
