"""The price of one call, from the tokens it used and the model's published rates. Pure."""

from __future__ import annotations

from decimal import Decimal

from llmhub.records.calls import Usage
from llmhub.records.model import Price

PER_MILLION = Decimal(1_000_000)


def price_of(usage: Usage | None, price: Price | None) -> Decimal | None:
    """US dollars for *usage* at *price*; `None` where either does not tell enough. Unknown is never zero.

    A tier's rates hold for the whole call once the input is longer than its threshold, as providers bill it.

    >>> price_of(Usage(input_tokens=1000, output_tokens=500), Price(input=2.5, output=10.0))
    Decimal('0.0075')
    >>> price_of(Usage(input_tokens=1000, output_tokens=500), Price(input=2.5)) is None
    True
    """
    if usage is None or price is None or usage.input_tokens is None:
        return None
    rates: tuple[float | None, float | None] = (price.input, price.output)
    for tier in sorted(price.tiers, key=lambda tier: tier.above_tokens):
        if usage.input_tokens > tier.above_tokens:
            rates = (
                tier.input if tier.input is not None else rates[0],
                tier.output if tier.output is not None else rates[1],
            )
    parts = [
        _dollars(usage.input_tokens, rates[0]),
        # An embedding has no output, and says so by saying nothing.
        _dollars(usage.output_tokens or 0, rates[1] if usage.output_tokens else 0.0),
    ]
    if any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


def _dollars(tokens: int, rate: float | None) -> Decimal | None:
    if rate is None:
        return None
    # A published rate has few digits: its shortest decimal form is the published figure, free of binary noise.
    return Decimal(tokens) * Decimal(repr(rate)) / PER_MILLION
