"""Budgets' counters in a SQLite file: no two processes can overdraw one together.

`BEGIN IMMEDIATE` gives one transaction at a time the right to write, over all processes of the machine; within it a
reservation is compared with what is left, and held or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from attrs import define

from llmhub.builtin.sqlite_ledger.database import dollars, open_database, transaction, units, units_up, usable
from llmhub.records.shape import checked
from llmhub.records.spending import Purse, PurseState, Refusal, Reservation, Settlement, Spent

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
    ) WITHOUT ROWID
    """,
)

FORGET_AFTER = 3 * 24 * 3600
"""Seconds after which a settlement of an expired reservation no longer corrects what was presumed."""


_MOST = 2**62


class _RefusedError(Exception):
    """Undoes a transaction in which one of several purses could not hold."""


@define
class _Change:
    """What a batch of settlements does to one purse, in units."""

    amount: int = 0
    held: int = 0
    presumed: int = 0
    unpriced: int = 0


class SqliteBudgets:
    """`BudgetStore` over the file at *path*; *now* is the clock by which reservations expire."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._connection = open_database(path, MIGRATIONS, page_size=1024)
        self._now = now
        self._next_look = 0.0

    def reserve(self, reservation: Reservation) -> Refusal | None:
        amount, refused = units_up(reservation.amount), None
        try:
            with usable(self._path), transaction(self._connection, self._path):
                self._end_expired()
                for purse in reservation.purses:
                    if not self._hold(purse, amount, reservation):
                        refused = Refusal(purse=purse, state=self._state(purse.key))
                        raise _RefusedError
        except _RefusedError:
            pass  # and nothing of it was kept
        return refused

    def _hold(self, purse: Purse, amount: int, reservation: Reservation) -> bool:
        execute, most = self._connection.execute, _MOST if purse.limit is None else units(purse.limit)
        held = execute(
            """INSERT INTO purses (key, held) SELECT :key, :amount WHERE :amount <= :most OR EXISTS
            (SELECT 1 FROM purses WHERE key = :key)
            ON CONFLICT (key) DO UPDATE SET held = held + :amount WHERE spent + held + :amount <= :most""",
            {"key": purse.key, "amount": amount, "most": most},
        )
        if not held.rowcount:
            return False
        execute(
            "INSERT INTO holds (reservation_id, purse, amount, expires_at, release) VALUES (?, ?, ?, ?, ?)",
            (
                reservation.reservation_id,
                purse.key,
                amount,
                int(reservation.expires_at.timestamp()),
                reservation.release,
            ),
        )
        return True

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[Spent]:
        changes: dict[str, _Change] = {}
        with usable(self._path), transaction(self._connection, self._path):
            for settlement in settlements:
                amount = 0 if settlement.amount is None else units(settlement.amount)
                for purse in settlement.purses:
                    self._settle(settlement, purse.key, amount, changes)
            return [self._apply(key, change) for key, change in changes.items()]

    def _settle(self, settlement: Settlement, key: str, amount: int, changes: dict[str, _Change]) -> None:
        row = self._connection.execute(
            "DELETE FROM holds WHERE reservation_id = ? AND purse = ? RETURNING amount, state",
            (settlement.reservation_id, key),
        ).fetchone()
        if row is None and settlement.reservation_id is not None:
            return  # it was settled before: what is given twice counts once
        held, state = row or (0, "")
        change = changes.setdefault(key, _Change())
        change.amount += amount
        change.unpriced += settlement.amount is None
        change.held += held if state == "held" else 0
        change.presumed += held if state == "presumed" else 0

    def _apply(self, key: str, change: _Change) -> Spent:
        """All that a batch changes in one purse, at once."""
        after = self._connection.execute(
            """INSERT INTO purses (key, spent, unpriced) VALUES (:key, :spent, :unpriced)
            ON CONFLICT (key) DO UPDATE SET spent = spent + :spent, held = held - :held,
            presumed = presumed - :presumed, unpriced = unpriced + :unpriced RETURNING spent""",
            {
                "key": key,
                "spent": change.amount - change.presumed,
                "held": change.held,
                "presumed": change.presumed,
                "unpriced": change.unpriced,
            },
        ).fetchone()[0]
        return Spent(key=key, before=_known(after - change.amount + change.presumed), after=_known(after))

    def _state(self, key: str) -> PurseState:
        return self.states([key]).get(key, PurseState(key=key))

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
        with usable(self._path):
            rows = self._connection.execute(
                f"SELECT key, spent, held, presumed, unpriced FROM purses WHERE key IN ({marks})",  # noqa: S608 - marks only
                tuple(keys),
            )
            states = [
                PurseState(
                    key=key, spent=_known(spent), held=_known(held), presumed=_known(presumed), unpriced=unpriced
                )
                for key, spent, held, presumed, unpriced in rows
            ]
            return {state.key: checked(state) for state in states}

    def close(self) -> None:
        self._connection.close()


def _known(stored: int) -> Decimal:
    return dollars(stored) or Decimal(0)
