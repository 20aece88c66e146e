"""Numbers and tables as commands print them."""

import pytest

from llmhub.cli.render import dollars


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (0, "$0.00"),
        (2, "$2.00"),
        (1234.5, "$1,234.50"),
        (0.075, "$0.075"),
        (0.1 + 0.2, "$0.30"),
        (1.625, "$1.625"),
        (0.00000012, "$0.00000012"),
        (1e-10, "<$0.00000001"),
    ],
)
def test_a_price_has_the_digits_it_needs_and_at_least_cents(value, shown):
    assert dollars(value) == shown
