"""Amounts as they are read at a glance."""

from __future__ import annotations

from decimal import Decimal

from llmhub.cli.render import dollars


def about(amount: Decimal) -> str:
    """*amount* in US dollars, to the cent from one dollar on, else to three digits.

    >>> about(Decimal("12.3456")), about(Decimal("0.02548544")), about(Decimal(0))
    ('$12.35', '$0.0255', '$0.00')
    """
    if abs(amount) >= 1 or not amount:
        return dollars(round(amount, 2))
    return dollars(round(amount, 2 - amount.adjusted()))
