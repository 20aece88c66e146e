"""The budgets of one hub over the store that counts for all: money is held before an attempt, and settled after."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from attrs import field, frozen

from llmhub.errors import LedgerError, UnboundedCallError
from llmhub.records.calls import CallContext, Target
from llmhub.records.contributions import BudgetStore
from llmhub.records.spending import BudgetState, Cost, Purse, PurseState, Refusal, Reservation, Spent
from llmhub.spend.bound import Request, most_dollars, request_of
from llmhub.spend.budgets import Budget
from llmhub.spend.guarded import Guarded
from llmhub.spend.holds import Due, Hold, charge_of, exceeded, settlements_of
from llmhub.spend.leases import LASTS, Lease, Leases
from llmhub.spend.pricing import Pricing

GRACE = 60.0
"""Seconds beyond a call's deadline until what it holds counts as that of a crashed call."""


@frozen(kw_only=True, eq=False)
class BudgetKeeper:
    """`flush` writes what calls of this hub no longer need; false when that takes long. Safe from any thread."""

    budgets: tuple[Budget, ...]
    store: Guarded[BudgetStore] | None
    pricing: Pricing
    flush: Callable[[float], bool]
    now: Callable[[], datetime]
    _leases: Leases = field(factory=Leases, init=False)

    def covering(self, call: CallContext, target: Target) -> list[Budget]:
        """The budgets that an attempt counts against."""
        return [
            budget
            for budget in self.budgets
            if budget.covers(call.environment, call.role, target.provider, call.labels)
        ]

    def hold(
        self,
        covering: Sequence[Budget],
        call: CallContext,
        target: Target,
        params: Mapping[str, Any],
        patience: float,
    ) -> Hold:
        """Hold the most that an attempt can cost in every hard budget of *covering*, for *patience* seconds and some.

        Raises:
            BudgetExceeded: one of them has not so much left.
            UnboundedCallError: nobody can say what it costs at most.
            LedgerError: the counters cannot be reached; a hard budget lets nothing through unseen.
        """
        at = self.now()
        purses = tuple((budget, budget.purse(at)) for budget in covering)
        request = request_of(call.method, call.input, params)
        hard = [(budget, purse) for budget, purse in purses if budget.is_hard]
        if not hard:
            return Hold(budgets=purses, request=request, at=at)
        bound = self._bound(request, target, hard[0][0], at)
        reservation_id, lease = self._held(hard, bound, at, patience)
        return Hold(budgets=purses, bound=bound, reservation_id=reservation_id, lease=lease, request=request, at=at)

    def _held(
        self, hard: Sequence[tuple[Budget, Purse]], bound: Decimal, at: datetime, patience: float
    ) -> tuple[str, Lease | None]:
        """Out of a lease, with a new one, or by a reservation of its own."""
        purses = tuple(purse for _, purse in hard)
        moment, expires = time.monotonic(), at + timedelta(seconds=patience + GRACE)
        lease = self._leases.take(purses, bound, moment, expires)
        if lease is not None:
            return lease.reservation_id, lease
        size = self._leases.size(purses, bound, moment)
        reservation = Reservation(
            reservation_id=os.urandom(12).hex(),
            amount=bound if size is None else size,
            purses=purses,
            expires_at=expires if size is None else expires + timedelta(seconds=LASTS),
            release=all(budget.terms.after_crash == "release" for budget, _ in hard),
        )
        refusal = self._reserve(reservation)
        if refusal is None and size is not None:
            lease = Lease(
                reservation_id=reservation.reservation_id,
                budgets=tuple(hard),
                left=size,
                ends=moment + LASTS,
                covers=reservation.expires_at,
            )
            self._leases.begin(lease, bound)
            return reservation.reservation_id, lease
        if refusal is not None:
            # What calls of this hub no longer need may still be on its way back.
            alone = Reservation(
                reservation_id=reservation.reservation_id,
                amount=bound,
                purses=purses,
                expires_at=expires,
                release=reservation.release,
            )
            refusal = self._reserve(alone) if size is not None else refusal
            if refusal is not None and self.flush(2.0):
                refusal = self._reserve(alone)
            if refusal is not None:
                raise exceeded(refusal, hard, bound, at)
        return reservation.reservation_id, None

    def _bound(self, request: Request, target: Target, budget: Budget, at: datetime) -> Decimal:
        pricing, (provider, model) = self.pricing, (target.provider, target.model)
        rates = pricing.rates(provider, model, at)
        try:
            return most_dollars(request, f"{provider}:{model}", pricing.known_model(provider, model), rates)
        except UnboundedCallError as error:
            raise UnboundedCallError(
                f"budget {budget.name!r} lets no call through whose highest cost is unknown: {error.message}"
            ) from None

    def _reserve(self, reservation: Reservation) -> Refusal | None:
        refusal: Refusal | None = self._with_store(lambda store: store.reserve(reservation))
        return refusal

    def _with_store(self, act: Callable[[BudgetStore], Any]) -> Any:
        if self.store is None:
            raise LedgerError(
                "there are budgets, and no ledger that could keep them. Name one that can: `ledger: sqlite`"
            )
        with self.store.use() as store:
            return act(store)

    def settle(self, due: Sequence[Due], cost_of: Callable[[Due], Cost]) -> Sequence[tuple[Budget, Spent]]:
        """Count what attempts cost, and let go of what they held; what that did to each budget.

        Raises:
            LedgerError: the counters cannot be reached; what is given again counts once.
        """
        settlements = []
        for item in due:
            cost = cost_of(item)
            settlements.extend(settlements_of(item.hold, cost))
            if item.hold.lease is not None and not item.in_lease:
                item.in_lease = True
                self._leases.end(item.hold.lease, charge_of(item.hold, cost))
        idle = self._leases.idle()
        budgets = chain(*(item.hold.budgets for item in due), *(lease.budgets for lease in idle))
        by_key = {purse.key: budget for budget, purse in budgets}
        settlements.extend(lease.settlement() for lease in idle)
        if not settlements:
            return ()
        all_spent = self._with_store(lambda store: store.settle(settlements))
        self._leases.settled(idle)
        return [(by_key[spent.key], spent) for spent in all_spent]

    def states(self) -> Sequence[BudgetState]:
        """How every budget stands now.

        Raises:
            LedgerError: the counters cannot be reached.
        """
        at = self.now()
        purses = [(budget, budget.purse(at)) for budget in self.budgets]
        if not purses:
            return ()
        found = self._with_store(lambda store: store.states([purse.key for _, purse in purses]))
        return [budget.state(found.get(purse.key, PurseState(key=purse.key)), at) for budget, purse in purses]
