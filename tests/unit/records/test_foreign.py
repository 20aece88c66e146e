"""Values that somebody else wrote are taken for what they are, or for unknown."""

from typing import Any

import pytest

from llmhub.records.foreign import amount, number, shown


@pytest.mark.parametrize(
    "value", [None, True, False, "3", "", [], {}, float("nan"), float("inf"), -float("inf"), 10**400, -(10**400)]
)
def test_what_is_no_finite_number_is_unknown(value: Any) -> None:
    assert number(value) is None
    assert amount(value) is None


@pytest.mark.parametrize("value", [0, 1, 2.5, 10**15, 1e300, 1e-300])
def test_a_number_is_a_float(value: float) -> None:
    assert (type(number(value)), number(value)) == (float, value)
    assert amount(value) == value


def test_less_than_nothing_is_no_amount() -> None:
    assert (number(-1), amount(-1), amount(-0.0)) == (-1.0, None, 0.0)


def test_what_is_shown_is_short_however_long_or_deep_it_is() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    for value in (deep, "x" * 10_000_000, 10**4000, [list(range(1000))] * 1000, {str(n): n for n in range(1000)}):
        assert len(shown(value)) < 300
    assert shown("free") == "'free'"
