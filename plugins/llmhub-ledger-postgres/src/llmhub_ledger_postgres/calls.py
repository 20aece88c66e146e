"""Calls in PostgreSQL: a row per call, a row per attempt, a row per feedback."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from psycopg.types.json import Jsonb

from llmhub.records.calls import Feedback, Usage
from llmhub.records.spending import AttemptEntry, Cost, LedgerEntry, SpendKey, SpendQuery, SpendTotal
from llmhub_ledger_postgres.database import Database
from llmhub_ledger_postgres.migrations import MIGRATIONS

_USAGE = (
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
_COST = ("cost", "cost_source", "cost_complete", "cost_at_most", "cost_note")
_CALL = (
    *("call_id", "at", "project", "environment", "role", "variant", "provider", "model", "mode", "method", "status"),
    *("error_class", "stream", "cached", "latency", "time_to_first_chunk", "user_hash", "prompt", "answer"),
)
_ATTEMPT = ("number", "provider", "model", "status", "duration", "began", "status_code", "error_class")
_CALL_COLUMNS = (*_CALL, "labels", *_USAGE, *_COST)
_ATTEMPT_COLUMNS = ("call_id", *_ATTEMPT, *_USAGE, *_COST)
_PAGE = 1000

_KEYS: Mapping[SpendKey, str] = {
    "role": "role",
    "model": "provider || ':' || model",
    "provider": "provider",
    "variant": "variant",
    "environment": "environment",
    "day": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}


class PostgresLedger:
    """`LedgerStore` at *url*."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, MIGRATIONS)

    def write(self, entries: Sequence[LedgerEntry | Feedback]) -> None:
        calls = [entry for entry in entries if isinstance(entry, LedgerEntry)]
        attempts = [(call.call_id, attempt) for call in calls for attempt in call.attempts]
        told = [entry for entry in entries if isinstance(entry, Feedback)]

        def act(cursor: Any) -> None:
            cursor.executemany(_insert("calls", _CALL_COLUMNS), [_call_row(call) for call in calls])
            cursor.executemany(_insert("attempts", _ATTEMPT_COLUMNS), [_attempt_row(*each) for each in attempts])
            cursor.executemany(
                _insert("feedback", ("call_id", "score", "labels", "project", "environment")),
                [(each.call_id, each.score, Jsonb(dict(each.labels)), each.project, each.environment) for each in told],
            )

        self._database.transact(act)

    def entries(self, query: SpendQuery, after: int = 0) -> Iterator[tuple[int, LedgerEntry]]:
        while page := self._database.transact(functools.partial(_page, query=query, after=after)):
            yield from page
            after = page[-1][0]

    def last_position(self) -> int:
        sql = "SELECT coalesce(max(position), 0) FROM calls"
        position: int = self._database.transact(lambda cursor: _one(cursor.execute(sql)))
        return position

    def totals(self, by: SpendKey, query: SpendQuery) -> Sequence[SpendTotal]:
        where, values = _where(query)
        sql = f"""SELECT {_KEYS[by]} AS key, count(*), count(*) FILTER (WHERE status <> 'ok'),
            count(*) FILTER (WHERE cost IS NULL), count(*) FILTER (WHERE cost IS NOT NULL AND NOT cost_complete),
            coalesce(sum(input_tokens), 0)::bigint, coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(cost), 0)
            FROM calls WHERE {where} GROUP BY key ORDER BY key"""  # noqa: S608 - our own expressions
        rows = self._rows(sql, values)
        names = ("key", "calls", "failed", "unpriced", "incomplete", "input_tokens", "output_tokens", "cost")
        return [SpendTotal(**dict(zip(names, row, strict=True))) for row in rows]

    def feedback(self, query: SpendQuery) -> Iterator[Feedback]:
        where, values = _where(query, role=False)
        sql = f"SELECT call_id, score, labels, project, environment FROM feedback WHERE {where} ORDER BY at"  # noqa: S608
        names = ("call_id", "score", "labels", "project", "environment")
        rows = self._rows(sql, values)
        return (Feedback(**dict(zip(names, row, strict=True))) for row in rows)

    def prune(self, before: datetime) -> int:
        def act(cursor: Any) -> int:
            cursor.execute("DELETE FROM feedback WHERE at < %s", (before,))
            deleted: int = cursor.execute("DELETE FROM calls WHERE at < %s", (before,)).rowcount
            return deleted

        return self._database.transact(act)

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return self._database.transact(lambda cursor: cursor.execute(sql.encode(), values).fetchall())

    def close(self) -> None:
        self._database.close()


def _page(cursor: Any, query: SpendQuery, after: int) -> list[tuple[int, LedgerEntry]]:
    where, values = _where(query)
    sql = (
        f"SELECT position, {', '.join(_CALL_COLUMNS)} FROM calls "  # noqa: S608 - our own columns
        f"WHERE position > %s AND {where} ORDER BY position LIMIT {_PAGE}"
    )
    rows = cursor.execute(sql.encode(), (after, *values)).fetchall()
    sql = f"SELECT {', '.join(_ATTEMPT_COLUMNS)} FROM attempts WHERE call_id = ANY(%s) ORDER BY call_id, number"  # noqa: S608
    attempts: dict[str, list[AttemptEntry]] = {}
    for row in cursor.execute(sql.encode(), ([row[1] for row in rows],)).fetchall():
        attempts.setdefault(row[0], []).append(_attempt_of(row))
    return [(position, _entry_of(row, attempts.get(row[0], []))) for position, *row in rows]


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608


def _where(query: SpendQuery, *, role: bool = True) -> tuple[str, tuple[Any, ...]]:
    conditions: list[tuple[str, Any]] = [
        ("at >= %s", query.since),
        ("at < %s", query.until),
        ("project = %s", query.project),
        ("environment = %s", query.environment),
        ("role = %s", query.role if role else None),
    ]
    asked = [(condition, value) for condition, value in conditions if value is not None]
    return " AND ".join(["true", *(condition for condition, _ in asked)]), tuple(value for _, value in asked)


def _call_row(entry: LedgerEntry) -> tuple[Any, ...]:
    return (*attrgetter(*_CALL)(entry), Jsonb(dict(entry.labels)), *_used(entry.usage), *_paid(entry.cost))


def _attempt_row(call_id: str, attempt: AttemptEntry) -> tuple[Any, ...]:
    return (call_id, *attrgetter(*_ATTEMPT)(attempt), *_used(attempt.usage), *_paid(attempt.cost))


def _entry_of(row: Sequence[Any], attempts: Sequence[AttemptEntry]) -> LedgerEntry:
    values = dict(zip(_CALL_COLUMNS, row, strict=True))
    own = {name: values[name] for name in _CALL}
    own["at"] = own["at"].astimezone(UTC)
    return LedgerEntry(
        **own, labels=values["labels"], usage=_usage(values), cost=_cost(values), attempts=tuple(attempts)
    )


def _attempt_of(row: Sequence[Any]) -> AttemptEntry:
    values = dict(zip(_ATTEMPT_COLUMNS, row, strict=True))
    return AttemptEntry(**{name: values[name] for name in _ATTEMPT}, usage=_usage(values), cost=_cost(values))


def _used(usage: Usage | None) -> tuple[Any, ...]:
    return (None,) * len(_USAGE) if usage is None else attrgetter(*_USAGE)(usage)


def _paid(cost: Cost) -> tuple[Any, ...]:
    return cost.dollars, cost.source, cost.complete, cost.at_most, cost.note


def _usage(values: Mapping[str, Any]) -> Usage | None:
    told: dict[str, Any] = {name: values[name] for name in _USAGE}
    paid: Decimal | None = values["cost"] if values["cost_source"] == "provider" else None
    if paid is None and all(value is None for value in told.values()):
        return None
    return Usage(**told, cost=paid)


def _cost(values: Mapping[str, Any]) -> Cost:
    return Cost(
        dollars=values["cost"],
        source=values["cost_source"],
        complete=values["cost_complete"],
        at_most=values["cost_at_most"],
        note=values["cost_note"],
    )


def _one(cursor: Any) -> Any:
    row = cursor.fetchone()
    return row[0] if row else None
