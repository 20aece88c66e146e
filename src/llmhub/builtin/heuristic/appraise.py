"""Every model of a catalog judged once, by every criterion, before any role is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, field, frozen

from llmhub.builtin.heuristic.generation import judge_generation, judge_recency
from llmhub.builtin.heuristic.latency import judge_latency
from llmhub.builtin.heuristic.lines import Kin, Lineage, comparable_price
from llmhub.builtin.heuristic.names import is_own
from llmhub.builtin.heuristic.position import EMBEDDING_PRICE_CUTS, Judgement, cuts_of, low_price_is_good
from llmhub.builtin.heuristic.purpose import WRITES, Purpose
from llmhub.builtin.heuristic.quality import RATED, Ratings, by_size, by_standing
from llmhub.records.measurements import Measurements
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.selection import Rejection

CRITERIA = ("cost", "latency", *RATED, "generation", "recency")
"""The criteria of this generator; scorers of other plugins add theirs by name."""

TieBreak = tuple[float, float, bool, int, int, str]


@frozen(kw_only=True)
class Appraised:
    """A model with what each criterion thinks of it.

    `price` is blended US dollars per million tokens, `None` when not known. `tie_break` sorts models of equal score:
    better, then cheaper, then at its maker's own, then through a profile of all regions, then newer, then by id.
    `elsewhere` is what is told of it wherever its provider is not allowed.
    """

    model: CanonicalModel
    kin: Kin
    purpose: Purpose
    price: float | None
    moves: bool
    judgements: Mapping[str, Judgement] = field(repr=False)
    tie_break: TieBreak = field(repr=False)
    elsewhere: Rejection = field(repr=False)


def appraise(
    models: Iterable[CanonicalModel],
    statistics: CatalogStatistics,
    price_ratio: float,
    measurements: Measurements | None = None,
) -> tuple[Appraised, ...]:
    """All *models*, judged against the cuts in *statistics* and against their kin among *models*.

    Ages count from the newest release among them, so that the same catalog gives the same answer on any day.
    *measurements*: how fast models answered here.
    """
    known = tuple(models)
    lineage = Lineage(known, price_ratio)
    appraiser = _Appraiser(lineage, statistics, price_ratio, measurements)
    appraised = tuple(appraiser.appraised(model) for model in known)
    return appraised if appraiser.ratings.any else _guessed(appraised, statistics)


class _Appraiser:
    """What judging one model takes from all the others."""

    def __init__(
        self, lineage: Lineage, statistics: CatalogStatistics, price_ratio: float, measurements: Measurements | None
    ) -> None:
        self.ratings = Ratings(lineage, statistics)
        self._lineage = lineage
        self._statistics = statistics
        self._price_ratio = price_ratio
        self._measurements = measurements
        self._newest: date | None = max((kin.day for kin in lineage.all if kin.day), default=None)

    def appraised(self, model: CanonicalModel) -> Appraised:
        kin, name = self._lineage.kin(model), self._lineage.names[model.canonical_id]
        purpose = self._lineage.purposes[model.canonical_id]
        price = comparable_price(model, purpose, self._price_ratio)
        cost = _cost(model, purpose, price, self._statistics)
        judgements = {
            "cost": cost,
            "latency": judge_latency(model, cost.value, self._measurements),
            "generation": judge_generation(model, self._lineage, self._newest),
            "recency": judge_recency(kin, self._newest),
            **self.ratings.judge(model),
        }
        if purpose not in WRITES:
            judgements["quality"] = by_size(model, name.size)
        return Appraised(
            model=model,
            kin=kin,
            purpose=purpose,
            price=price,
            moves=name.moves and self._lineage.has_pinned(model),
            judgements=judgements,
            tie_break=(
                -(judgements["quality"].value or 0.0),
                float("inf") if price is None else price,
                not is_own(model, name),
                # Bedrock serves most newer models through inference profiles only, and the global one is the widest.
                {"global": 0, "": 1}.get(name.region, 2),
                -kin.day.toordinal() if kin.day else 0,
                model.canonical_id,
            ),
            elsewhere=Rejection(canonical_id=model.canonical_id, reason=f"provider {model.provider} is not allowed"),
        )


def _cost(model: CanonicalModel, purpose: Purpose, price: float | None, statistics: CatalogStatistics) -> Judgement:
    if price is None:
        why = "included in a plan" if model.price_state == "included" else "unknown"
        return Judgement(None, f"price {why}")
    cuts = EMBEDDING_PRICE_CUTS if purpose == "embedding" else cuts_of("blended_price", statistics)
    return Judgement(low_price_is_good(price, cuts), f"${price:.4g} per million, blended", price)


def _guessed(appraised: tuple[Appraised, ...], statistics: CatalogStatistics) -> tuple[Appraised, ...]:
    """In a catalog without ratings, quality guessed for models that have none. One model has one quality, whatever
    its hosts ask for it, so its kin's price stands for all; and a guess breaks no tie."""
    return tuple(
        one
        if one.judgements["quality"].value is not None
        else evolve(
            one,
            judgements={
                **one.judgements,
                "quality": by_standing(
                    _cost(one.model, one.purpose, one.kin.price, statistics), one.judgements["recency"]
                ),
            },
        )
        for one in appraised
    )
