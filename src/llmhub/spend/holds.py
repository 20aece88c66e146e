"""What an attempt holds of its budgets, and what it owes them in the end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import define, frozen

from llmhub.errors import BudgetExceeded
from llmhub.records.calls import Attempt, CallResult, Usage
from llmhub.records.spending import BudgetState, Cost, Purse, Refusal, Settlement
from llmhub.spend.bound import Request
from llmhub.spend.budgets import Budget
from llmhub.spend.leases import Lease


@frozen(kw_only=True, eq=False)
class Hold:
    """The money that one attempt may spend, perhaps out of a `lease`. `bound` is `None` where the budgets over it only
    watch."""

    budgets: tuple[tuple[Budget, Purse], ...]
    request: Request
    at: datetime
    bound: Decimal | None = None
    reservation_id: str | None = None
    lease: Lease | None = None


@define(kw_only=True, eq=False)
class Due:
    """An attempt to be settled, once: the last one of the result `told`, or `attempt`; without either nobody knows what
    became of it."""

    hold: Hold
    told: Callable[[], CallResult] | None = None
    attempt: Attempt | None = None
    usage: Usage | None = None
    settled: bool = False
    in_lease: bool = False

    def outcome(self) -> tuple[Attempt | None, Usage | None]:
        """What became of the attempt, and what it used."""
        if self.told is None:
            return self.attempt, self.usage
        result = self.told()
        return (result.attempts[-1], result.usage) if result.attempts else (None, None)


NOT_SENT = Attempt(number=0, provider="", model="", status="skipped", duration=0.0)


def settlements_of(hold: Hold, cost: Cost) -> list[Settlement]:
    """What an attempt that cost so much owes the budgets over it: hard ones never less than it can have cost.

    What is owed under a lease is settled with the whole lease.
    """
    hard = tuple(purse for budget, purse in hold.budgets if budget.is_hard)
    watched = tuple(purse for budget, purse in hold.budgets if not budget.is_hard)
    settlements = []
    if hard and hold.lease is None:
        settlements.append(Settlement(reservation_id=hold.reservation_id, amount=charge_of(hold, cost), purses=hard))
    if watched:
        settlements.append(Settlement(reservation_id=None, amount=cost.dollars, purses=watched))
    return settlements


def exceeded(refusal: Refusal, hard: Sequence[tuple[Budget, Purse]], needed: Decimal, at: datetime) -> BudgetExceeded:
    """The error that tells which of the *hard* budgets refused, how it stands, and when it is full again."""
    budget = next(budget for budget, purse in hard if purse.key == refusal.purse.key)
    state = budget.state(refusal.state, at)
    error = BudgetExceeded(_told(state, needed))
    error.budget, error.needed, error.fallback = state, needed, budget.terms.on_exceed == "fallback"
    return error


def charge_of(hold: Hold, cost: Cost) -> Decimal:
    """What a hard budget is charged: the cost where it is certain, else the most that it can have been."""
    if cost.dollars is not None and cost.complete:
        return cost.dollars
    assert hold.bound is not None
    return hold.bound if cost.at_most is None else min(cost.at_most, hold.bound)


def _told(state: BudgetState, needed: Decimal) -> str:
    left = max(state.limit - state.spent - state.held, Decimal(0))
    window = "in all" if state.window == "total" else f"per {state.window}"
    reset = f"It is full again at {state.resets_at:%Y-%m-%d %H:%M} UTC. " if state.resets_at else ""
    return (
        f"budget {state.name!r} ({state.scope}) allows {state.limit} dollars {window}: {state.spent} are spent and "
        f"{state.held} held by calls under way, which leaves {left}; this call may cost {needed}. {reset}"
        "Raise its limit, or lower max_tokens"
    )
