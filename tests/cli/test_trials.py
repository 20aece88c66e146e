"""`llmhub test`, its ways beside one call per role: streamed, repeated, with keys from a file."""

import json
import os
import re
import sys

import pytest

from llmhub.cli.latencies import Percentiles, latencies
from llmhub.cli.trial import Trial
from llmhub.testing.counters import fingerprint

KEY = "sk-from-a-file-0123456789"


def test_all_calls_every_role_as_no_role_does(run, config, keys):
    rows = json.loads(run("test", "--all", "--json", **keys).stdout)
    assert [row["role"] for row in rows] == ["llm.answers", "llm.thinking", "llm.embedding"]


def test_all_and_a_role_at_once_are_wrong_usage(run, config, keys):
    ended = run("test", "--all", "--role", "llm.answers", **keys)
    assert ended.returncode == 2
    assert "not both" in ended.stderr


# --- keys from a file -----------------------------------------------------------------------------------------------


def test_keys_come_from_the_file_that_is_named_before_the_one_beside_the_configuration(
    run, config, project, tmp_path, provider_server
):
    (project / ".env").write_text("OPENAI_API_KEY=sk-beside\n", encoding="utf-8")
    named = tmp_path / "staging.env"
    named.write_text(f"OPENAI_API_KEY={KEY}\n", encoding="utf-8")
    ended = run("test", "--role", "llm.answers", "--env-file", str(named))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert KEY not in ended.stdout + ended.stderr
    (request,) = provider_server.requests
    assert request.headers["authorization"] == fingerprint(f"Bearer {KEY}".encode()).decode()


def test_a_named_file_of_keys_that_is_not_there_is_wrong_usage(run, config):
    ended = run("test", "--env-file", "nowhere.env")
    assert ended.returncode == 2
    assert "nowhere.env" in ended.stderr


def test_a_line_of_the_named_file_that_makes_no_sense_is_told_by_number_alone(run, config, tmp_path):
    named = tmp_path / "staging.env"
    named.write_text(f"A=1\n{KEY} and more\n", encoding="utf-8")
    ended = run("test", "--env-file", str(named))
    assert ended.returncode == 1
    assert "staging.env: not NAME=value in line 2" in ended.stderr
    assert KEY not in ended.stdout + ended.stderr


# --- streamed -------------------------------------------------------------------------------------------------------


def test_a_streamed_answer_is_shown_with_the_time_to_its_first_token_and_its_usage(run, config, keys, provider_server):
    ended = run("test", "--stream", "--role", "llm.answers", "--role", "llm.embedding", "--prompt", "Well?", **keys)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Well?" in ended.stdout
    assert re.search(r"first token +0\.\d+ s", ended.stdout)
    assert re.search(r"tokens +\d+ in, \d+ out", ended.stdout)
    assert "a vector of 64 numbers" in ended.stdout
    assert provider_server.requests[0].json["stream"] is True


def test_a_stream_in_json_says_when_the_first_token_came(run, config, keys):
    (row,) = json.loads(run("test", "--stream", "--role", "llm.answers", "--json", **keys).stdout)
    assert 0 < row["seconds_to_first_token"] <= row["seconds"]
    assert row["answer"]


def test_a_stream_of_every_dialect_tells_its_tokens(run, config, keys):
    rows = json.loads(
        run("test", "--stream", "--role", "llm.answers", "--role", "llm.thinking", "--json", **keys).stdout
    )
    assert [row["ok"] for row in rows] == [True, True]
    assert all(row["input_tokens"] and row["output_tokens"] for row in rows), rows


def test_a_stream_that_is_cut_shows_what_came_and_fails(run, config, keys, provider_server):
    provider_server.reply("gpt-4o-mini", "one two three four five six")
    provider_server.always("gpt-4o-mini", "cut-3")
    ended = run("test", "--stream", "--role", "llm.answers", **keys)
    assert ended.returncode == 3
    assert "one" in ended.stdout
    assert "FAILED: " in ended.stdout
    assert "ok" not in ended.stdout


def test_the_pieces_of_an_answer_appear_while_it_is_still_coming(config, keys, project, provider_server, tmp_path):
    pexpect = pytest.importorskip("pexpect", reason="pexpect needs a Unix terminal", exc_type=ImportError)
    provider_server.reply("gpt-4o-mini", "first second third fourth")
    provider_server.always("gpt-4o-mini", "pace-0.2")
    environ = {**os.environ, **keys, "LLMHUB_CACHE_DIR": str(tmp_path / "cache"), "LLMHUB_OFFLINE": "1"}
    program = ["-m", "llmhub", "test", "--stream", "--role", "llm.answers"]
    child = pexpect.spawn(sys.executable, program, cwd=str(project), env=environ, encoding="utf-8", timeout=30)
    try:
        child.expect("first")
        shown = child.before + child.after
        # Had the answer been kept back until its end, all of it would have been written at once.
        assert "fourth" not in shown + (child.buffer or "")
        child.expect("fourth")
        child.expect("answered by")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)


# --- repeated -------------------------------------------------------------------------------------------------------


def test_repeated_calls_come_as_latencies_errors_by_class_and_cost(run, config, keys, provider_server):
    run("catalog", "refresh")
    provider_server.script("gpt-4o-mini", ["ok", "503", "429", "ok"])
    ended = run("test", "--repeat", "6", "--role", "llm.answers", "--json", **keys)
    assert ended.returncode == 3
    (row,) = json.loads(ended.stdout)
    assert (row["calls"], row["answered"]) == (6, 4)
    assert row["errors"] == {"ProviderError": 1, "RateLimitError": 1}
    assert 0 < row["seconds_to_first_token"]["p50"] <= row["seconds"]["p50"] <= row["seconds"]["p95"]
    assert row["served"] == {"openai:gpt-4o-mini": 4}
    assert float(row["cost_dollars"]) > 0
    assert row["unpriced_calls"] == 2
    assert provider_server.counts.requests == 6


def test_repeated_calls_are_told_on_a_screen(run, config, keys, provider_server):
    ended = run("test", "--repeat", "3", "--role", "llm.answers", "--role", "llm.embedding", **keys)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "llm.answers  3 of 3 calls answered" in ended.stdout
    assert re.search(r"first token +p50 \d\.\d{3}, p95 \d\.\d{3}", ended.stdout)
    assert "openai:gpt-4o-mini 3×" in ended.stdout
    assert "unpriced" in ended.stdout


def test_answers_of_a_fallback_count_for_it_and_what_failed_before_by_class(run, config, keys, provider_server):
    text = config.read_text(encoding="utf-8")
    fallback = "fallbacks: [{provider: openai, model: gpt-4.1}], retry: {attempts: 1}"
    config.write_text(text.replace("retry: {attempts: 1}", fallback, 1), encoding="utf-8")
    provider_server.always("gpt-4o-mini", "503")
    (row,) = json.loads(run("test", "--repeat", "2", "--role", "llm.answers", "--json", **keys).stdout)
    assert row["served"] == {"openai:gpt-4.1": 2}
    assert row["errors"] == {"ProviderError": 2}


def test_repeated_calls_ask_the_provider_each_time_though_the_role_keeps_answers(run, config, keys, provider_server):
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("mode: embedding", "mode: embedding, cache: {ttl: 60}"), encoding="utf-8")
    assert run("test", "--repeat", "3", "--role", "llm.embedding", **keys).returncode == 0
    assert provider_server.counts.requests == 3


def test_what_no_repetition_changes_is_tried_once(run, config):
    ended = run("test", "--repeat", "50", "--role", "llm.answers")
    assert ended.returncode == 1
    assert "llm.answers  0 of 1 calls answered" in ended.stdout
    assert "OPENAI_API_KEY is not set" in ended.stdout


@pytest.mark.parametrize("times", ["0", "201", "many"])
def test_repetitions_have_bounds(run, config, keys, times, provider_server):
    assert run("test", "--repeat", times, **keys).returncode == 2
    assert provider_server.counts.requests == 0


def test_percentiles_are_figures_that_were_measured():
    assert Percentiles.of([float(number) for number in range(100, 0, -1)]) == Percentiles(p50=50.0, p95=95.0)
    assert Percentiles.of([0.3]) == Percentiles(p50=0.3, p95=0.3)
    assert Percentiles.of([]) is None


def test_tokens_and_cost_that_nobody_told_stay_unknown():
    figures = latencies([Trial(role="r", ok=True, provider="p", model="m", seconds=1.0)])
    assert (figures.input_tokens, figures.output_tokens, figures.cost, figures.unpriced) == (None, None, None, 1)
    assert figures.seconds_to_first is None
