"""How fast the models that a ledger saw answer, made comparable, and the file that keeps it. Pure.

An answer's time depends on its length, and roles ask for answers of different lengths. So for each model a line is laid
through the calls, seconds over tokens of text, and read off at one length for all. What a model thinks before it writes
is no text: it lifts the whole line, as it should. The line is that of the median slope (Theil 1950, Sen 1968), which a
few calls that hung do not move.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from statistics import median

from llmhub.config.converter import unstructure
from llmhub.config.emit import dump_document
from llmhub.records.measurements import Latency, Measurements
from llmhub.records.spending import AttemptEntry, LedgerEntry

NOMINAL_TOKENS = 256
"""The length of answer at which models are compared."""

NEAR = (NOMINAL_TOKENS // 2, NOMINAL_TOKENS * 2)
"""Of lengths seen, one must lie within, or some below and some above: a line is not drawn on into the unknown."""

LEAST_CALLS = 20
"""Fewer calls measure nothing."""

MOST_CALLS = 200
"""Of more calls the newest count: how fast a provider is changes by the week."""

HEADER = """How fast the models answered this project, by its ledger; beside the spec, `llmhub generate` chooses by it.
`llmhub generate --measure` renews it. `seconds`: for an answer of 256 tokens; for an embedding, of a call."""

_Sample = tuple[int, float]


def measured(entries: Iterable[LedgerEntry], *, until: str, days: int) -> Measurements:
    """What *entries*, in the order of the ledger, show of every model that answered often enough."""
    samples: dict[str, list[_Sample]] = {}
    embeddings: dict[str, list[float]] = {}
    for entry in entries:
        for attempt in _answers(entry):
            target = f"{attempt.provider}:{attempt.model}"
            if entry.mode == "embedding":
                embeddings.setdefault(target, []).append(attempt.duration)
            elif (length := _text_tokens(attempt)) is not None:
                samples.setdefault(target, []).append((length, attempt.duration))
    latency = {
        **{target: _latency(_at_nominal(found[-MOST_CALLS:]), len(found)) for target, found in samples.items()},
        **{target: _latency(median(found[-MOST_CALLS:]), len(found)) for target, found in embeddings.items()},
    }
    known = {target: one for target, one in sorted(latency.items()) if one is not None}
    return Measurements(until=until, days=days, latency=known)


def _latency(seconds: float | None, calls: int) -> Latency | None:
    if seconds is None or seconds <= 0 or calls < LEAST_CALLS:
        return None
    # Two digits: a third would change from day to day, and say nothing.
    return Latency(seconds=float(f"{seconds:.2g}"), calls=min(calls, MOST_CALLS))


def _answers(entry: LedgerEntry) -> Iterator[AttemptEntry]:
    if not entry.cached and entry.mode in ("chat", "embedding"):
        yield from (attempt for attempt in entry.attempts if attempt.status == "ok" and attempt.duration > 0)


def _text_tokens(attempt: AttemptEntry) -> int | None:
    usage = attempt.usage
    if usage is None or usage.output_tokens is None:
        return None
    return max(usage.output_tokens - (usage.reasoning_tokens or 0), 0)


def _at_nominal(samples: Sequence[_Sample]) -> float | None:
    """Seconds at the nominal length; `None` where the lengths seen say nothing about it."""
    lengths = [length for length, _ in samples]
    low, high = NEAR
    if not (min(lengths) <= NOMINAL_TOKENS <= max(lengths) or any(low <= length <= high for length in lengths)):
        return None
    slopes = [
        (seconds - before) / (length - shorter)
        for (shorter, before), (length, seconds) in combinations(samples, 2)
        if length != shorter
    ]
    slope = max(median(slopes), 0.0) if slopes else 0.0
    return median(seconds + slope * (NOMINAL_TOKENS - length) for length, seconds in samples)


# --- the file -------------------------------------------------------------------------------------------------------


def render(measurements: Measurements) -> str:
    """The text of `llmhub.measured.yaml`: the same measurements give the same bytes."""
    return dump_document(unstructure(measurements), header_comment=HEADER)


def fingerprint(measurements: Measurements | None) -> str | None:
    """16 hexadecimal digits over every value; `None` where nothing was measured."""
    if measurements is None:
        return None
    canonical = json.dumps(unstructure(measurements), separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def slower_or_faster(
    before: Measurements | None, now: Measurements, factor: float = 1.5
) -> Mapping[str, tuple[Latency | None, Latency]]:
    """The models whose time is *factor* times another than *before*, or was not known; by canonical id."""
    known = before.latency if before else {}
    return {
        model: (known.get(model), latency)
        for model, latency in now.latency.items()
        if (old := known.get(model)) is None or not 1 / factor < latency.seconds / old.seconds < factor
    }
