"""How far a budget will reach. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from llmhub.records.spending import BudgetState

__all__ = ["forecast"]


def forecast(state: BudgetState, now: datetime) -> Decimal | None:
    """What will be spent when the window ends, at the pace so far; `None` for a budget without windows.

    In the first hundredth of a window there is no pace yet.
    """
    if state.began_at is None or state.resets_at is None:
        return None
    passed = (now - state.began_at) / (state.resets_at - state.began_at)
    return None if passed < 0.01 else (state.spent / Decimal(str(passed))).quantize(Decimal("1e-6"))
