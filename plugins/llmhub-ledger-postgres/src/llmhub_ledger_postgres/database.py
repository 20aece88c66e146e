"""A connection that comes back after a failure, and the tables behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

import psycopg

from llmhub.errors import LedgerError

T = TypeVar("T")

_CONNECT_TIMEOUT = 10
_SURELY_ALIVE = 0.05
"""Seconds for which a connection that was just used is not asked whether it is still there."""
_LOCK = 0x11A6B0B  # any number, as long as all of us take the same


class Database:
    """One connection to the server at *url*, made when it is needed and made anew after it broke."""

    def __init__(self, url: str, migrations: Sequence[str]) -> None:
        self._url = url
        self._migrations = migrations
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._used_at = 0.0
        self.transact(lambda cursor: None)

    def transact(self, act: Callable[[psycopg.Cursor[tuple[object, ...]]], T]) -> T:
        """What *act* returns; all that it did is kept, or nothing.

        A connection that had been idle may have died unnoticed, so a failure to begin is tried once more.

        Raises:
            LedgerError: the server cannot be reached, or refuses.
        """
        with _told():
            for last in (False, True):
                connection = self._connected()
                if monotonic() - self._used_at < _SURELY_ALIVE:
                    break
                try:
                    connection.execute("SELECT 1")
                    break
                except psycopg.OperationalError:
                    self.close()
                    if last:
                        raise
            try:
                with connection.transaction(), connection.cursor() as cursor:
                    return act(cursor)
            finally:
                self._used_at = monotonic()

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT, application_name="llmhub"
            )
            try:
                self._migrate(self._connection)
            except BaseException:
                self.close()
                raise
        return self._connection

    def _migrate(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            # One of us at a time makes tables; the lock ends with the transaction.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            cursor.execute("CREATE SCHEMA IF NOT EXISTS llmhub")
            cursor.execute("SET search_path TO llmhub")
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, at timestamptz DEFAULT now())"
            )
            row = cursor.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
            done = row[0] if row else 0
            if not isinstance(done, int) or done > len(self._migrations):
                raise LedgerError(f"the tables are of a later version ({done}, this one knows {len(self._migrations)})")
            for number, script in enumerate(self._migrations[done:], start=done + 1):
                cursor.execute(script.encode())
                cursor.execute("INSERT INTO migrations (number) VALUES (%s)", (number,))
        connection.execute("SET search_path TO llmhub")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        # Its message names host and user, never the password.
        raise LedgerError(f"the PostgreSQL ledger: {' '.join(str(error).split())}") from error
