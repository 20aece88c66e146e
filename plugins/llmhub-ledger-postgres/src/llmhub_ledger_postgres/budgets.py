"""Budgets' counters in PostgreSQL: a purse's row is locked while it is looked at, so no two machines overdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from llmhub.records.spending import PurseState, Refusal, Reservation, Settlement, Spent
from llmhub_ledger_postgres.database import Database
from llmhub_ledger_postgres.migrations import MIGRATIONS

FORGET_AFTER = timedelta(days=3)
"""Later than this a settlement of an expired reservation no longer corrects what was presumed."""


class PostgresBudgets:
    """`BudgetStore` at *url*; *now* is the clock by which reservations expire."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._database = Database(url, MIGRATIONS)
        self._now = now

    def reserve(self, reservation: Reservation) -> Refusal | None:
        return self._database.transact(lambda cursor: self._reserve(cursor, reservation))

    def _reserve(self, cursor: Any, reservation: Reservation) -> Refusal | None:
        keys = sorted(purse.key for purse in reservation.purses)
        # In one order, so that two reservations over the same purses wait for each other instead of for ever.
        cursor.execute(
            "INSERT INTO purses (key) SELECT unnest(%s::text[]) ORDER BY 1 ON CONFLICT (key) DO NOTHING", (keys,)
        )
        cursor.execute("SELECT 1 FROM purses WHERE key = ANY(%s) ORDER BY key FOR UPDATE", (keys,))
        self._end_expired(cursor, keys)
        states = _states(cursor, keys)
        for purse in reservation.purses:
            state = states[purse.key]
            if purse.limit is not None and state.spent + state.held + reservation.amount > purse.limit:
                return Refusal(purse=purse, state=state)
        cursor.execute("UPDATE purses SET held = held + %s WHERE key = ANY(%s)", (reservation.amount, keys))
        cursor.executemany(
            "INSERT INTO holds (reservation_id, purse, amount, expires_at, release) VALUES (%s, %s, %s, %s, %s)",
            [
                (reservation.reservation_id, key, reservation.amount, reservation.expires_at, reservation.release)
                for key in keys
            ],
        )
        return None

    def _end_expired(self, cursor: Any, keys: Sequence[str]) -> None:
        """What crashed calls hold counts as spent, for they may have been billed, or is given back where so asked."""
        now = self._now()
        cursor.execute(
            """WITH expired AS (
                UPDATE holds SET state = CASE WHEN release THEN 'released' ELSE 'presumed' END
                WHERE state = 'held' AND expires_at <= %s AND purse = ANY(%s) RETURNING purse, amount, release
            ), sums AS (
                SELECT purse, sum(amount) AS gone, sum(CASE WHEN release THEN 0 ELSE amount END) AS kept
                FROM expired GROUP BY purse
            )
            UPDATE purses SET held = held - gone, spent = spent + kept, presumed = presumed + kept
            FROM sums WHERE key = purse""",
            (now, keys),
        )
        cursor.execute(
            "DELETE FROM holds WHERE state <> 'held' AND expires_at <= %s AND purse = ANY(%s)",
            (now - FORGET_AFTER, keys),
        )

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[Spent]:
        return self._database.transact(lambda cursor: self._settle_all(cursor, settlements))

    def _settle_all(self, cursor: Any, settlements: Sequence[Settlement]) -> list[Spent]:
        keys = sorted({purse.key for settlement in settlements for purse in settlement.purses})
        cursor.execute(
            "INSERT INTO purses (key) SELECT unnest(%s::text[]) ORDER BY 1 ON CONFLICT (key) DO NOTHING", (keys,)
        )
        cursor.execute("SELECT 1 FROM purses WHERE key = ANY(%s) ORDER BY key FOR UPDATE", (keys,))
        return [spent for settlement in settlements for spent in _settle(cursor, settlement)]

    def states(self, keys: Sequence[str]) -> Mapping[str, PurseState]:
        return self._database.transact(lambda cursor: _states(cursor, keys))

    def close(self) -> None:
        self._database.close()


def _settle(cursor: Any, settlement: Settlement) -> list[Spent]:
    amount, done = settlement.amount or Decimal(0), []
    for purse in settlement.purses:
        row = cursor.execute(
            "DELETE FROM holds WHERE reservation_id = %s AND purse = %s RETURNING amount, state",
            (settlement.reservation_id, purse.key),
        ).fetchone()
        if row is None and settlement.reservation_id is not None:
            continue  # it was settled before: what is given twice counts once
        held = row[0] if row and row[1] == "held" else Decimal(0)
        presumed = row[0] if row and row[1] == "presumed" else Decimal(0)
        (after,) = cursor.execute(
            """UPDATE purses SET spent = spent + %s, held = held - %s, presumed = presumed - %s,
            unpriced = unpriced + %s WHERE key = %s RETURNING spent""",
            (amount - presumed, held, presumed, int(settlement.amount is None), purse.key),
        ).fetchone()
        done.append(Spent(key=purse.key, before=after - amount + presumed, after=after))
    return done


def _states(cursor: Any, keys: Sequence[str]) -> dict[str, PurseState]:
    rows = cursor.execute(
        "SELECT key, spent, held, presumed, unpriced FROM purses WHERE key = ANY(%s)", (list(keys),)
    ).fetchall()
    return {
        key: PurseState(key=key, spent=spent, held=held, presumed=presumed, unpriced=unpriced)
        for key, spent, held, presumed, unpriced in rows
    }
