"""Money held for several calls at once: most calls wait for no database, and nothing is promised twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from llmhub.records.config import BudgetConfig
from llmhub.records.spending import Purse
from llmhub.spend.budgets import Budget
from llmhub.spend.leases import CALLS, SHARE, Lease, Leases

LIMIT = Decimal(10)
BUDGET = Budget(name="all", project="p", terms=BudgetConfig(limit=LIMIT))
PURSE = Purse(key="all", limit=LIMIT)
PURSES = (PURSE,)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
CENT = Decimal("0.0001")


def lease(dollars: Decimal, *, name: str = "one", ends: float = 1.0) -> Lease:
    return Lease(reservation_id=name, budgets=((BUDGET, PURSE),), left=dollars, ends=ends, covers=LATER)


def test_a_process_that_calls_seldom_holds_for_one_call_at_a_time() -> None:
    leases = Leases()
    assert leases.size(PURSES, CENT, 0.0) is None
    assert leases.size(PURSES, CENT, 5.0) is None


def test_one_that_calls_often_holds_for_many() -> None:
    leases = Leases()
    leases.size(PURSES, CENT, 0.0)
    assert leases.size(PURSES, CENT, 0.05) == CALLS * CENT


def test_never_more_than_a_small_part_of_the_limit_is_out_of_others_reach() -> None:
    leases = Leases()
    leases.size(PURSES, CENT, 0.0)
    assert leases.size(PURSES, Decimal("0.005"), 0.01) == SHARE * LIMIT
    assert leases.size(PURSES, Decimal("0.5"), 0.02) is None, "a dear call holds for itself alone"


def test_no_call_runs_under_a_lease_that_could_expire_before_it() -> None:
    leases = Leases()
    leases.begin(lease(Decimal(1)), CENT)
    assert leases.take(PURSES, CENT, 0.5, LATER) is not None
    assert leases.take(PURSES, CENT, 0.5, LATER + timedelta(seconds=1)) is None
    assert leases.take(PURSES, CENT, 1.5, NOON) is None, "nor begins under one that has ended"


def test_a_lease_is_settled_once_and_whole_when_no_call_runs_under_it() -> None:
    leases = Leases()
    one = lease(Decimal(1))
    leases.begin(one, CENT)
    assert leases.take(PURSES, CENT, 0.1, NOON) is one
    leases.end(one, CENT)
    assert leases.idle() == ()
    leases.end(one, 2 * CENT)
    assert leases.idle() == (one,)
    assert one.settlement().amount == 3 * CENT
    assert leases.take(PURSES, CENT, 0.1, NOON) is None, "what is being settled is handed out no more"
    assert leases.idle() == (one,), "until its settlement is written"
    leases.settled((one,))
    assert leases.idle() == ()


def test_a_lease_that_another_took_the_place_of_is_settled_too() -> None:
    leases = Leases()
    first, second = lease(CENT, name="first"), lease(Decimal(1), name="second")
    leases.begin(first, CENT)
    leases.begin(second, CENT)
    leases.end(first, CENT)
    assert leases.idle() == (first,)
    leases.end(second, CENT)
    assert set(leases.idle()) == {first, second}


@given(st.lists(st.tuples(st.sampled_from(["take", "end", "settle"]), st.integers(1, 40)), max_size=60))
def test_no_more_is_ever_handed_out_than_was_held(steps: list[tuple[str, int]]) -> None:
    leases, running, number = Leases(), [], 0
    held: dict[str, Decimal] = {}
    out: dict[str, Decimal] = {}
    for step, size in steps:
        bound = size * CENT
        if step == "take":
            taken = leases.take(PURSES, bound, 0.0, NOON)
            if taken is None:
                number += 1
                taken = lease(max(bound, 50 * CENT), name=str(number))
                held[taken.reservation_id] = taken.left
                leases.begin(taken, bound)
            out[taken.reservation_id] = out.get(taken.reservation_id, Decimal(0)) + bound
            running.append((taken, bound))
        elif step == "end" and running:
            leases.end(*running.pop())
        else:
            done = leases.idle()
            assert all(one.owed == out[one.reservation_id] for one in done)
            leases.settled(done)
        assert all(out[name] <= held[name] for name in out)
    for one, bound in running:
        leases.end(one, bound)
    left = leases.idle()
    assert all(not one.open for one in left)
