"""Each command, as a newcomer types it."""

import json
import re

import pytest

from llmhub import __version__


def test_bare_llmhub_in_an_empty_folder_names_the_next_step(run):
    ended = run()
    assert ended.returncode == 0
    assert "llmhub init" in ended.stdout


def test_version_is_told(run):
    assert run("--version").stdout.strip() == f"llmhub, version {__version__}"


def test_the_help_lists_every_command_with_the_line_that_the_command_says_of_itself(run):
    from llmhub.cli.root import COMMANDS

    text = run("--help").stdout
    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", text, re.MULTILINE)
        first = run(name, "--help").stdout.split("\n\n")[1].strip().splitlines()[0]
        assert line == first


def test_a_misspelt_command_names_the_nearest_and_is_a_usage_error(run):
    ended = run("generat")
    assert ended.returncode == 2
    assert "Did you mean 'generate'?" in ended.stderr


def test_a_project_folder_that_is_not_there_is_a_usage_error(run):
    assert run("--project", "nowhere", "status").returncode == 2


# --- init -----------------------------------------------------------------------------------------------------------


def test_init_writes_a_spec_that_generates(run, project):
    assert run("init").returncode == 0
    assert (project / ".env.example").read_text(encoding="utf-8").endswith("OPENAI_API_KEY=\n")
    ended = run("generate")
    assert ended.returncode == 0, ended.stderr
    assert (project / "llmhub.yaml").exists()


def test_init_starts_from_the_providers_whose_keys_are_set_and_never_writes_a_key(run, project, keys):
    run("init", **keys)
    text = (project / "llmhub.spec.yaml").read_text(encoding="utf-8") + (project / ".env.example").read_text()
    assert "anthropic:" in text
    assert "ANTHROPIC_API_KEY" in text
    assert keys["OPENAI_API_KEY"] not in text


def test_init_overwrites_nothing(run, spec):
    before = spec.read_bytes()
    ended = run("init")
    assert "is there already" in ended.stdout
    assert spec.read_bytes() == before


# --- generate -------------------------------------------------------------------------------------------------------


def test_generate_writes_a_choice_with_its_reason_for_every_role(run, project, spec, keys):
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import load_config

    ended = run("generate", **keys)
    assert ended.returncode == 0, ended.stderr
    config = load_config(project / "llmhub.yaml", known_providers=PROVIDER_NAMES)
    assert list(config.roles) == ["llm.answers", "llm.embedding"]
    assert all(role.reason for role in config.roles.values())
    assert len(config.roles["llm.answers"].fallbacks) == 1
    assert config.roles["llm.embedding"].mode == "embedding"
    assert config.generated.by == f"llmhub {__version__}"


def test_generate_gives_the_same_bytes_again(run, project, spec):
    run("generate")
    before = (project / "llmhub.yaml").read_bytes()
    ended = run("generate", "--yes")
    assert "up to date" in ended.stdout
    assert (project / "llmhub.yaml").read_bytes() == before


def test_a_missing_key_is_a_warning_and_the_choice_is_made_all_the_same(run, spec):
    ended = run("generate")
    assert ended.returncode == 0
    assert "OPENAI_API_KEY is not set here" in ended.stderr


def test_dry_run_shows_the_change_and_writes_nothing(run, project, spec):
    ended = run("generate", "--dry-run")
    assert "+  llm.answers:" in ended.stdout
    assert "Nothing written" in ended.stdout
    assert not (project / "llmhub.yaml").exists()


def test_off_a_terminal_a_file_is_replaced_only_with_yes(run, project, spec):
    run("generate")
    path = project / "llmhub.yaml"
    edited = path.read_text(encoding="utf-8").replace("shop", "other")
    path.write_text(edited, encoding="utf-8")
    ended = run("generate")
    assert ended.returncode == 1
    assert "--yes" in ended.stderr
    assert path.read_text(encoding="utf-8") == edited
    assert run("generate", "--yes").returncode == 0
    assert "shop" in path.read_text(encoding="utf-8")


def test_explain_shows_the_candidates_and_what_their_scores_are_made_of(run, spec):
    text = run("generate", "--dry-run", "--explain").stdout
    assert re.search(r"candidate +score", text)
    assert "ruled out" in text


def test_an_environment_has_a_file_of_its_own(run, project, spec):
    spec.write_text(
        spec.read_text(encoding="utf-8") + "environments:\n  prod: {project: shop-prod}\n", encoding="utf-8"
    )
    assert run("--env", "prod", "generate").returncode == 0
    assert "shop-prod" in (project / "llmhub.prod.yaml").read_text(encoding="utf-8")
    assert not (project / "llmhub.yaml").exists()


# --- roles, test, status --------------------------------------------------------------------------------------------


def test_roles_lists_what_serves_each_role(run, config):
    assert re.search(r"llm\.answers +chat +openai:gpt-4o-mini", run("roles").stdout)
    rows = json.loads(run("roles", "--json").stdout)
    assert rows[0]["targets"] == ["openai:gpt-4o-mini"]
    assert rows[2]["params"] == {"embedding_dim": 64}


def test_test_calls_every_role_and_shows_answer_time_tokens_and_cost(run, config, keys, provider_server):
    ended = run("test", "--prompt", "What is a role?", **keys)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count(" ok ") == 3
    assert "What is a role?" in ended.stdout
    assert "a vector of 64 numbers" in ended.stdout
    assert provider_server.counts.requests == 3


def test_test_prints_json_with_cost_where_a_price_is_known(run, config, keys):
    run("catalog", "refresh")
    (row,) = json.loads(run("test", "--role", "llm.answers", "--json", **keys).stdout)
    assert row["ok"]
    assert row["model"] == "gpt-4o-mini"
    assert float(row["cost_dollars"]) > 0


def test_a_provider_that_fails_ends_test_with_3_and_a_line_per_attempt(run, config, keys, provider_server):
    provider_server.always("gpt-4o-mini", "500")
    ended = run("test", **keys)
    assert ended.returncode == 3
    assert "llm.answers  FAILED" in ended.stdout
    assert "ProviderError" in ended.stdout
    assert "llm.embedding  ok" in ended.stdout


def test_an_answer_of_a_fallback_is_told_as_its_own_with_what_failed_before(run, config, keys, provider_server):
    text = config.read_text(encoding="utf-8")
    fallback = "fallbacks: [{provider: openai, model: gpt-4.1}], retry: {attempts: 1}"
    config.write_text(text.replace("retry: {attempts: 1}", fallback, 1), encoding="utf-8")
    provider_server.always("gpt-4o-mini", "503")
    shown = run("test", "--role", "llm.answers", **keys).stdout
    assert "llm.answers  ok  openai:gpt-4.1\n" in shown
    assert "after openai:gpt-4o-mini: ProviderError: " in shown
    (row,) = json.loads(run("test", "--role", "llm.answers", "--json", **keys).stdout)
    assert [(one["model"], one["error"]) for one in row["attempts"]] == [
        ("gpt-4o-mini", "ProviderError"),
        ("gpt-4.1", None),
    ]


MODES = {
    "image": ("gpt-image-1", "", "1 picture"),
    "speech": ("tts-1", ", params: {voice: alloy}", "bytes of sound"),
    "transcription": ("whisper-1", "", "a second of silence is heard as: "),
    "moderation": ("omni-moderation-latest", "", "not flagged"),
}


def test_a_role_of_every_mode_can_be_tried(run, config, keys):
    roles = [
        f"  of.{mode}: {{provider: openai, model: {model}, mode: {mode}{params}}}"
        for mode, (model, params, _) in MODES.items()
    ]
    config.write_text(config.read_text(encoding="utf-8") + "\n".join(roles) + "\n", encoding="utf-8")
    asked = [argument for mode in MODES for argument in ("--role", f"of.{mode}")]
    rows = json.loads(run("test", "--json", *asked, **keys).stdout)
    assert [row["role"] for row in rows if not row["ok"]] == []
    for row, (*_, said) in zip(rows, MODES.values(), strict=True):
        assert said in row["answer"]


def test_a_missing_key_ends_test_with_1_and_names_the_variable(run, config):
    ended = run("test", "--role", "llm.answers")
    assert ended.returncode == 1
    assert "OPENAI_API_KEY is not set" in ended.stdout


def test_status_names_the_keys_that_are_missing_and_the_next_step(run, config, keys):
    assert "OPENAI_API_KEY" in run("status").stdout
    assert "llmhub test" in run("status", **keys).stdout
    assert json.loads(run("status", "--json").stdout)["missing_keys"] == ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"]


# --- plugins --------------------------------------------------------------------------------------------------------


def test_plugins_lists_the_built_in_ones_with_their_kinds(run):
    rows = {row["name"]: row for row in json.loads(run("plugins", "--json").stdout)}
    assert {"anyllm", "heuristic", "lmarena", "models_dev", "snapshot", "tiers"} <= set(rows)
    assert rows["heuristic"]["kinds"] == ["generate"]
    assert rows["lmarena"]["status"] == "loaded"


def test_a_disabled_plugin_is_listed_as_disabled_and_not_used(run):
    rows = {row["name"]: row for row in json.loads(run("plugins", "--json", LLMHUB_DISABLE_PLUGINS="lmarena").stdout)}
    assert rows["lmarena"]["status"] == "disabled"


def test_plugins_show_names_the_nearest_of_an_unknown_name(run):
    ended = run("plugins", "show", "lmaren")
    assert ended.returncode == 1
    assert "Did you mean 'lmarena'?" in ended.stderr


# --- demo -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_demo_shows_the_whole_way_without_keys_or_network(run, project, tmp_path):
    ended = run("demo")
    assert ended.returncode == 0, ended.stderr
    for expected in (
        "What you write",
        "What llmhub chooses",
        "What your code does",
        "llm.embedding",
        "would have cost",
    ):
        assert expected in ended.stdout
    assert ended.stderr == ""
    assert list(project.iterdir()) == []
    assert not (tmp_path / "cache").exists()
