"""How fast models answer, from the calls that a ledger kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.load import load_measurements
from llmhub.errors import InvalidFileError
from llmhub.generate.measured import (
    LEAST_CALLS,
    MOST_CALLS,
    NOMINAL_TOKENS,
    fingerprint,
    measured,
    render,
    slower_or_faster,
)
from llmhub.records.calls import Usage
from llmhub.records.measurements import Latency, Measurements
from llmhub.records.spending import AttemptEntry, LedgerEntry

Entry = Callable[..., LedgerEntry]


def entry(seconds: float, tokens: int | None = NOMINAL_TOKENS, *, thought: int = 0, **facts: Any) -> LedgerEntry:
    """One call that its first target answered."""
    usage = None if tokens is None else Usage(output_tokens=tokens + thought, reasoning_tokens=thought or None)
    status = facts.pop("attempt_status", "ok")
    tried = AttemptEntry(number=1, provider="openai", model="m", status=status, duration=seconds, usage=usage)
    known: dict[str, Any] = {"mode": "chat", "method": "completion", "status": "ok", "cached": False}
    return LedgerEntry(
        call_id="c",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        project="p",
        environment="dev",
        role="r",
        provider="openai",
        model="m",
        latency=seconds,
        attempts=(tried,),
        **{**known, **facts},
    )


def seconds_of(entries: list[LedgerEntry]) -> float | None:
    found = measured(entries, until="2026-11-20", days=30).latency.get("openai:m")
    return found.seconds if found else None


@given(start=st.floats(0.1, 5), per_token=st.floats(0.001, 0.05), lengths=st.lists(st.integers(10, 2000), min_size=20))
def test_models_are_compared_at_one_length_of_answer(start: float, per_token: float, lengths: list[int]) -> None:
    """Roles ask for long and for short answers; that makes no model slow."""
    lengths = [*lengths, 100, 400]
    expected = start + per_token * NOMINAL_TOKENS
    assert seconds_of([entry(start + per_token * length, length) for length in lengths]) == pytest.approx(
        expected, rel=0.06
    )


def test_what_a_model_thinks_before_it_writes_counts_as_time_and_not_as_text() -> None:
    assert seconds_of([entry(9.0, thought=3000)] * LEAST_CALLS) == 9.0


def test_a_few_calls_that_hung_change_nothing() -> None:
    usual = [entry(1.0 + length / 1000, length) for length in range(100, 400, 10)]
    assert seconds_of([*usual, *[entry(60.0, 300)] * 3]) == pytest.approx(seconds_of(usual), rel=0.1)


@pytest.mark.parametrize(
    ("why", "entries"),
    [
        ("too few calls", [entry(1.0)] * (LEAST_CALLS - 1)),
        ("only short answers", [entry(0.2, 5)] * 50),
        ("nobody knows how long the answers were", [entry(1.0, None)] * 50),
        ("answers out of the cache", [entry(0.001, cached=True)] * 50),
        ("attempts that failed", [entry(1.0, attempt_status="failed")] * 50),
        ("pictures", [entry(1.0, mode="image")] * 50),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_measured_where_calls_tell_too_little(why: str, entries: list[LedgerEntry]) -> None:
    assert seconds_of(entries) is None, why


def test_an_embedding_takes_what_its_call_takes() -> None:
    assert seconds_of([entry(0.2, None, mode="embedding")] * LEAST_CALLS) == 0.2


def test_of_many_calls_the_newest_count() -> None:
    found = measured([entry(9.0)] * 500 + [entry(1.0)] * MOST_CALLS, until="2026-11-20", days=30)
    assert found.latency == {"openai:m": Latency(seconds=1.0, calls=MOST_CALLS)}


KNOWN = Measurements(until="2026-11-20", days=30, latency={"openai:m": Latency(seconds=0.84, calls=120)})


def test_the_file_says_what_was_measured_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "llmhub.measured.yaml"
    path.write_text(render(KNOWN), encoding="utf-8")
    assert load_measurements(path) == KNOWN
    assert render(KNOWN) == render(load_measurements(path))


def test_a_faulty_file_is_told_whole_with_places_and_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "llmhub.measured.yaml"
    models = '  "openai:m": {seconds: -1, calls: many}\n  "openai:n": {second: 1, calls: 30}\n'
    text = f"until: soon\ndays: 0\nlatency:\n{models}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        load_measurements(path)
    told = str(caught.value)
    assert "1:8" in told
    assert "a day, such as 2026-11-20" in told
    assert len(caught.value.problems) >= 5
    assert "Did you mean 'seconds'?" in told or "did you mean 'seconds'" in told.lower()


def test_other_measurements_have_another_fingerprint() -> None:
    other = Measurements(until="2026-11-20", days=30, latency={"openai:m": Latency(seconds=0.85, calls=120)})
    assert fingerprint(KNOWN) == fingerprint(KNOWN) != fingerprint(other)
    assert fingerprint(None) is None


def test_only_a_notable_change_of_speed_is_told() -> None:
    def now(seconds: float) -> Measurements:
        return Measurements(until="2026-11-23", days=30, latency={"openai:m": Latency(seconds=seconds, calls=50)})

    assert slower_or_faster(KNOWN, now(0.9)) == {}
    assert slower_or_faster(KNOWN, now(2.0)).keys() == {"openai:m"}
    assert slower_or_faster(KNOWN, now(0.3)).keys() == {"openai:m"}
    assert slower_or_faster(None, now(0.9))["openai:m"][0] is None
