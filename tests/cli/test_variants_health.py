"""`llmhub variants` and `llmhub health`, over calls that a Hub made to the loopback provider."""

import json

import pytest

from llmhub import Hub

HELLO = [{"role": "user", "content": "Hello there"}]

CONFIG = """\
project: shop
providers: {{openai: {{api_base: "{url}"}}}}
circuit: {{failures: 2, cooldown: 60}}
roles:
  answers:
    provider: openai
    model: gpt-4o-mini
    sticky_by: user
    retry: {{attempts: 1}}
    variants: [{{name: control, weight: 1}}, {{name: bigger, weight: 1, model: gpt-4o}}]
  broken: {{provider: openai, model: fault-500, retry: {{attempts: 1}}}}
  spare: {{provider: openai, model: gpt-4.1}}
"""


@pytest.fixture
def shop(project, provider_server, monkeypatch, tmp_path, keys):
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", keys["OPENAI_API_KEY"])
    path = project / "llmhub.yaml"
    path.write_text(CONFIG.format(url=provider_server.openai_base), encoding="utf-8")
    return path


@pytest.fixture
def calls(shop):
    with Hub(shop) as hub:
        for user in range(80):
            hub.completion("answers", HELLO, user=f"user {user}", call_id=f"call {user}")
            hub.feedback(f"call {user}", 0.5 + (user % 7) / 100, judge="people")
    return shop


def test_variants_are_told_side_by_side_with_a_verdict(calls, run):
    shown = run("variants", "answers")
    assert shown.returncode == 0, shown.stderr
    head, first, second, *rest = shown.stdout.splitlines()
    assert head.split()[:4] == ["variant", "weight", "calls", "users"]
    assert (first.split()[0], second.split()[0]) == ("control", "bigger")
    assert " of " in first
    assert "bigger against control" in rest
    assert any(line.startswith("  score: no difference shown, ") for line in rest), shown.stdout
    assert "  cost: worse, +$0.000" in shown.stdout, "the same tokens at a dearer model"


def test_json_holds_the_figures_and_the_comparisons(calls, run):
    told = json.loads(run("variants", "answers", "--json").stdout)
    assert (told["control"], told["sticky_by"]) == ("control", "user")
    assert sum(variant["calls"] for variant in told["variants"]) == 80
    assert all(
        low < variant["score"] < high for variant in told["variants"] for low, high in [variant["score_interval"]]
    )
    cost = next(one for one in told["comparisons"] if one["measure"] == "cost")
    assert (cost["variant"], cost["verdict"]) == ("bigger", "worse")


def test_feedback_can_be_chosen_by_its_labels(calls, run):
    told = json.loads(run("variants", "answers", "--label", "judge=nobody", "--json").stdout)
    assert [variant["scored"] for variant in told["variants"]] == [0, 0]
    assert run("variants", "answers", "--label", "people").returncode == 2


def test_without_statistics_all_else_is_told_and_what_to_install(calls, run, monkeypatch):
    monkeypatch.setattr("llmhub.spend.comparison.statistics_installed", lambda: False)
    shown = run("variants", "answers")
    assert "pip install 'llmhub[stats]'" in shown.stdout
    assert "control" in shown.stdout
    assert json.loads(run("variants", "answers", "--json").stdout)["comparisons"] is None


def test_an_unknown_role_is_told_with_the_nearest(shop, run):
    ended = run("variants", "answer")
    assert ended.returncode == 1
    assert "Did you mean 'answers'?" in ended.stderr


def test_a_role_without_calls_says_so(shop, run):
    ended = run("variants", "spare")
    assert (ended.returncode, ended.stdout.strip()) == (0, "No calls of spare with a variant are recorded.")


def test_health_tells_how_each_target_did_and_ends_with_3_where_a_role_has_none_left(shop, run):
    with Hub(shop) as hub:
        hub.completion("spare", HELLO)
        for _ in range(2):
            with pytest.raises(Exception, match="500"):
                hub.completion("broken", HELLO)
    shown = run("health")
    assert shown.returncode == 3
    assert "open, 2 failures in a row" in shown.stdout
    assert "2 ProviderError" in shown.stdout
    assert "broken: every target of it fails." in shown.stdout
    told = json.loads(run("health", "--json").stdout)
    assert told["failing_roles"] == ["broken"]
    by_target = {one["target"]: one for one in told["targets"]}
    assert by_target["openai:gpt-4.1"]["circuit"] == "closed"
    assert by_target["openai:gpt-4o"] == {
        "target": "openai:gpt-4o",
        "roles": ["answers"],
        "attempts": 0,
        "circuit": None,
    }


def test_health_without_calls_knows_nothing_and_complains_of_nothing(shop, run):
    shown = run("health", "--since", "1h")
    assert shown.returncode == 0
    assert "No attempts are recorded in that time." in shown.stdout
