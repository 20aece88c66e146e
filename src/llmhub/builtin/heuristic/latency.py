"""How fast a model is likely to answer. No source measures it, so this is an estimate, and says so.

Small models are fast: the size comes from the name (nano, mini, 8b), else from the price, which follows the cost of
computing. A model that may reason thinks before its first word when it does, and one that is named for it always does.
What was measured here, by a ledger of calls, counts before any estimate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from llmhub.builtin.heuristic.lines import size_class
from llmhub.builtin.heuristic.position import Judgement, high_is_good
from llmhub.records.measurements import Measurements
from llmhub.records.model import CanonicalModel

SPEEDS: Mapping[str, float] = {"tiny": 0.9, "small": 0.75, "medium": 0.5, "large": 0.3}
MAY_REASON = 0.85
ALWAYS_REASONS = 0.6

SECONDS = (1.0, 2.0, 4.0, 8.0)
"""The cuts on which a measured time of answer is placed: 0.8 at one second, 0.2 at eight."""

_REASONER = re.compile(r"(?<![a-z])(?:thinking|think|reasoner|(?<!non-)reasoning|magistral|qwq|qvq|[or]\d)(?![a-z])")


def judge_latency(model: CanonicalModel, cost: float | None, measurements: Measurements | None = None) -> Judgement:
    """*cost* is the value of the model's price, 0 to 1, or `None` when its price is not known."""
    measured = measurements.latency.get(model.canonical_id) if measurements else None
    if measurements and measured:
        low, below, above, high = (math.log(cut) for cut in SECONDS)
        value = high_is_good(-math.log(measured.seconds), (-high, -above, -below, -low))
        note = f"{measured.seconds:.2g} s measured here, {measured.calls} calls to {measurements.until}"
        return Judgement(value, note, measured.seconds)
    size = size_class(model)
    if size is not None:
        speed, basis = SPEEDS[size], f"its name says {size}"
    elif cost is not None:
        speed, basis = 0.2 + 0.6 * cost, "its price"
    else:
        return Judgement(None, "unknown: neither name nor price tells")
    if _REASONER.search(model.model_id.lower()):
        return Judgement(speed * ALWAYS_REASONS, f"estimate from {basis}; it reasons before every answer")
    if model.supports_reasoning:
        return Judgement(speed * MAY_REASON, f"estimate from {basis}; it may reason before it answers")
    return Judgement(speed, f"estimate from {basis}")
