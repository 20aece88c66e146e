"""Entries as rows of a table, and back. Times are microseconds since 1970, costs whole numbers of 10^-12 dollars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from llmhub.builtin.sqlite_ledger.database import dollars, units
from llmhub.records.calls import Feedback, Usage
from llmhub.records.foreign import shown
from llmhub.records.shape import checked
from llmhub.records.spending import AttemptEntry, Cost, LedgerEntry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

USAGE_COLUMNS = (
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "reasoning_tokens",
    "audio_input_tokens",
    "audio_output_tokens",
)
COST_COLUMNS = ("cost", "cost_source", "cost_complete", "cost_at_most", "cost_note")
_CALL = (
    "call_id",
    "project",
    "environment",
    "role",
    "variant",
    "provider",
    "model",
    "mode",
    "method",
    "status",
    "error_class",
    "stream",
    "cached",
    "latency",
    "time_to_first_chunk",
    "user_hash",
    "prompt",
    "answer",
)
_ATTEMPT = ("number", "provider", "model", "status", "duration", "began", "status_code", "error_class")
CALL_COLUMNS = (*_CALL, "at", "labels", *USAGE_COLUMNS, *COST_COLUMNS)
ATTEMPT_COLUMNS = ("call_id", *_ATTEMPT, *USAGE_COLUMNS, *COST_COLUMNS)

_call_values = attrgetter(*_CALL)
_attempt_values = attrgetter(*_ATTEMPT)
_usage_values = attrgetter(*USAGE_COLUMNS)
_NO_USAGE = (None,) * len(USAGE_COLUMNS)


def call_row(entry: LedgerEntry) -> Sequence[Any]:
    """The values of `CALL_COLUMNS`."""
    return (*_call_values(entry), microseconds(entry.at), _json(entry.labels), *_used(entry.usage), *_paid(entry.cost))


def attempt_row(call_id: str, attempt: AttemptEntry) -> Sequence[Any]:
    """The values of `ATTEMPT_COLUMNS`."""
    return (call_id, *_attempt_values(attempt), *_used(attempt.usage), *_paid(attempt.cost))


def feedback_row(feedback: Feedback) -> Sequence[Any]:
    now = microseconds(datetime.now(UTC))
    return (
        now,
        feedback.call_id,
        feedback.score,
        _json(feedback.labels),
        feedback.project,
        feedback.environment,
    )


def entry_of(row: Sequence[Any], attempts: Iterable[AttemptEntry]) -> LedgerEntry:
    """The entry of a row of `CALL_COLUMNS`.

    Raises:
        ValueError, TypeError, ArithmeticError: a value is none of its column.
    """
    values = dict(zip(CALL_COLUMNS, row, strict=True))
    own = {name: values[name] for name in _CALL}
    return checked(
        LedgerEntry(
            **{**own, "stream": _flag(own["stream"]), "cached": _flag(own["cached"])},
            at=_EPOCH + timedelta(microseconds=values["at"]),
            labels=_labels(values["labels"]),
            usage=_usage(values),
            cost=_cost(values),
            attempts=tuple(attempts),
        )
    )


def attempt_of(row: Sequence[Any]) -> AttemptEntry:
    """The attempt of a row of `ATTEMPT_COLUMNS`."""
    values = dict(zip(ATTEMPT_COLUMNS, row, strict=True))
    return AttemptEntry(**{name: values[name] for name in _ATTEMPT}, usage=_usage(values), cost=_cost(values))


def feedback_of(row: Sequence[Any]) -> Feedback:
    call_id, score, written, project, environment = row
    labels = _labels(written)
    return checked(Feedback(call_id=call_id, score=score, labels=labels, project=project, environment=environment))


def microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _used(usage: Usage | None) -> Sequence[Any]:
    return _NO_USAGE if usage is None else _usage_values(usage)


def _paid(cost: Cost) -> Sequence[Any]:
    return (
        None if cost.dollars is None else units(cost.dollars),
        cost.source,
        cost.complete,
        None if cost.at_most is None else units(cost.at_most),
        cost.note,
    )


def _usage(values: Mapping[str, Any]) -> Usage | None:
    told = {name: values[name] for name in USAGE_COLUMNS}
    provider_cost = dollars(values["cost"]) if values["cost_source"] == "provider" else None
    if provider_cost is None and all(value is None for value in told.values()):
        return None
    return Usage(**told, cost=provider_cost)


def _cost(values: Mapping[str, Any]) -> Cost:
    return Cost(
        dollars=dollars(values["cost"]),
        source=values["cost_source"],
        complete=_flag(values["cost_complete"]),
        at_most=dollars(values["cost_at_most"]),
        note=values["cost_note"],
    )


def _flag(stored: Any) -> bool:
    if stored not in (0, 1):
        raise ValueError(f"{shown(stored)} is neither 0 nor 1")
    return bool(stored)


def _labels(written: str) -> Any:
    labels = json.loads(written)
    # Earlier versions wrote them as they were given, a number as a number.
    return {name: str(value) for name, value in labels.items()} if isinstance(labels, dict) else labels


def _json(labels: Mapping[str, str]) -> str:
    return json.dumps(dict(labels), ensure_ascii=False, default=str) if labels else "{}"
