"""How good a model is, between 0 and 1: by what people rated, by what follows from it, by tiers, by its size."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from llmhub.builtin.heuristic.evidence import Board, Witnesses
from llmhub.builtin.heuristic.lines import Lineage, size_class
from llmhub.builtin.heuristic.position import Judgement, cuts_of, high_is_good
from llmhub.records.model import CanonicalModel, CatalogStatistics

RATED: Mapping[str, str] = {
    "quality": "overall",
    "reasoning": "reasoning",
    "creativity": "creative_writing",
    "coding": "coding",
}
"""Criterion to the measure it rests on."""

_TIER_FIELDS: Mapping[str, str] = {
    "quality": "quality_tier",
    "reasoning": "reasoning_tier",
    "creativity": "creative_tier",
}
_TIER_VALUES = {1: 0.9, 2: 0.7, 3: 0.5, 4: 0.3, 5: 0.1}

_SIZE_VALUES: Mapping[str | None, float] = {"tiny": 0.25, "small": 0.35, None: 0.5, "medium": 0.5, "large": 0.65}

_IN_GENERAL = 0.9
"""What counts of a model's quality for a skill that nothing is known of: general rank tells most of it, not all."""


class Ratings:
    """The judgements of a catalog's models by every rated criterion."""

    def __init__(self, lineage: Lineage, statistics: CatalogStatistics) -> None:
        self._statistics = statistics
        board = Board(lineage)
        self._witnesses = {measure: Witnesses(board, measure) for measure in RATED.values()}

    @property
    def any(self) -> bool:
        """Whether the catalog has any rating at all."""
        return any(witnesses.any for witnesses in self._witnesses.values())

    def judge(self, model: CanonicalModel) -> dict[str, Judgement]:
        """How *model* stands by each of `RATED`.

        A tier that the user set; else what the board says of it; else what follows from its kin; else any tier; else,
        for a single skill, its quality in general; else unknown.
        """
        judged = {criterion: self._judge(model, criterion) for criterion in RATED}
        general = judged["quality"].value
        if general is not None:
            for criterion, judgement in judged.items():
                if judgement.value is None:
                    note = "inferred from its quality in general, a tenth off: nothing is known of this skill"
                    judged[criterion] = Judgement(_IN_GENERAL * general, note, inferred=True)
        return judged

    def _judge(self, model: CanonicalModel, criterion: str) -> Judgement:
        tier = getattr(model, _TIER_FIELDS[criterion]) if criterion in _TIER_FIELDS else None
        if tier in _TIER_VALUES and _is_users(model, _TIER_FIELDS[criterion]):
            return Judgement(_TIER_VALUES[tier], f"tier {tier}, {model.tier_reasons[_TIER_FIELDS[criterion]]}")
        measure = RATED[criterion]
        found = self._witnesses[measure].of(model)
        if found is not None:
            inferred = found.rule != "rated"
            note = f"inferred {found.figure:.0f}: {found.note}" if inferred else found.note
            value = high_is_good(found.figure, cuts_of(measure, self._statistics))
            return Judgement(value, note, found.figure, inferred=inferred, basis=found.basis)
        if tier in _TIER_VALUES:
            return Judgement(_TIER_VALUES[tier], f"tier {tier}")
        return Judgement(None, "unknown: neither it nor any kin of it is rated")


def by_standing(cost: Judgement, recency: Judgement) -> Judgement:
    """An estimate for catalogs without a single rating, as before the first download: makers ask most for their best,
    and the latest best is the better one. It never stands beside ratings, which always tell more."""
    if cost.value is None or recency.value is None:
        return Judgement(None, "unknown: nothing in the catalog is rated, and its price or age is unknown")
    standing = 0.15 + 0.7 * (1.0 - cost.value) * recency.value  # a guess is no reason to pay a multiple
    return Judgement(standing, "guessed from price and age, as nothing in the catalog is rated (low confidence)")


def by_size(model: CanonicalModel, billions: float | None) -> Judgement:
    """An estimate for models that nobody rates, such as embeddings: of one maker the larger is the better.

    By the parameters that the name states (0.29 at 4b, 0.35 at 8b, 0.59 at 70b), else by its words.
    """
    if billions is not None:
        value = min(_SIZE_VALUES["large"], 0.1 + 0.08 * log2(1 + billions))
        return Judgement(value, f"unrated (estimate by size: its name says {billions:g}b)")
    size = size_class(model)
    told = f"its name says {size}" if size else "its name tells none"
    return Judgement(_SIZE_VALUES[size], f"unrated (estimate by size: {told})")


def _is_users(model: CanonicalModel, tier: str) -> bool:
    return any(origin.field == tier and origin.source == "override" for origin in model.provenance)
