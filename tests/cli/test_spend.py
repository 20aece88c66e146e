"""`llmhub spend`: over calls that a Hub made to the loopback provider."""

import csv
import io
import json
from decimal import Decimal

import pytest

from llmhub import Hub
from llmhub.records.spending import BudgetState
from llmhub.spend.forecast import forecast

HELLO = [{"role": "user", "content": "Hello there"}]


@pytest.fixture
def calls(config, monkeypatch, tmp_path, keys):
    """Two chat calls, one embedding and one failure, recorded where the command looks."""
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    with Hub(config) as hub:
        for _ in range(2):
            hub.completion("llm.answers", HELLO, user="ada.lovelace", labels={"tenant": "acme"})
        hub.embedding("llm.embedding", "Hello there")
        with pytest.raises(Exception, match="model"):
            hub.completion("llm.thinking", HELLO, max_tokens=5, model="fault-404")
    return config


def test_the_table_tells_calls_tokens_and_cost_by_role(calls, run, keys):
    shown = run("spend", **keys)
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert lines[0].split() == ["role", "calls", "failed", "tokens", "in", "tokens", "out", "unpriced", "cost"]
    row = next(line.split() for line in lines if line.startswith("llm.answers"))
    assert row[1:3] == ["2", "0"]
    assert row[-1].startswith("$0.00000")
    assert "in 4 calls" in lines[-1]


@pytest.mark.parametrize(
    ("by", "keys_expected"),
    [
        ("role", {"llm.answers", "llm.embedding", "llm.thinking"}),
        ("provider", {"openai", "anthropic"}),
        ("environment", {"dev"}),
        ("variant", {None}),
    ],
)
def test_json_adds_up_to_the_last_digit(calls, run, keys, by, keys_expected):
    told = json.loads(run("spend", "--by", by, "--json", **keys).stdout)
    assert {total["key"] for total in told["totals"]} == keys_expected
    assert sum(Decimal(total["cost"]) for total in told["totals"]) == Decimal(told["sum"]) > 0
    assert sum(total["calls"] for total in told["totals"]) == 4


def test_since_leaves_out_what_was_before(calls, run, keys):
    assert json.loads(run("spend", "--since", "1h", "--json", **keys).stdout)["totals"]
    assert json.loads(run("spend", "--until", "2020-01-01", "--json", **keys).stdout)["totals"] == []
    wrong = run("spend", "--since", "yesterday", **keys)
    assert wrong.returncode == 2
    assert "30m, 24h, 7d, 2w" in wrong.stderr


def test_tail_shows_the_last_calls_one_to_a_line(calls, run, keys):
    lines = run("spend", "tail", "-n", "2", **keys).stdout.splitlines()
    assert len(lines) == 2
    assert "llm.thinking" in lines[-1]
    assert "Error" in lines[-1]


def test_export_writes_every_call_with_its_attempts(calls, run, keys, project):
    done = run("spend", "export", "-o", "calls.jsonl", **keys)
    assert "4 calls written" in done.stderr
    exported = [json.loads(line) for line in (project / "calls.jsonl").read_text().splitlines()]
    first = exported[0]
    assert (first["role"], first["status"], first["labels"]) == ("llm.answers", "ok", {"tenant": "acme"})
    assert first["attempts"][0]["model"] == "gpt-4o-mini"
    assert (first["prompt"], first["answer"]) == (None, None)
    assert "lovelace" not in json.dumps(exported), "users are told apart, and not named"
    rows = list(csv.DictReader(io.StringIO(run("spend", "export", "--format", "csv", **keys).stdout)))
    assert [row["call_id"] for row in rows] == [call["call_id"] for call in exported]
    assert Decimal(rows[0]["cost"]) == Decimal(first["cost"]["dollars"])


def test_without_calls_it_says_so(config, run, keys):
    shown = run("spend", **keys)
    assert (shown.returncode, shown.stdout.strip()) == (0, "No calls are recorded yet.")


def test_a_project_that_keeps_no_record_is_told_where_that_stands(config, run, keys):
    config.write_text(config.read_text() + "ledger: none\n")
    shown = run("spend", **keys)
    assert shown.returncode == 1
    assert "ledger: none" in shown.stderr


# --- budget ---------------------------------------------------------------------------------------------------------


def test_budget_shows_what_is_spent_of_each(config, run, keys, monkeypatch, tmp_path):
    config.write_text(
        config.read_text()
        + "budgets:\n  all: {limit: 5, window: day}\n  answers: {limit: '0.5', role: llm.answers, on_exceed: warn}\n"
    )
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    with Hub(config) as hub:
        hub.completion("llm.answers", HELLO, max_tokens=20)
        hub.embedding("llm.embedding", "Hello there")
    whole, answers = json.loads(run("budget", "--json", **keys).stdout)
    assert (whole["name"], whole["window"], whole["limit"], whole["held"]) == ("all", "day", "5", "0")
    assert Decimal(whole["spent"]) > Decimal(answers["spent"]) > 0
    assert answers["scope"] == "role llm.answers"
    shown = run("budget", **keys)
    assert shown.stdout.splitlines()[1].split()[:4] == ["all", "all", "calls", "day"]


def test_without_budgets_it_says_how_to_set_some(config, run, keys):
    shown = run("budget", **keys)
    assert "Set some under `budgets`" in shown.stdout


def test_the_forecast_goes_on_at_the_pace_so_far():
    from datetime import UTC, datetime

    began, ends = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    state = BudgetState(name="b", window="month", limit=Decimal(100), spent=Decimal(30), began_at=began, resets_at=ends)
    assert forecast(state, datetime(2026, 11, 10, tzinfo=UTC)) == Decimal(100)
    assert forecast(state, datetime(2026, 11, 1, 1, tzinfo=UTC)) is None
    assert forecast(BudgetState(name="b", window="total", limit=Decimal(1), spent=Decimal(1)), ends) is None
