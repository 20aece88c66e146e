"""`llmhub generate`: what is written, what stays, and `--check`, which says whether it would come out the same."""

import json
import os
import socket
import subprocess
import sys

import pytest

SPEC = """\
project: shop
providers:
  openai: {}
  anthropic: {}
roles:
  answers:
    kind: chat
    preferences: {quality: high, cost: medium}
  drafts:
    kind: chat
    preferences: {cost: low}
"""


@pytest.fixture
def spec(project):
    path = project / "llmhub.spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


@pytest.fixture
def market(stock, make_model):
    """Two models, of which one is better and cheaper."""

    def models(*more):
        return (
            make_model("openai:gpt-6", (1.0, 4.0), 1420.0),
            make_model("anthropic:claude-sonnet-5", (3.0, 15.0), 1330.0),
            *more,
        )

    stock(*models())
    return models


@pytest.fixture
def generated(run, project, spec, market):
    """The generated file, as it is after `llmhub generate`."""
    ended = run("generate")
    assert ended.returncode == 0, ended.stderr
    return project / "llmhub.yaml"


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


# --- what is written ------------------------------------------------------------------------------------------------


def test_the_file_tells_a_reader_what_it_is_and_where_choices_belong(generated):
    text = generated.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=.llmhub/config.schema.json\n# Made by `llmhub generate`")
    assert (generated.parent / ".llmhub/config.schema.json").is_file()


def test_comments_x_keys_and_time_limits_stay_when_roles_change(run, generated, stock, market, make_model):
    change(
        generated,
        "  answers:\n",
        "  # the one customers talk to\n  answers:  # ask Ada\n    x-owner: ada\n    timeout: 20\n",
    )
    change(generated, "project: shop\n", "x-team: search\nproject: shop\n")
    stock(*market(make_model("openai:gpt-7", (0.5, 2.0), 1480.0, release_date="2026-09-01")))
    assert run("generate", "--yes").returncode == 0
    text = generated.read_text(encoding="utf-8")
    assert "  # the one customers talk to\n  answers:  # ask Ada\n    provider: openai\n    model: gpt-7\n" in text
    assert "    x-owner: ada\n" in text
    assert "    timeout: 20\n" in text
    assert "x-team: search\n" in text


def test_a_pinned_role_stays_whole_and_is_told(run, generated):
    change(generated, "    model: gpt-6\n", "    model: gpt-5-of-old\n    pinned: true\n")
    before = generated.read_text(encoding="utf-8")
    ended = run("generate", "--yes")
    assert "Pinned, left as it is: answers." in ended.stderr
    assert "answers' is pinned to openai:gpt-5-of-old, which the catalog does not know" in ended.stderr
    assert "    model: gpt-5-of-old\n" in generated.read_text(encoding="utf-8")
    assert before.count("gpt-6") == generated.read_text(encoding="utf-8").count("gpt-6")


def test_before_it_asks_it_says_in_short_what_a_change_costs_or_gains(run, generated, stock, market, make_model):
    seeing = {"release_date": "2026-09-01", "input_modalities": ("text", "image")}
    stock(*market(make_model("openai:gpt-7", (0.5, 2.0), 1480.0, **seeing)))
    shown = run("generate", "--dry-run").stdout
    gains = "50% cheaper at this mix of tokens, +60 in score, gains vision"
    assert f"answers: openai:gpt-6 -> openai:gpt-7: {gains}\n" in shown


def test_where_all_roles_are_pinned_nothing_is_left_to_choose(run, generated, stock, make_model):
    text = generated.read_text(encoding="utf-8")
    generated.write_text(text.replace("    mode: chat\n", "    mode: chat\n    pinned: true\n"), encoding="utf-8")
    stock(make_model("mistral:mistral-large-9"))
    ended = run("generate", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "Pinned, left as they are: answers, drafts." in ended.stderr
    assert generated.read_text(encoding="utf-8").count("model: gpt-6\n") == 2


def test_an_endpoint_that_only_a_pinned_role_needs_stays_with_it(run, generated):
    change(
        generated,
        "providers:\n",
        'providers:\n  box: {api_base: "http://localhost:8000/v1", client_args: {timeout: 5}}\n',
    )
    change(
        generated, "    provider: openai\n    model: gpt-6\n", "    provider: box\n    model: ours\n    pinned: true\n"
    )
    ended = run("generate", "--yes")
    assert ended.returncode == 0, ended.stderr
    box = "  box:\n    api_base: http://localhost:8000/v1\n    client_args:\n      timeout: 5\n"
    assert box in generated.read_text(encoding="utf-8")
    assert run("generate", "--check").returncode == 0


def test_defaults_stay_where_they_are_pinned(run, generated):
    kept = "defaults: {provider: groq, model: ours, mode: chat, pinned: true}\n"
    generated.write_text(generated.read_text(encoding="utf-8") + kept, encoding="utf-8")
    assert run("generate", "--yes").returncode == 0
    assert "  groq: {}\n" in generated.read_text(encoding="utf-8")
    assert "defaults:\n  provider: groq\n" in generated.read_text(encoding="utf-8")
    assert run("generate", "--check").returncode == 0


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"status": "deprecated"}, "which is deprecated"),
        ({"status": "retired", "retired_on": "2026-10-01"}, "which is retired (no source lists it since 2026-10-01)"),
    ],
)
def test_a_pinned_model_that_is_on_its_way_out_is_warned_of(run, generated, stock, market, make_model, facts, told):
    change(generated, "    model: gpt-6\n", "    model: gpt-5\n    pinned: true\n")
    stock(*market(make_model("openai:gpt-5", **facts)))
    assert told in run("generate", "--yes").stderr
    assert told in run("generate", "--check").stderr


def test_a_file_that_would_not_load_again_is_not_written(run, generated):
    change(generated, "    mode: chat\n", "    mode: chat\n    timeout: soon\n")
    before = generated.read_text(encoding="utf-8")
    ended = run("generate", "--yes")
    if ended.returncode == 0:
        pytest.fail(f"written: {generated.read_text(encoding='utf-8')}")
    assert "timeout" in ended.stderr
    assert generated.read_text(encoding="utf-8") == before


def test_json_says_what_changed_and_what_each_role_rests_on(run, project, spec, market):
    told = json.loads(run("generate", "--json").stdout)
    assert list(told) == [
        *("file", "environment", "changed", "written", "changes", "roles", "pinned", "warnings", "diff")
    ]
    assert told["written"]
    assert (project / "llmhub.yaml").is_file()
    assert [change["kind"] for change in told["changes"]] == ["added", "added"]
    first = told["roles"][0]["candidates"][0]
    assert first["model"] == told["roles"][0]["model"] == "openai:gpt-6"
    assert first["score"] == pytest.approx(
        sum(part["contribution"] for part in first["criteria"]) / sum(part["weight"] for part in first["criteria"])
    )


def test_json_never_replaces_a_file_without_yes(run, generated, spec):
    change(spec, "cost: low", "cost: high")
    told = json.loads(run("generate", "--json").stdout)
    assert (told["changed"], told["written"]) == (True, False)
    assert json.loads(run("generate", "--json", "--yes").stdout)["written"]
    assert json.loads(run("generate", "--json").stdout)["changed"] is False


def test_another_environment_has_a_file_of_its_own(run, project, generated, spec):
    change(spec, "roles:\n", "environments:\n  prod:\n    providers: {openai: {enabled: false}}\nroles:\n")
    ended = run("generate", "--env", "prod")
    assert ended.returncode == 0, ended.stderr
    assert "claude-sonnet-5" in (project / "llmhub.prod.yaml").read_text(encoding="utf-8")
    assert run("generate", "--check", "--env", "prod").returncode == 0
    assert "env: prod" in (project / "llmhub.prod.yaml").read_text(encoding="utf-8")


def test_explain_shows_every_candidate_with_what_its_score_is_made_of(run, spec, market):
    shown = run("generate", "--explain", "--dry-run").stdout
    assert "answers: openai:gpt-6\n" in shown
    assert "anthropic:claude-sonnet-5  " in shown
    assert "quality x" in shown


# --- check ----------------------------------------------------------------------------------------------------------


def test_check_ends_with_0_on_an_unchanged_project(run, generated):
    ended = run("generate", "--check")
    assert (ended.returncode, ended.stdout) == (0, "llmhub.yaml is up to date.\n")


def test_check_minds_no_comment_and_no_policy_of_ones_own(run, generated):
    change(generated, "  drafts:\n", "  drafts:  # cheap\n    x-owner: ada\n")
    run("generate", "--yes")
    assert run("generate", "--check").returncode == 0


def test_check_minds_no_line_ends_of_windows(run, generated):
    generated.write_bytes(generated.read_bytes().replace(b"\n", b"\r\n"))
    assert run("generate", "--check").returncode == 0
    assert "up to date" in run("generate", "--yes").stdout


def test_a_pin_counts_from_the_next_generation_on(run, generated, stock, market, make_model):
    change(generated, "    model: gpt-6\n", "    model: gpt-6\n    pinned: true\n")
    assert json.loads(run("generate", "--check", "--json").stdout)["causes"] == ["edited"]
    assert run("generate", "--yes").returncode == 0
    assert run("generate", "--check").returncode == 0
    change(generated, "pinned: true\n", "pinned: true\n    timeout: 9\n")
    assert run("generate", "--check").returncode == 0, "what a pinned role says is its owner's"


CAUSES = [
    ("spec", "the spec changed"),
    ("catalog", "the catalog changed"),
    ("edited", "edited by hand"),
    ("version", "made by another version of llmhub"),
    ("missing", "there is no such file yet"),
    ("unstamped", "the file does not say what it was generated from"),
]


@pytest.mark.parametrize(("cause", "words"), CAUSES)
def test_check_ends_with_1_and_says_why(run, generated, spec, stock, market, make_model, cause, words):
    match cause:
        case "spec":
            change(spec, "cost: low", "cost: low, exclude_models: [gpt-6]")
        case "catalog":
            stock(*market(make_model("openai:gpt-7", (0.5, 2.0), 1480.0, release_date="2026-09-01")))
        case "edited":
            change(generated, "    model: gpt-6\n", "    model: gpt-6\n    params: {temperature: 0.9}\n")
        case "version":
            change(generated, "by: llmhub ", "by: llmhub 0.0.")
        case "missing":
            generated.unlink()
        case "unstamped":
            text = generated.read_text(encoding="utf-8")
            start = text.index("generated:")
            generated.write_text(text[:start] + text[text.index("# How to reach") :], encoding="utf-8")
    ended = run("generate", "--check")
    assert ended.returncode == 1
    assert words in ended.stdout
    told = json.loads(run("generate", "--check", "--json").stdout)
    assert told["causes"] == [cause]
    assert not told["up_to_date"]


def test_check_tells_role_by_role_what_would_differ(run, generated, spec):
    change(generated, "    model: gpt-6\n", "    model: claude\n")
    change(spec, "  drafts:\n", "  letters:\n    kind: chat\n  drafts:\n")
    told = {role["role"]: role for role in json.loads(run("generate", "--check", "--json").stdout)["roles"]}
    assert told["letters"]["causes"] == ["spec"]
    assert (told["letters"]["kind"], told["letters"]["after"]) == ("added", "openai:gpt-6")
    assert told["answers"]["causes"] == ["edited", "spec"]
    assert told["answers"]["fields"][0] == {"field": "model", "before": "openai:claude", "after": "openai:gpt-6"}
    assert "drafts" not in told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("project: shop\nenv: dev\n", "env: dev\nproject: shop\n"),
        ("    model: gpt-6\n", '    model: "gpt-6"\n'),
        ("  openai: {}\n", "  openai: {api_base: 'http://localhost:1/v1'}\n"),
    ],
)
def test_check_finds_an_edit_of_layout_or_of_a_provider_too(run, generated, before, after):
    change(generated, before, after)
    told = json.loads(run("generate", "--check", "--json").stdout)
    assert (told["up_to_date"], told["causes"], told["roles"]) == (False, ["edited"], [])


def test_check_agrees_with_what_generate_would_do(run, generated, spec):
    """Also where roles change their places in the spec, which changes no choice."""
    answers = SPEC[SPEC.index("  answers:") : SPEC.index("  drafts:")]
    spec.write_text(SPEC.replace(answers, "") + answers, encoding="utf-8")
    assert run("generate", "--check").returncode == 1
    assert run("generate", "--yes").returncode == 0
    assert run("generate", "--check").returncode == 0


def test_check_can_leave_another_catalog_out_of_account(run, generated, spec, stock, market, make_model, tmp_path):
    stock(*market(make_model("openai:gpt-7", (0.5, 2.0), 1480.0, release_date="2026-09-01")))
    assert run("generate", "--check").returncode == 1
    assert run("generate", "--check", "--ignore-catalog").returncode == 0
    (tmp_path / "cache/catalog.json").unlink()
    assert run("generate", "--check", "--ignore-catalog").returncode == 0, "it needs no catalog at all"
    change(spec, "cost: low", "cost: high")
    stock(*market())
    assert run("generate", "--check", "--ignore-catalog").returncode == 1


def test_check_without_a_catalog_fetches_none_and_names_the_remedy(run, generated, tmp_path):
    (tmp_path / "cache/catalog.json").unlink()
    ended = run("generate", "--check", LLMHUB_OFFLINE="")
    assert ended.returncode == 3
    assert "llmhub catalog refresh" in ended.stderr
    assert not (tmp_path / "cache/catalog.json").exists()


class TestCheckWithAdvice:
    """`generator: llm`: what a model answered before counts, and none is asked."""

    @pytest.fixture
    def advised(self, run, project, spec, market, provider_server):
        text = SPEC.replace("openai: {}", f'openai: {{api_base: "{provider_server.openai_base}"}}')
        described = text.replace("    kind: chat\n", "    kind: chat\n    description: Writes letters\n", 1)
        spec.write_text(f"generator: llm\n{described}", encoding="utf-8")
        order = ["anthropic:claude-sonnet-5"]
        provider_server.reply("adviser", json.dumps({"order": order, "needs": None, "reason": "It writes well."}))
        ended = run(
            "generate", "--llm-model", "openai:adviser", OPENAI_API_KEY="sk-loopback-0123456789", LLMHUB_OFFLINE=""
        )
        assert ended.returncode == 0, ended.stderr
        assert "It writes well." in (project / "llmhub.yaml").read_text(encoding="utf-8"), ended.stderr
        provider_server.reset()
        return project / "llmhub.yaml"

    def test_the_kept_answer_makes_the_same_file_without_a_call(self, run, advised, provider_server):
        for environment in ({"OPENAI_API_KEY": "sk-loopback-0123456789"}, {"LLMHUB_OFFLINE": "1"}):
            ended = run("generate", "--check", "--llm-model", "openai:adviser", **{"LLMHUB_OFFLINE": "", **environment})
            assert ended.returncode == 0, ended.stdout
        assert not provider_server.requests

    def test_a_question_that_nobody_answered_yet_is_told_and_not_asked(self, run, spec, advised, provider_server):
        change(spec, "Writes letters", "Writes novels")
        environment = {"LLMHUB_OFFLINE": "", "OPENAI_API_KEY": "sk-loopback-0123456789"}
        ended = run("generate", "--check", "--llm-model", "openai:adviser", **environment)
        assert ended.returncode == 1
        assert "only `llmhub generate` asks" in ended.stderr
        assert not provider_server.requests

    def test_a_pinned_role_is_not_asked_about(self, run, spec, advised, provider_server):
        change(advised, "    provider: anthropic\n", "    pinned: true\n    provider: anthropic\n")
        change(spec, "Writes letters", "Writes novels")
        run(
            "generate",
            "--yes",
            "--llm-model",
            "openai:adviser",
            OPENAI_API_KEY="sk-loopback-0123456789",
            LLMHUB_OFFLINE="",
        )
        assert not provider_server.requests
        assert "It writes well." in advised.read_text(encoding="utf-8")


@pytest.mark.parametrize("changed", ["nothing", "the spec"])
def test_check_opens_no_connection_and_starts_no_process_even_with_a_stale_catalog(
    run, generated, spec, stock, market, monkeypatch, changed
):
    stock(*market(), days=3)
    if changed == "the spec":
        change(spec, "cost: low", "cost: high")

    def refuse(*_, **__):
        pytest.fail("the network was touched, or a process started")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    ended = run("generate", "--check", LLMHUB_OFFLINE="", OPENAI_API_KEY="sk-loopback-0123456789")
    assert ended.returncode == (0 if changed == "nothing" else 1)


def test_the_same_spec_and_catalog_give_the_same_bytes_whatever_the_seed_of_hashes(project, spec, market, tmp_path):
    written = set()
    for seed in ("1", "2"):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "LLMHUB_OFFLINE": "1", "LLMHUB_CACHE_DIR": f"{tmp_path}/cache"}
        program = [sys.executable, "-m", "llmhub", "--quiet", "generate", "--yes"]
        subprocess.run(program, cwd=project, env=environ, check=True, capture_output=True, timeout=60)
        written.add((project / "llmhub.yaml").read_bytes())
        (project / "llmhub.yaml").unlink()
    assert len(written) == 1


@pytest.mark.parametrize("flag", ["--yes", "--dry-run", "--explain", "--strict", "--no-llm"])
def test_check_refuses_what_has_no_place_beside_it(run, generated, flag):
    ended = run("generate", "--check", flag)
    assert ended.returncode == 2
    assert flag in ended.stderr


# --- bad input ------------------------------------------------------------------------------------------------------


def test_a_catalog_older_than_30_days_is_warned_of_with_its_age_and_the_remedy(run, spec, market, stock):
    stock(*market(), days=47)
    warned = run("generate", "--dry-run").stderr
    assert "47 days old" in warned
    assert "llmhub catalog refresh" in warned
    stock(*market(), days=12)
    assert "days old" not in run("generate", "--dry-run").stderr


def test_an_empty_catalog_is_an_error_with_the_remedy(run, spec, stock):
    stock()
    ended = run("generate")
    assert ended.returncode == 1
    assert "the catalog is empty" in ended.stderr
    assert "llmhub catalog refresh" in ended.stderr


def test_no_candidate_says_what_to_lift_and_what_each_would_give(run, spec, market):
    change(spec, "{cost: low}", "{max_price_output: 0.01, providers: [anthropic]}")
    ended = run("generate")
    assert ended.returncode == 1
    assert "role 'drafts'" in ended.stderr
    assert "max_price_output" in ended.stderr
    assert "1 candidate" in ended.stderr


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("kind: chat", "kind: chatt", "Did you mean 'chat'?"),
        ("cost: low", "cost: lowest", "one of low, medium, high"),
        ("{cost: low}", "{providers: [anthropc]}", "Did you mean 'anthropic'?"),
        ("    preferences: {cost: low}", "    force_model: gpt-66", "Did you mean 'gpt-6'?"),
    ],
)
def test_a_wrong_word_is_told_with_the_nearest(run, project, spec, market, before, after, expected):
    change(spec, before, after)
    ended = run("generate")
    assert ended.returncode == 1
    assert expected in ended.stderr
    assert not (project / "llmhub.yaml").exists()


def test_an_exclusion_that_meets_no_model_is_warned_of_with_the_nearest(run, spec, market):
    change(spec, "{cost: low}", "{exclude_models: [gpt-66, 'mistral-*', claude-sonnet-5]}")
    ended = run("generate")
    assert "`exclude_models: gpt-66` meets no model that the catalog knows. Did you mean 'gpt-6'?" in ended.stderr
    assert "`exclude_models: mistral-*` meets no model that the catalog knows\n" in ended.stderr
    assert "claude-sonnet-5" not in ended.stderr


def test_one_warning_stands_for_all_the_roles_it_is_about(run, spec, stock, market, make_model):
    stock(make_model("openai:gpt-6", (1.0, 4.0), 1420.0, supports_temperature=False))
    change(spec, "{quality: high, cost: medium}", "{creativity: low}\n    mode_params: {temperature: 0.3}")
    change(spec, "{cost: low}", "{creativity: low}\n    mode_params: {temperature: 0.3}")
    told = run("generate").stderr
    assert "roles 'answers', 'drafts': openai:gpt-6 takes no temperature" in told


def test_a_forced_model_that_is_not_for_such_roles_is_told(run, spec, stock, market, make_model):
    stock(*market(make_model("openai:text-embedding-9", output_modalities=("embedding",), tags=("embedding",))))
    change(spec, "    preferences: {cost: low}", "    force_model: text-embedding-9")
    ended = run("generate")
    assert "text-embedding-9" in ended.stderr
    assert "embedding" in ended.stderr
