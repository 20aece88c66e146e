"""Budgets' counters in a SQLite file: no two processes can overdraw one together.

`BEGIN IMMEDIATE` gives one transaction at a time the right to write, over all processes of the machine; within it a
reservation is compared with what is left, and held or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from llmhub.builtin.sqlite_ledger.database import dollars, open_database, transaction, units, units_up
from llmhub.records.spending import PurseState, Refusal, Reservation, Settlement, Spent

MIGRATIONS = (
    """
    CREATE TABLE purses (
        key TEXT PRIMARY KEY,
        spent INTEGER NOT NULL DEFAULT 0,
        held INTEGER NOT NULL DEFAULT 0,
        presumed INTEGER NOT NULL DEFAULT 0,
        unpriced INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE holds (
        reservation_id TEXT NOT NULL,
        purse TEXT NOT NULL,
        amount INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        release INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'held',
        PRIMARY KEY (reservation_id, purse)
    ) WITHOUT ROWID;
    CREATE INDEX holds_by_expiry ON holds (state, expires_at)
    """,
)

FORGET_AFTER = 3 * 24 * 3600
"""Seconds after which a settlement of an expired reservation no longer corrects what was presumed."""


class SqliteBudgets:
    """`BudgetStore` over the file at *path*; *now* is the clock by which reservations expire."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._connection = open_database(path, MIGRATIONS)
        self._now = now
        self._next_look = 0.0

    def reserve(self, reservation: Reservation) -> Refusal | None:
        amount, execute = units_up(reservation.amount), self._connection.execute
        with transaction(self._connection):
            self._end_expired()
            for purse in reservation.purses:
                if purse.limit is None:
                    continue
                row = execute("SELECT spent + held FROM purses WHERE key = ?", (purse.key,)).fetchone()
                if (row[0] if row else 0) + amount > units(purse.limit):
                    state = self.states([purse.key]).get(purse.key, PurseState(key=purse.key))
                    return Refusal(purse=purse, state=state)
            expires_at = int(reservation.expires_at.timestamp())
            for purse in reservation.purses:
                execute(
                    "INSERT INTO purses (key, held) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET held = held + ?",
                    (purse.key, amount, amount),
                )
                execute(
                    "INSERT INTO holds (reservation_id, purse, amount, expires_at, release) VALUES (?, ?, ?, ?, ?)",
                    (reservation.reservation_id, purse.key, amount, expires_at, reservation.release),
                )
        return None

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[Spent]:
        with transaction(self._connection):
            return [spent for settlement in settlements for spent in self._settle(settlement)]

    def _settle(self, settlement: Settlement) -> list[Spent]:
        execute, done = self._connection.execute, []
        amount = 0 if settlement.amount is None else units(settlement.amount)
        for purse in settlement.purses:
            hold = (settlement.reservation_id, purse.key)
            row = execute("SELECT amount, state FROM holds WHERE reservation_id = ? AND purse = ?", hold).fetchone()
            if row is None and settlement.reservation_id is not None:
                continue  # it was settled before: what is given twice counts once
            held, presumed = self._let_go(row)
            execute("DELETE FROM holds WHERE reservation_id = ? AND purse = ?", hold)
            after = execute(
                """INSERT INTO purses (key, spent, unpriced) VALUES (:key, :spent, :unpriced)
                ON CONFLICT (key) DO UPDATE SET spent = spent + :spent, held = held - :held,
                presumed = presumed - :presumed, unpriced = unpriced + :unpriced RETURNING spent""",
                {
                    "key": purse.key,
                    "spent": amount - presumed,
                    "held": held,
                    "presumed": presumed,
                    "unpriced": int(settlement.amount is None),
                },
            ).fetchone()[0]
            before = after - amount + presumed
            done.append(Spent(key=purse.key, before=_known(before), after=_known(after)))
        return done

    @staticmethod
    def _let_go(row: tuple[int, str] | None) -> tuple[int, int]:
        """What a reservation holds, and what was presumed of it because it had expired."""
        if row is None:
            return 0, 0
        amount, state = row
        return (amount if state == "held" else 0), (amount if state == "presumed" else 0)

    def _end_expired(self) -> None:
        """What crashed calls hold counts as spent, for they may have been billed, or is given back where so asked."""
        execute, now = self._connection.execute, self._now().timestamp()
        if now < self._next_look:
            return
        self._next_look = now + 1.0
        expired = execute(
            "SELECT reservation_id, purse, amount, release FROM holds WHERE state = 'held' AND expires_at <= ?",
            (int(now),),
        ).fetchall()
        for reservation_id, purse, amount, release in expired:
            kept = 0 if release else amount
            execute(
                "UPDATE purses SET held = held - ?, spent = spent + ?, presumed = presumed + ? WHERE key = ?",
                (amount, kept, kept, purse),
            )
            execute(
                "UPDATE holds SET state = ? WHERE reservation_id = ? AND purse = ?",
                ("released" if release else "presumed", reservation_id, purse),
            )
        execute("DELETE FROM holds WHERE state <> 'held' AND expires_at <= ?", (int(now) - FORGET_AFTER,))

    def states(self, keys: Sequence[str]) -> Mapping[str, PurseState]:
        marks = ",".join("?" * len(keys))
        rows = self._connection.execute(
            f"SELECT key, spent, held, presumed, unpriced FROM purses WHERE key IN ({marks})",  # noqa: S608 - marks only
            tuple(keys),
        )
        return {
            key: PurseState(
                key=key, spent=_known(spent), held=_known(held), presumed=_known(presumed), unpriced=unpriced
            )
            for key, spent, held, presumed, unpriced in rows
        }

    def close(self) -> None:
        self._connection.close()


def _known(stored: int) -> Decimal:
    return dollars(stored) or Decimal(0)
