"""Money held for several calls at once, so that most calls under a hard budget wait for no database.

A process that calls often takes from the budget what a few calls may cost, in one transaction, and hands it out from
memory. It settles the whole in one transaction, too, once none of those calls is under way. Nothing is promised away:
to all others a lease is money held, and one that is never settled ends like any other reservation of a crashed process.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from attrs import define, field

from llmhub.records.spending import Purse, Settlement
from llmhub.spend.budgets import Budget

CALLS = 32
"""A lease is for so many calls like the one it is taken for,"""
SHARE = Decimal("0.002")
"""and at most for this part of the lowest limit: it is out of others' reach, and lost when the process is killed."""
BUSY = 0.1
"""Seconds since the last call within which a process counts as calling often."""
LASTS = 1.0
"""Seconds in which calls may still begin under a lease."""


@define(kw_only=True, eq=False)
class Lease:
    """What was held under `reservation_id` in the purses of `budgets`. `left` may still be handed out, until `ends`.

    `covers` is when the reservation expires; `open` calls are under way, and those that ended owe `owed`.
    """

    reservation_id: str
    budgets: tuple[tuple[Budget, Purse], ...]
    left: Decimal
    ends: float
    covers: datetime
    open: int = 0
    owed: Decimal = Decimal(0)

    @property
    def purses(self) -> tuple[Purse, ...]:
        return tuple(purse for _, purse in self.budgets)

    def settlement(self) -> Settlement:
        return Settlement(reservation_id=self.reservation_id, amount=self.owed, purses=self.purses)


@define(eq=False)
class Leases:
    """The leases of one account. Safe from any thread; a forked child begins with none."""

    _current: dict[tuple[Purse, ...], Lease] = field(factory=dict, init=False)
    _idle: list[Lease] = field(factory=list, init=False)
    _last: dict[tuple[Purse, ...], float] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _process: int = field(factory=os.getpid, init=False)

    def size(self, purses: tuple[Purse, ...], bound: Decimal, moment: float) -> Decimal | None:
        """How much to reserve for a lease, at a call of the most dollars *bound*; `None` where one is not worth it."""
        last, self._last[purses] = self._last.get(purses, float("-inf")), moment
        if moment - last > BUSY:
            return None
        limits = [purse.limit for purse in purses if purse.limit is not None]
        size = min([CALLS * bound, *(SHARE * limit for limit in limits)])
        return size if size >= 2 * bound else None

    def begin(self, lease: Lease, bound: Decimal) -> None:
        """Hand out *lease* from now on, the first *bound* of it to the call that it was taken for."""
        lease.left, lease.open = lease.left - bound, 1
        with self._lock:
            before = self._current.get(lease.purses)
            self._current[lease.purses] = lease
            if before is not None and not before.open:
                self._idle.append(before)

    def take(self, purses: tuple[Purse, ...], bound: Decimal, moment: float, expires: datetime) -> Lease | None:
        """The lease that a call until *expires* runs under, *bound* dollars of it being the call's now."""
        if self._process != os.getpid():
            self._begin_as_child()
        with self._lock:
            lease = self._current.get(purses)
            if lease is None or lease.left < bound or moment > lease.ends or expires > lease.covers:
                return None
            lease.left -= bound
            lease.open += 1
            self._last[purses] = moment
            return lease

    def end(self, lease: Lease, charge: Decimal) -> None:
        """A call under *lease* has ended and owes *charge*."""
        with self._lock:
            lease.owed += charge
            lease.open -= 1
            if not lease.open and self._current.get(lease.purses) is not lease:
                self._idle.append(lease)

    def idle(self) -> Sequence[Lease]:
        """The leases that no call runs under; nothing is handed out of them any more. To be `settled`."""
        with self._lock:
            for purses, lease in list(self._current.items()):
                if not lease.open:
                    self._idle.append(self._current.pop(purses))
            return tuple(self._idle)

    def settled(self, leases: Sequence[Lease]) -> None:
        """Forget *leases*: their settlement is written."""
        with self._lock:
            self._idle = [lease for lease in self._idle if lease not in leases]

    def _begin_as_child(self) -> None:
        # What was held before a fork is the parent's to hand out and to settle.
        self._current, self._idle, self._last = {}, [], {}
        self._lock, self._process = threading.Lock(), os.getpid()
