"""`llmhub upgrade`: what is better or cheaper now, and what became of the models in use."""

import functools
import json
from datetime import UTC, datetime, timedelta

import pytest

from llmhub import Hub

SPEC = """\
project: shop
providers: {openai: {}, anthropic: {}}
roles:
  answers: {kind: chat, preferences: {quality: high}}
  letters: {kind: chat, preferences: {providers: [anthropic]}}
"""


@pytest.fixture
def model(make_model):
    def model(name, *arguments, **facts):
        return make_model(name, *arguments, **facts)

    return model


@pytest.fixture
def before(model):
    return model("openai:gpt-6", (2.0, 8.0), 1400.0), model("anthropic:claude-sonnet-5", (3.0, 15.0), 1390.0)


@pytest.fixture
def better(model):
    """A model that is better, cheaper, sees images and takes more."""
    return model(
        "openai:gpt-7",
        (1.0, 4.0),
        1460.0,
        release_date="2026-09-01",
        context_tokens=400_000,
        input_modalities=("text", "image"),
    )


@pytest.fixture
def generated(run, project, stock, before):
    (project / "llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
    stock(*before)
    ended = run("generate")
    assert ended.returncode == 0, ended.stderr
    return project / "llmhub.yaml"


def upgrades(run, *arguments):
    ended = run("upgrade", "--json", *arguments)
    assert ended.returncode == 0, ended.stderr
    return {role["role"]: role for role in json.loads(ended.stdout)["roles"]}


def test_with_nothing_new_there_is_nothing_to_upgrade(run, generated):
    ended = run("upgrade")
    assert ended.returncode == 0
    assert "answers: openai:gpt-6, still the choice" in ended.stdout
    assert "Nothing to upgrade." in ended.stdout


def test_a_better_model_is_offered_with_what_it_costs_and_gains(run, generated, stock, before, better):
    stock(*before, better)
    answers = upgrades(run)["answers"]
    assert (answers["present"], answers["offered"]) == ("openai:gpt-6", "openai:gpt-7")
    effect = answers["effect"]
    assert effect["before"]["blended"] == pytest.approx((3 * 2 + 8) / 4)
    assert effect["after"]["blended"] == pytest.approx((3 * 1 + 4) / 4)
    assert effect["saving"] == pytest.approx(0.5)
    assert effect["gain"] == 60
    assert (effect["gained"], effect["lost"]) == (["vision"], [])
    assert answers["fit"]["after"] > answers["fit"]["before"]
    assert upgrades(run)["letters"]["offered"] is None
    shown = run("upgrade", "answers").stdout
    assert "cost: $3.50 -> $1.75 per million tokens, at 3 tokens in to 1 out (catalog.price_ratio)" in shown
    assert "score: 1400 -> 1460 (+60)" in shown
    assert "gains: vision" in shown
    assert "letters" not in shown


def test_the_mix_of_tokens_is_the_specs(run, generated, stock, before, better):
    spec = generated.with_name("llmhub.spec.yaml")
    spec.write_text(SPEC + "catalog: {price_ratio: 1}\n", encoding="utf-8")
    stock(*before, better)
    # Else this project, which has a ratio of its own, would make a catalog of its own.
    shared = functools.partial(run, LLMHUB_CATALOG_DIR=str(generated.parents[1] / "cache"))
    answers = upgrades(shared)["answers"]
    assert answers["mix"] == {"input_per_output": 1.0, "source": "catalog.price_ratio"}
    assert answers["effect"]["before"]["blended"] == pytest.approx(5.0)


class TestLedger:
    """Where calls were recorded, costs are those of the role's own traffic."""

    @pytest.fixture
    def recorded(self, tmp_path):
        """Keeps calls of the role `answers` in the default ledger: so many tokens in and out, so many days ago."""
        from llmhub.host import PluginHost
        from llmhub.records.calls import Usage
        from llmhub.records.config import HubConfig
        from llmhub.records.spending import LedgerEntry
        from llmhub.spend.opening import chosen_ledger, ledger_context

        def recorded(*calls):
            config = HubConfig(project="shop")
            environ = {"LLMHUB_CACHE_DIR": str(tmp_path / "cache")}
            store = chosen_ledger(PluginHost.from_environment({}), config).open(ledger_context(config, environ))
            store.write(
                [
                    LedgerEntry(
                        call_id=f"call-{number}",
                        at=datetime.now(UTC) - timedelta(days=days),
                        project="shop",
                        environment="dev",
                        role="answers",
                        provider="openai",
                        model="gpt-6",
                        mode="chat",
                        method="completion",
                        status="ok",
                        latency=1.0,
                        usage=Usage(input_tokens=tokens_in, output_tokens=tokens_out),
                    )
                    for number, (tokens_in, tokens_out, days) in enumerate(calls)
                ]
            )
            store.close()

        return recorded

    def test_the_mix_and_the_bill_are_those_of_the_last_30_days(self, run, generated, stock, before, better, recorded):
        recorded((900_000, 100_000, 1), (900_000, 100_000, 29), (1, 1_000_000, 31))
        stock(*before, better)
        answers = upgrades(run)["answers"]
        assert answers["mix"] == {"input_per_output": 9.0, "source": "the ledger, last 30 days"}
        assert answers["effect"]["before"]["blended"] == pytest.approx((9 * 2 + 8) / 10)
        assert answers["traffic"]["calls"] == 2
        assert answers["traffic"]["cost_before"] == pytest.approx(1.8 * 2 + 0.2 * 8)
        assert answers["traffic"]["cost_after"] == pytest.approx(1.8 * 1 + 0.2 * 4)
        shown = run("upgrade", "answers").stdout
        assert "at 9 tokens in to 1 out (the ledger, last 30 days)" in shown
        assert "bill: $5.20 -> $2.60 for the last 30 days (2 calls, 1,800,000 tokens in and 200,000 out)" in shown

    def test_without_calls_the_spec_says_the_mix_and_no_ledger_is_made(self, run, generated, tmp_path):
        assert upgrades(run)["answers"]["traffic"] is None
        assert not list((tmp_path / "cache").glob("ledger*"))

    def test_a_ledger_that_cannot_be_read_is_told_and_left_out(self, run, generated, stock, before, better, tmp_path):
        (tmp_path / "cache/ledger.db").write_text("no database", encoding="utf-8")
        stock(*before, better)
        ended = run("upgrade")
        assert ended.returncode == 0
        assert "the ledger is not read" in ended.stderr
        assert "(catalog.price_ratio)" in ended.stdout


def test_unknown_prices_and_scores_are_told_as_unknown(run, generated, stock, model):
    bare = model("openai:gpt-6", (2.0, 8.0), 1400.0, status="deprecated")
    unrated = {"arena_score": None, "arena_ci_low": None, "arena_ci_high": None}
    newer = model(
        "anthropic:claude-sonnet-5",
        price_state="included",
        price_input_per_million=0,
        price_output_per_million=0,
        **unrated,
    )
    stock(bare, newer)
    answers = upgrades(run)["answers"]
    assert answers["offered"] == "anthropic:claude-sonnet-5"
    assert (answers["effect"]["saving"], answers["effect"]["gain"]) == (None, None)
    shown = run("upgrade", "answers").stdout
    assert "cost: $3.50 -> unknown" in shown
    assert "score: 1400 -> unknown" in shown
    assert "fit to the role's preferences: could not be chosen ->" in shown


def test_a_deprecated_model_is_told_with_source_and_date(run, generated, stock, before, model):
    stock(model("openai:gpt-6", (2.0, 8.0), 1400.0, status="deprecated"), before[1])
    (event,) = upgrades(run)["answers"]["events"]
    assert event == {
        "kind": "deprecated",
        "model": "openai:gpt-6",
        "detail": "deprecated",
        "source": "models_dev",
        "date": "2026-11-20",
    }


def test_a_model_that_vanished_is_told_with_the_day(run, generated, stock, before, model):
    stock(model("openai:gpt-6", (2.0, 8.0), 1400.0, status="retired", retired_on="2026-11-02"), before[1])
    (event,) = upgrades(run)["answers"]["events"]
    assert (event["kind"], event["source"], event["date"]) == ("vanished", "models_dev", "2026-11-02")
    assert upgrades(run)["answers"]["offered"] == "anthropic:claude-sonnet-5"


def test_a_price_that_changed_since_is_told_by_the_catalog_of_then(run, generated, stock, before, model):
    stock(model("openai:gpt-6", (1.0, 8.0), 1400.0), before[1])
    (event,) = upgrades(run)["answers"]["events"]
    assert event["kind"] == "repriced"
    assert event["detail"] == "$2 in / $8 out before, $1 in / $8 out now"
    assert (event["source"], event["date"]) == ("models_dev", "2026-11-20")
    assert upgrades(run)["letters"]["events"] == []


def test_without_the_catalog_of_then_nothing_is_claimed_of_prices(run, generated, stock, before, model, tmp_path):
    stock(model("openai:gpt-6", (1.0, 8.0), 1400.0), before[1])
    for kept in (tmp_path / "cache/generations").iterdir():
        kept.unlink()
    told = json.loads(run("upgrade", "--json").stdout)
    assert not told["prices_compared"]
    assert told["roles"][0]["events"] == []
    assert "nothing can be said of prices that changed since" in run("upgrade").stdout


def test_apply_rewrites_only_what_is_due(run, generated, stock, before, better):
    text = generated.read_text(encoding="utf-8")
    letters = text[text.index("  letters:") :].replace("    mode: chat\n", "    mode: chat  # mine\n")
    generated.write_text(text[: text.index("  letters:")] + letters, encoding="utf-8")
    stock(*before, better)
    ended = run("upgrade", "--apply", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "-    model: gpt-6\n+    model: gpt-7\n" in ended.stdout
    after = generated.read_text(encoding="utf-8")
    assert "model: gpt-7\n" in after
    assert after.endswith(letters), "the other role stays to the letter"


def test_after_apply_the_file_counts_as_neither_edited_nor_up_to_date_by_the_new_catalog(
    run, generated, stock, before, better, model
):
    better_writer = model("anthropic:claude-sonnet-6", (1.0, 4.0), 1470.0, release_date="2026-09-01")
    stock(*before, better, better_writer)
    run("upgrade", "letters", "--apply", "--yes")
    assert json.loads(run("generate", "--check", "--json").stdout)["causes"] == ["catalog"]
    run("upgrade", "--apply", "--yes")
    assert run("generate", "--check").returncode == 0


def test_off_a_terminal_apply_needs_yes(run, generated, stock, before, better):
    stock(*before, better)
    text = generated.read_text(encoding="utf-8")
    ended = run("upgrade", "--apply")
    assert ended.returncode == 1
    assert "--yes" in ended.stderr
    assert run("upgrade", "--apply", "--json").returncode == 2
    assert generated.read_text(encoding="utf-8") == text
    assert json.loads(run("upgrade", "--apply", "--json", "--yes").stdout)["applied"] == ["answers"]


def test_a_pinned_role_is_offered_nothing_and_told_of_its_end(run, generated, stock, before, better, model):
    text = generated.read_text(encoding="utf-8")
    generated.write_text(text.replace("    model: gpt-6\n", "    model: gpt-6\n    pinned: true\n"), encoding="utf-8")
    stock(model("openai:gpt-6", (2.0, 8.0), 1400.0, status="deprecated"), before[1], better)
    answers = upgrades(run)["answers"]
    assert (answers["pinned"], answers["offered"]) == (True, None)
    assert answers["events"][0]["kind"] == "deprecated"
    assert json.loads(run("upgrade", "--apply", "--yes", "--json").stdout)["applied"] == []


def test_a_role_that_is_not_there_names_the_nearest(run, generated):
    ended = run("upgrade", "anwers")
    assert ended.returncode == 1
    assert "Did you mean 'answers'?" in ended.stderr


def test_without_a_configuration_the_command_that_makes_one_is_named(run, project, stock, before):
    (project / "llmhub.spec.yaml").write_text(SPEC, encoding="utf-8")
    stock(*before)
    ended = run("upgrade")
    assert ended.returncode == 1
    assert "llmhub generate" in ended.stderr


class TestStatus:
    def test_it_says_in_a_line_that_the_catalog_moved_on(self, run, generated, stock, before, better):
        assert json.loads(run("status", "--json").stdout)["attention"] == []
        stock(*before, better)
        assert "`llmhub upgrade` says what that offers" in run("status").stdout

    def test_it_names_models_that_are_on_their_way_out(self, run, generated, stock, before, model):
        stock(model("openai:gpt-6", status="deprecated"), before[1])
        assert "openai:gpt-6 is deprecated: `llmhub upgrade`" in run("status").stdout

    def test_it_says_that_the_spec_changed(self, run, generated):
        spec = generated.with_name("llmhub.spec.yaml")
        spec.write_text(SPEC.replace("quality: high", "quality: low"), encoding="utf-8")
        assert "the spec changed since" in run("status").stdout


def test_the_bill_of_real_calls_is_told_at_both_prices(
    run, project, stock, before, better, provider_server, monkeypatch, tmp_path
):
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    spec = SPEC.replace("openai: {}", f"openai: {{api_base: '{provider_server.openai_base}'}}")
    (project / "llmhub.spec.yaml").write_text(spec, encoding="utf-8")
    stock(*before)
    assert run("generate").returncode == 0
    with Hub(project / "llmhub.yaml") as hub:
        used = [hub.completion("answers", [{"role": "user", "content": "Hello there"}]).usage for _ in range(3)]
    given, made = sum(one.prompt_tokens for one in used), sum(one.completion_tokens for one in used)
    stock(*before, better)
    traffic = upgrades(run)["answers"]["traffic"]
    assert (traffic["calls"], traffic["input_tokens"], traffic["output_tokens"]) == (3, given, made)
    assert traffic["cost_before"] == pytest.approx((given * 2 + made * 8) / 1e6)
    assert traffic["cost_after"] == pytest.approx((given * 1 + made * 4) / 1e6)
    shown = run("upgrade").stdout
    assert f" for the last 30 days (3 calls, {given} tokens in and {made} out)" in shown
    assert "bill: $0.000" in shown, "less than a cent is not nothing"
