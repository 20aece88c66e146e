"""How good a model is, as people rated it; a newer model of a rated line is at least as good as the one before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from llmhub.builtin.heuristic.lines import Line, line_of, released, size_class
from llmhub.builtin.heuristic.position import Judgement, cuts_of, high_is_good
from llmhub.records.measures import measures
from llmhub.records.model import CanonicalModel, CatalogStatistics

RATED: Mapping[str, str] = {"quality": "overall", "reasoning": "reasoning", "creativity": "creative_writing"}
"""Criterion to the measure it rests on."""

_TIER_FIELDS: Mapping[str, str] = {
    "quality": "quality_tier",
    "reasoning": "reasoning_tier",
    "creativity": "creative_tier",
}
_TIER_VALUES = {1: 0.9, 2: 0.7, 3: 0.5, 4: 0.3, 5: 0.1}

_SIZE_VALUES: Mapping[str | None, float] = {"tiny": 0.25, "small": 0.35, None: 0.5, "medium": 0.5, "large": 0.65}


@frozen
class _Rated:
    model: CanonicalModel
    day: date
    figure: float


class Ratings:
    """The ratings of a catalog, and which line each belongs to. Deprecated models count: they are predecessors."""

    def __init__(self, models: Iterable[CanonicalModel], statistics: CatalogStatistics) -> None:
        self._statistics = statistics
        self._figures: dict[str, Mapping[str, float]] = {}
        self._rated: dict[tuple[str, Line], list[_Rated]] = defaultdict(list)
        for model in models:
            figures = self._figures[model.canonical_id] = _figures(model)
            day = released(model)
            if day is not None:
                for measure, figure in figures.items():
                    self._rated[measure, line_of(model)].append(_Rated(model, day, figure))

    @property
    def any(self) -> bool:
        """Whether the catalog has any rating at all."""
        return any(self._figures.values())

    def judge(self, model: CanonicalModel, criterion: str) -> Judgement:
        """How *model* stands by *criterion* (`quality`, `reasoning`, `creativity`).

        Its own rating; else that of the latest rated model of its line released before it; else its tier; else unknown.
        """
        measure = RATED[criterion]
        cuts = cuts_of(measure, self._statistics)
        figure = self._figures[model.canonical_id].get(measure)
        if figure is not None:
            return Judgement(high_is_good(figure, cuts), f"rated {figure:.0f}, lower bound", figure)
        heir = self._predecessor(model, measure)
        if heir is not None:
            note = f"inferred: at least as good as {heir.model.model_id}, the model before it, rated {heir.figure:.0f}"
            return Judgement(high_is_good(heir.figure, cuts), note, heir.figure, heir.model)
        tier = getattr(model, _TIER_FIELDS[criterion])
        if tier in _TIER_VALUES:
            return Judgement(_TIER_VALUES[tier], f"tier {tier}")
        return Judgement(None, "unknown: neither it nor a model before it is rated")

    def _predecessor(self, model: CanonicalModel, measure: str) -> _Rated | None:
        day = released(model)
        if day is None:
            return None
        earlier: Sequence[_Rated] = [rated for rated in self._rated[measure, line_of(model)] if rated.day < day]
        return max(earlier, key=lambda rated: (rated.day, rated.figure, rated.model.canonical_id), default=None)


def by_standing(cost: Judgement, recency: Judgement) -> Judgement:
    """An estimate for catalogs without a single rating, as before the first download: makers ask most for their best,
    and the latest best is the better one. It never stands beside ratings, which always tell more."""
    if cost.value is None or recency.value is None:
        return Judgement(None, "unknown: nothing in the catalog is rated, and its price or age is unknown")
    standing = 0.05 + 0.9 * (1.0 - cost.value) * recency.value
    return Judgement(standing, "guessed from price and age, as nothing in the catalog is rated (low confidence)")


def by_size(model: CanonicalModel) -> Judgement:
    """An estimate for models that nobody rates, such as embeddings: within a line the larger one is the better."""
    size = size_class(model)
    told = f"its name says {size}" if size else "its name tells none"
    return Judgement(_SIZE_VALUES[size], f"unrated (estimate by size: {told})")


def _figures(model: CanonicalModel) -> Mapping[str, float]:
    found = {name: figure for name, figure in measures(model, 1.0).items() if name in RATED.values()}
    if "overall" not in found:
        bound = model.arena_score if model.arena_ci_low is None else model.arena_ci_low
        if bound is not None:
            found["overall"] = bound
    return found
