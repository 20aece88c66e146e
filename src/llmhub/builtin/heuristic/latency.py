"""How fast a model is likely to answer. No source measures it, so this is an estimate, and says so.

Small models are fast: the size comes from the name (nano, mini, 8b), else from the price, which follows the cost of
computing. A model that reasons may think before its first word.
"""

from __future__ import annotations

from collections.abc import Mapping

from llmhub.builtin.heuristic.lines import size_class
from llmhub.builtin.heuristic.position import Judgement
from llmhub.records.model import CanonicalModel

SPEEDS: Mapping[str, float] = {"tiny": 0.9, "small": 0.75, "medium": 0.5, "large": 0.3}
REASONING_FACTOR = 0.85


def judge_latency(model: CanonicalModel, cost: float | None) -> Judgement:
    """*cost* is the value of the model's price, 0 to 1, or `None` when its price is not known."""
    size = size_class(model)
    if size is not None:
        speed, basis = SPEEDS[size], f"its name says {size}"
    elif cost is not None:
        speed, basis = 0.2 + 0.6 * cost, "its price"
    else:
        return Judgement(None, "unknown: neither name nor price tells")
    if model.supports_reasoning:
        return Judgement(speed * REASONING_FACTOR, f"estimate from {basis}; it may reason before it answers")
    return Judgement(speed, f"estimate from {basis}")
