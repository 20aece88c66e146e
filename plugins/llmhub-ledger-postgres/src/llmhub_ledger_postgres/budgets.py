"""Budgets' counters in PostgreSQL: a purse's row is locked while it is looked at, so no two machines overdraw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import define

from llmhub.records.spending import PurseState, Refusal, Reservation, Settlement, Spent
from llmhub_ledger_postgres.database import Database
from llmhub_ledger_postgres.migrations import MIGRATIONS

FORGET_AFTER = timedelta(days=3)
"""Later than this a settlement of an expired reservation no longer corrects what was presumed."""


_LOOK_EVERY = timedelta(seconds=1)


class PostgresBudgets:
    """`BudgetStore` at *url*; *now* is the clock by which reservations expire."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._database = Database(url, MIGRATIONS)
        self._now = now
        self._next_look: datetime | None = None

    def reserve(self, reservation: Reservation) -> Refusal | None:
        try:
            self._database.transact(lambda cursor: self._reserve(cursor, reservation))
        except _RefusedError as refused:  # and nothing of it was kept
            return refused.refusal
        return None

    def _reserve(self, cursor: Any, reservation: Reservation) -> None:
        amount = reservation.amount
        # In one order, so that two reservations over the same purses wait for each other instead of for ever.
        purses = sorted(reservation.purses, key=lambda purse: purse.key)
        self._end_expired(cursor, [purse.key for purse in purses])
        for purse in purses:
            cursor.execute(
                """INSERT INTO purses (key, held) SELECT %(key)s, %(amount)s
                WHERE %(most)s IS NULL OR %(amount)s <= %(most)s OR EXISTS (SELECT FROM purses WHERE key = %(key)s)
                ON CONFLICT (key) DO UPDATE SET held = purses.held + %(amount)s
                WHERE %(most)s IS NULL OR purses.spent + purses.held + %(amount)s <= %(most)s""",
                {"key": purse.key, "amount": amount, "most": purse.limit},
            )
            if not cursor.rowcount:
                state = _states(cursor, [purse.key]).get(purse.key, PurseState(key=purse.key))
                raise _RefusedError(Refusal(purse=purse, state=state))
        cursor.execute(
            """INSERT INTO holds (reservation_id, purse, amount, expires_at, release)
            SELECT %s, unnest(%s::text[]), %s, %s, %s""",
            (
                reservation.reservation_id,
                [purse.key for purse in purses],
                amount,
                reservation.expires_at,
                reservation.release,
            ),
        )

    def _end_expired(self, cursor: Any, keys: Sequence[str]) -> None:
        """What crashed calls hold counts as spent, for they may have been billed, or is given back where so asked."""
        now = self._now()
        if self._next_look is not None and now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        cursor.execute("SELECT FROM purses WHERE key = ANY(%s) ORDER BY key FOR UPDATE", (list(keys),))
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
        """A whole batch in three statements: the purses are locked meanwhile, and others wait for them."""
        changes = {purse.key: _Change() for settlement in settlements for purse in settlement.purses}
        keys = sorted(changes)
        cursor.execute(
            "INSERT INTO purses (key) SELECT unnest(%s::text[]) ORDER BY 1 ON CONFLICT (key) DO NOTHING", (keys,)
        )
        cursor.execute("SELECT FROM purses WHERE key = ANY(%s) ORDER BY key FOR UPDATE", (keys,))
        found = _take_holds(cursor, settlements)
        for settlement in settlements:
            for purse in settlement.purses:
                hold = found.pop((settlement.reservation_id, purse.key), None)
                if hold is not None or settlement.reservation_id is None:  # else it was settled before
                    changes[purse.key].add(settlement.amount, hold)
        changed = {key: change for key, change in changes.items() if change.count}
        rows = cursor.execute(
            """UPDATE purses SET spent = purses.spent + c.amount - c.presumed, held = purses.held - c.held,
            presumed = purses.presumed - c.presumed, unpriced = purses.unpriced + c.unpriced
            FROM unnest(%s::text[], %s::numeric[], %s::numeric[], %s::numeric[], %s::bigint[])
            AS c (key, amount, held, presumed, unpriced) WHERE purses.key = c.key RETURNING purses.key, purses.spent""",
            (
                list(changed),
                [change.amount for change in changed.values()],
                [change.held for change in changed.values()],
                [change.presumed for change in changed.values()],
                [change.unpriced for change in changed.values()],
            ),
        ).fetchall()
        return [
            Spent(key=key, before=after - changed[key].amount + changed[key].presumed, after=after)
            for key, after in rows
        ]

    def states(self, keys: Sequence[str]) -> Mapping[str, PurseState]:
        return self._database.transact(lambda cursor: _states(cursor, keys))

    def close(self) -> None:
        self._database.close()


def _take_holds(cursor: Any, settlements: Sequence[Settlement]) -> dict[tuple[str | None, str], tuple[Decimal, str]]:
    """What was held for *settlements*, by reservation and purse: amount and state."""
    asked = [(each.reservation_id, purse.key) for each in settlements for purse in each.purses if each.reservation_id]
    rows = cursor.execute(
        """DELETE FROM holds USING unnest(%s::text[], %s::text[]) AS asked (reservation_id, purse)
        WHERE holds.reservation_id = asked.reservation_id AND holds.purse = asked.purse
        RETURNING holds.reservation_id, holds.purse, amount, state""",
        ([reservation for reservation, _ in asked], [key for _, key in asked]),
    ).fetchall()
    return {(reservation, key): (amount, state) for reservation, key, amount, state in rows}


@define
class _Change:
    """What a batch of settlements does to one purse."""

    amount: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    presumed: Decimal = Decimal(0)
    unpriced: int = 0
    count: int = 0

    def add(self, amount: Decimal | None, hold: tuple[Decimal, str] | None) -> None:
        held, state = hold or (Decimal(0), "")
        self.count += 1
        self.amount += amount or Decimal(0)
        self.unpriced += amount is None
        self.held += held if state == "held" else 0
        self.presumed += held if state == "presumed" else 0


class _RefusedError(Exception):
    """Undoes a transaction in which one of several purses could not hold."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__()


def _states(cursor: Any, keys: Sequence[str]) -> dict[str, PurseState]:
    rows = cursor.execute(
        "SELECT key, spent, held, presumed, unpriced FROM purses WHERE key = ANY(%s)", (list(keys),)
    ).fetchall()
    return {
        key: PurseState(key=key, spent=spent, held=held, presumed=presumed, unpriced=unpriced)
        for key, spent, held, presumed, unpriced in rows
    }
