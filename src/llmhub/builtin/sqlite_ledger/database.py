"""A SQLite file that several processes write to: opened, brought up to date, and its errors told with a remedy."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from pathlib import Path

from llmhub.errors import LedgerError
from llmhub.records.foreign import shown

PATIENCE = 10.0
"""Seconds to wait for another process's transaction; theirs take milliseconds."""

_UNIT = Decimal("1e-12")
_LARGEST = 9_000_001 * 10**12


def open_database(path: Path, migrations: Sequence[str], *, page_size: int = 4096) -> sqlite3.Connection:
    """The file at *path*, made if need be and brought to the last of *migrations*. Transactions are begun by hand.

    Write-ahead logging lets readers and one writer go on side by side; with `synchronous=NORMAL` a transaction outlives
    the death of the process, and only the last ones may be undone by a power failure; the file never breaks. Each
    transaction writes whole pages of *page_size* bytes.

    Raises:
        LedgerError: it cannot be opened, is no database, or a later version of LLM Hub wrote it.
    """
    with usable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA page_size={page_size}")
            _log_ahead(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """What goes wrong with the file at *path*, and what makes no sense in it, is told as one error with a remedy.

    Raises:
        LedgerError: it cannot be reached, is damaged, or no database at all.
    """
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        f"{path}: {error}. Is it writable, and a ledger? Moved away, the next call begins a new one; "
        "name `ledger: none` to do without."
    )


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. It needs the file alone for a moment, and SQLite itself does not wait for that."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # By its words: `sqlite_errorcode` tells the two ways of being busy apart, which is no matter here.
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - so that those who wait do not meet again
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    if _version(connection) == len(migrations):
        return
    with transaction(connection, path):
        version = _version(connection)  # another process may have been quicker
        if version > len(migrations):
            raise LedgerError(f"{path} is of a later version of llmhub ({version}, this one knows {len(migrations)})")
        for script in migrations[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(migrations)}")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """A transaction that has the right to write from its beginning; all of it is kept, or nothing.

    What is wrong with the values that are written, and not with the file at *path*, is raised as it is.

    Raises:
        LedgerError: the database cannot be used.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError):
        raise
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def units(dollars: Decimal, rounding: str = ROUND_HALF_EVEN) -> int:
    """Dollars as a whole number of 10^-12 dollars: SQLite has no decimals, and floats do not add up.

    Raises:
        ValueError: so many do not fit.
    """
    whole = int(dollars.scaleb(12).to_integral_value(rounding))
    if not -_LARGEST < whole < _LARGEST:
        raise ValueError(f"{dollars} dollars: more than 9 million do not fit into a SQLite ledger")
    return whole


def units_up(dollars: Decimal) -> int:
    """The same, never less."""
    return units(dollars, ROUND_UP)


def dollars(stored: int | None) -> Decimal | None:
    """What `units` stored, as dollars.

    Raises:
        ValueError: that was not it.
    """
    if stored is not None and type(stored) is not int:
        raise ValueError(f"{shown(stored)} is no count of dollars")
    return None if stored is None else (Decimal(stored) * _UNIT).normalize() + Decimal(0)
