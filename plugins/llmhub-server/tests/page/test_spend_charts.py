"""Costs as they are drawn, as functions."""

from __future__ import annotations

import doctest
from decimal import Decimal

from llmhub.records.spending import SpendTotal
from llmhub_server.page.spend import charts, money
from llmhub_server.page.spend.account import Account


def total(key: str | None, cost: str, *, calls: int = 2, unpriced: int = 0, incomplete: int = 0) -> SpendTotal:
    return SpendTotal(
        key=key,
        calls=calls,
        failed=0,
        unpriced=unpriced,
        incomplete=incomplete,
        input_tokens=1,
        output_tokens=1,
        cost=Decimal(cost),
    )


def test_what_nobody_knows_the_price_of_has_no_bar_and_is_not_free() -> None:
    drawn = charts.by_key([total("a", "0.5"), total("b", "0", unpriced=2), total("c", "0")])
    assert [bar["value"] for bar in drawn["series"][0]["data"]] == [0.5, None, 0.0]


def test_beyond_the_first_twelve_all_are_taken_together() -> None:
    drawn = charts.by_key([total(f"r{number}", "1") for number in range(20)])
    assert drawn["yAxis"]["data"][-1] == "8 others"
    assert drawn["series"][0]["data"][-1]["value"] == 8.0


def test_days_without_any_known_price_leave_a_gap() -> None:
    drawn = charts.by_day([total("2026-11-01", "2"), total("2026-11-02", "0", unpriced=2)])
    assert drawn["series"][0]["data"] == [2.0, None]
    assert drawn["series"][0]["type"] == "bar"
    assert charts.by_day([total(f"2026-11-{day:02}", "1") for day in range(1, 20)])["series"][0]["type"] == "line"


def test_the_sum_is_of_what_is_priced_and_unknown_where_nothing_is() -> None:
    some = Account(config=None, begun=True, totals=(total("a", "2", incomplete=1), total("b", "0", unpriced=2)))
    assert (some.sum.dollars, some.sum.calls, some.sum.unpriced, some.sum.incomplete) == (Decimal(2), 4, 2, 1)
    none = Account(config=None, begun=True, totals=(total("b", "0", unpriced=2),))
    assert none.sum.dollars is None


def test_amounts_are_told_as_their_examples_say() -> None:
    assert doctest.testmod(money).failed == 0
    assert money.about(Decimal("0.00000004")) == "$0.00000004"
