"""How targets stand by what a ledger saw of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from llmhub.records.config import Circuit
from llmhub.records.spending import AttemptEntry, LedgerEntry
from llmhub.spend.sightings import Sighting, sightings

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CIRCUIT = Circuit(failures=3, cooldown=10)


def entry(second: int, *outcomes: str | None) -> LedgerEntry:
    """A call that began so many seconds after noon; of each attempt the class of its error, `None` for an answer."""
    return LedgerEntry(
        call_id=str(second),
        at=NOON + timedelta(seconds=second),
        project="p",
        environment="dev",
        role="r",
        provider="openai",
        model="m",
        mode="chat",
        method="completion",
        status="ok",
        latency=1.0,
        attempts=tuple(
            AttemptEntry(
                number=number,
                provider="openai",
                model="m",
                status="failed" if error else "ok",
                error_class=error,
                duration=0.5,
                began=0.1 * number,
            )
            for number, error in enumerate(outcomes, start=1)
        ),
    )


def seen(*entries: LedgerEntry, now: int = 60) -> Sighting:
    return sightings(entries, CIRCUIT, NOON + timedelta(seconds=now))["openai:m"]


def test_attempts_are_counted_and_their_errors_by_class() -> None:
    one = seen(entry(0, "RateLimitError", "ProviderError", None), entry(1, None))
    assert (one.attempts, one.failed, one.errors) == (4, 2, {"RateLimitError": 1, "ProviderError": 1})
    assert one.latency(0.5) == 0.5
    assert one.last_success == NOON + timedelta(seconds=1.6)
    assert one.last_error == "ProviderError"


@pytest.mark.parametrize(
    ("outcomes", "now", "state"),
    [
        (["ProviderError"] * 2, 3, "closed"),
        (["ProviderError"] * 3, 3, "open"),
        (["ProviderError"] * 3, 60, "half_open"),
        (["ProviderError", "CallTimeoutError", "UnreachableError", None], 4, "closed"),
        (["ProviderError", "ProviderError", "RateLimitError", "ProviderError"], 4, "closed"),
        (["ProviderError", "ProviderError", "ProviderBusyError", "ProviderError"], 4, "open"),
    ],
)
def test_the_state_is_what_a_circuit_would_make_of_it(outcomes: list[str | None], now: int, state: str) -> None:
    assert seen(*(entry(second, outcome) for second, outcome in enumerate(outcomes)), now=now).state == state


def test_a_circuit_that_is_switched_off_opens_never() -> None:
    entries = [entry(second, "ProviderError") for second in range(30)]
    assert sightings(entries, Circuit(failures=0), NOON)["openai:m"].state == "closed"


def test_attempts_that_were_never_sent_say_nothing() -> None:
    assert sightings([entry(0)], CIRCUIT, NOON) == {}
