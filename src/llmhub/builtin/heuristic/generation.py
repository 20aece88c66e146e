"""Whether a model is the latest of its line: the rule by which old generations do not win on price alone.

A generation that a newer one has replaced is served for those who have not moved yet, and is what nobody should begin
with. So every role weighs the generation. What is superseded loses half of it with each year; and half at once where
its provider offers a newer one for at most twice as much. Only a price two to three times lower, where cost matters
most, outweighs that.
"""

from __future__ import annotations

from datetime import date

from llmhub.builtin.heuristic.lines import Kin, Lineage
from llmhub.builtin.heuristic.position import Judgement
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel

SUPERSEDED = 0.5
WITHIN_REACH = 2.0
"""How many times its price a newer generation may cost and still take its place."""

HALF_LIFE = 365.25
"""Days after which the value of a superseded model, or the recency of any, has halved."""


def judge_generation(model: CanonicalModel, lineage: Lineage, newest: date | None) -> Judgement:
    """1 for the latest of its line. *newest* is the day to count from: that of the latest release in the catalog."""
    kin = lineage.kin(model)
    if kin.day is None or newest is None:
        return Judgement(None, "date of release unknown")
    later = lineage.after(kin)
    if not later:
        return Judgement(1.0, "the latest of its line")
    since = min(other.day for other in later if other.day)
    value = 0.5 ** ((newest - since).days / HALF_LIFE)
    here = [other for other in later if _is_within_reach(other, kin) and _is_offered(other, model.provider)]
    if here:
        return Judgement((1.0 - SUPERSEDED) * value, f"superseded since {since}, now by {here[-1].model.model_id}")
    return Judgement(value, f"followed since {since}, now by {later[-1].model.model_id}, dearer or elsewhere")


def _is_within_reach(later: Kin, kin: Kin) -> bool:
    return later.price is None or kin.price is None or later.price <= WITHIN_REACH * kin.price


def _is_offered(kin: Kin, provider: str) -> bool:
    return any(model.provider == provider and is_live(model) for model in kin.models)


def judge_recency(kin: Kin, newest: date | None) -> Judgement:
    """1 for the latest release in the catalog, half that a year before."""
    if kin.day is None or newest is None:
        return Judgement(None, "date of release unknown")
    return Judgement(0.5 ** ((newest - kin.day).days / HALF_LIFE), f"released {kin.day}")
