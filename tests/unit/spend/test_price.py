from decimal import Decimal

import pytest

from llmhub.records.calls import Usage
from llmhub.records.model import Price, PriceTier
from llmhub.spend.price import price_of

TIERED = Price(input=1.25, output=10.0, tiers=(PriceTier(above_tokens=200_000, input=2.5, output=15.0),))


@pytest.mark.parametrize(
    ("usage", "price", "dollars"),
    [
        (Usage(input_tokens=1_000_000, output_tokens=1_000_000), Price(input=0.15, output=0.6), "0.75"),
        (Usage(input_tokens=1000, output_tokens=500), Price(input=2.5, output=10.0), "0.0075"),
        (Usage(input_tokens=8), Price(input=0.02, output=0.0), "0.00000016"),
        (Usage(input_tokens=8), Price(input=0.02), "0.00000016"),
        (Usage(input_tokens=200_000, output_tokens=0), TIERED, "0.25"),
        (Usage(input_tokens=200_001, output_tokens=0), TIERED, "0.5000025"),
    ],
)
def test_a_call_costs_its_tokens_at_the_published_rate_to_the_last_digit(usage, price, dollars):
    assert price_of(usage, price) == Decimal(dollars)


@pytest.mark.parametrize(
    ("usage", "price"),
    [
        (None, Price(input=1.0, output=1.0)),
        (Usage(), Price(input=1.0, output=1.0)),
        (Usage(input_tokens=5, output_tokens=5), None),
        (Usage(input_tokens=5, output_tokens=5), Price(input=1.0)),
        (Usage(input_tokens=5, output_tokens=5), Price()),
    ],
)
def test_what_is_not_known_makes_a_call_unpriced_and_never_free(usage, price):
    assert price_of(usage, price) is None
