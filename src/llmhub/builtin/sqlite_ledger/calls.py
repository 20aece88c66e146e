"""Calls in a SQLite file: a row per call, a row per attempt, a row per feedback. A person can query it, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from llmhub.builtin.sqlite_ledger.database import dollars, open_database, transaction, usable
from llmhub.builtin.sqlite_ledger.rows import (
    ATTEMPT_COLUMNS,
    CALL_COLUMNS,
    attempt_of,
    attempt_row,
    call_row,
    entry_of,
    feedback_of,
    feedback_row,
    microseconds,
)
from llmhub.records.calls import Feedback
from llmhub.records.shape import checked
from llmhub.records.spending import LedgerEntry, SpendKey, SpendQuery, SpendTotal

_USAGE = """
    input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER, cached_input_tokens INTEGER,
    cache_write_tokens INTEGER, cache_write_long_tokens INTEGER, reasoning_tokens INTEGER,
    audio_input_tokens INTEGER, audio_output_tokens INTEGER,
    cost INTEGER, cost_source TEXT, cost_complete INTEGER NOT NULL, cost_at_most INTEGER, cost_note TEXT NOT NULL"""

MIGRATIONS = (
    f"""
    CREATE TABLE calls (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, project TEXT NOT NULL, environment TEXT NOT NULL,
        role TEXT NOT NULL, variant TEXT, provider TEXT NOT NULL, model TEXT NOT NULL, mode TEXT NOT NULL,
        method TEXT NOT NULL, status TEXT NOT NULL, error_class TEXT, stream INTEGER NOT NULL, cached INTEGER NOT NULL,
        latency REAL NOT NULL, time_to_first_chunk REAL, user_hash TEXT, labels TEXT NOT NULL, prompt TEXT, answer TEXT,
        {_USAGE}
    );
    CREATE INDEX calls_by_time ON calls (at);
    CREATE TABLE attempts (
        call_id TEXT NOT NULL, number INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
        status TEXT NOT NULL, duration REAL NOT NULL, began REAL NOT NULL, status_code INTEGER, error_class TEXT,
        {_USAGE},
        PRIMARY KEY (call_id, number)
    ) WITHOUT ROWID;
    CREATE TABLE feedback (
        at INTEGER NOT NULL, call_id TEXT NOT NULL, score REAL NOT NULL, labels TEXT NOT NULL,
        project TEXT NOT NULL, environment TEXT NOT NULL
    );
    CREATE INDEX feedback_by_call ON feedback (call_id)
    """,
)

_KEYS: dict[SpendKey, str] = {
    "role": "role",
    "model": "provider || ':' || model",
    "provider": "provider",
    "variant": "variant",
    "environment": "environment",
    "day": "date(at / 1000000, 'unixepoch')",
}


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


_INSERT_CALL = _insert("calls", CALL_COLUMNS)
_INSERT_ATTEMPT = _insert("attempts", ATTEMPT_COLUMNS)
_INSERT_FEEDBACK = _insert("feedback", ("at", "call_id", "score", "labels", "project", "environment"))


class SqliteLedger:
    """`LedgerStore` over the file at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_database(path, MIGRATIONS)

    def write(self, entries: Sequence[LedgerEntry | Feedback]) -> None:
        calls = [entry for entry in entries if isinstance(entry, LedgerEntry)]
        many = self._connection.executemany
        with transaction(self._connection, self._path):
            many(_INSERT_CALL, map(call_row, calls))
            many(_INSERT_ATTEMPT, (attempt_row(call.call_id, one) for call in calls for one in call.attempts))
            many(_INSERT_FEEDBACK, (feedback_row(entry) for entry in entries if isinstance(entry, Feedback)))

    def entries(self, query: SpendQuery, after: int = 0) -> Iterator[tuple[int, LedgerEntry]]:
        where, values = _where(query)
        columns = ", ".join(CALL_COLUMNS)
        with usable(self._path):
            found = self._connection.execute(
                f"SELECT position, {columns} FROM calls WHERE position > ? AND {where} ORDER BY position",  # noqa: S608
                (after, *values),
            )
            for position, *row in found:
                yield position, entry_of(row, self._attempts(row[0]))

    def _attempts(self, call_id: str) -> Iterator[Any]:
        columns = ", ".join(ATTEMPT_COLUMNS)
        rows = self._connection.execute(
            f"SELECT {columns} FROM attempts WHERE call_id = ? ORDER BY number",  # noqa: S608 - our own columns
            (call_id,),
        )
        return map(attempt_of, rows)

    def last_position(self) -> int:
        with usable(self._path):
            position: int = self._connection.execute("SELECT coalesce(max(position), 0) FROM calls").fetchone()[0]
        return position

    def totals(self, by: SpendKey, query: SpendQuery) -> Sequence[SpendTotal]:
        where, values = _where(query)
        with usable(self._path):
            rows = self._connection.execute(
                f"""SELECT {_KEYS[by]} AS key, count(*), sum(status <> 'ok'), sum(cost IS NULL),
                    sum(cost IS NOT NULL AND NOT cost_complete), coalesce(sum(input_tokens), 0),
                    coalesce(sum(output_tokens), 0), coalesce(sum(cost), 0)
                    FROM calls WHERE {where} GROUP BY key ORDER BY key""",  # noqa: S608 - our own expressions
                values,
            )
            return [
                checked(
                    SpendTotal(
                        key=key,
                        calls=calls,
                        failed=failed,
                        unpriced=unpriced,
                        incomplete=incomplete,
                        input_tokens=given,
                        output_tokens=made,
                        cost=dollars(cost) or Decimal(0),
                    )
                )
                for key, calls, failed, unpriced, incomplete, given, made, cost in rows
            ]

    def feedback(self, query: SpendQuery) -> Iterator[Feedback]:
        where, values = _where(query, role=False)
        with usable(self._path):
            rows = self._connection.execute(
                f"SELECT call_id, score, labels, project, environment FROM feedback WHERE {where} ORDER BY at",  # noqa: S608
                values,
            )
            yield from map(feedback_of, rows)

    def prune(self, before: datetime) -> int:
        connection, limit = self._connection, (microseconds(before),)
        with transaction(connection, self._path):
            connection.execute("DELETE FROM attempts WHERE call_id IN (SELECT call_id FROM calls WHERE at < ?)", limit)
            connection.execute("DELETE FROM feedback WHERE at < ?", limit)
            return connection.execute("DELETE FROM calls WHERE at < ?", limit).rowcount

    def close(self) -> None:
        self._connection.close()


def _where(query: SpendQuery, *, role: bool = True) -> tuple[str, tuple[Any, ...]]:
    conditions: list[tuple[str, Any]] = [
        ("at >= ?", query.since and microseconds(query.since)),
        ("at < ?", query.until and microseconds(query.until)),
        ("project = ?", query.project),
        ("environment = ?", query.environment),
        ("role = ?", query.role if role else None),
    ]
    asked = [(condition, value) for condition, value in conditions if value is not None]
    return " AND ".join(["1", *(condition for condition, _ in asked)]), tuple(value for _, value in asked)
