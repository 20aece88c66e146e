"""Every model of a catalog judged once, by every criterion, before any role is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, field, frozen

from llmhub.builtin.heuristic.latency import judge_latency
from llmhub.builtin.heuristic.lines import released
from llmhub.builtin.heuristic.position import EMBEDDING_PRICE_CUTS, Judgement, cuts_of, low_price_is_good
from llmhub.builtin.heuristic.purpose import Purpose, purpose_of
from llmhub.builtin.heuristic.quality import RATED, Ratings, by_size, by_standing
from llmhub.records.measures import blended_price
from llmhub.records.model import CanonicalModel, CatalogStatistics

CRITERIA = ("cost", "quality", "latency", "reasoning", "creativity", "recency")
"""The criteria of this generator; scorers of other plugins add theirs by name."""

HALF_LIFE = 365.25
"""Days after which a model's recency has halved."""

TieBreak = tuple[float, float, int, str]


@frozen(kw_only=True)
class Appraised:
    """A model with what each criterion thinks of it.

    `price` is blended US dollars per million tokens, `None` when not known. `tie_break` sorts models of equal score:
    better, then cheaper, then newer, then by id.
    """

    model: CanonicalModel
    purpose: Purpose
    price: float | None
    judgements: Mapping[str, Judgement] = field(repr=False)
    tie_break: TieBreak = field(repr=False)


def appraise(
    models: Iterable[CanonicalModel], statistics: CatalogStatistics, price_ratio: float
) -> tuple[Appraised, ...]:
    """All *models*, judged against the cuts in *statistics* and against their predecessors among *models*.

    Recency counts from the newest release among them, so that the same catalog gives the same answer on any day.
    """
    known = tuple(models)
    ratings = Ratings(known, statistics)
    newest = max((day for model in known if (day := released(model))), default=None)
    appraised = tuple(_appraised(model, ratings, statistics, price_ratio, newest) for model in known)
    return appraised if ratings.any else _guessed(appraised, statistics)


def _appraised(
    model: CanonicalModel, ratings: Ratings, statistics: CatalogStatistics, price_ratio: float, newest: date | None
) -> Appraised:
    purpose = purpose_of(model)
    price = _price(model, purpose, price_ratio)
    cost = _cost(model, purpose, price, statistics)
    unrated = purpose not in ("chat", "special chat", "other endpoint")
    judgements = {
        "cost": cost,
        "latency": judge_latency(model, cost.value),
        "recency": _recency(model, newest),
        **{criterion: ratings.judge(model, criterion) for criterion in RATED},
    }
    if unrated:
        judgements["quality"] = by_size(model)
    day = released(model)
    return Appraised(
        model=model,
        purpose=purpose,
        price=price,
        judgements=judgements,
        tie_break=(
            -(judgements["quality"].value or 0.0),
            float("inf") if price is None else price,
            -day.toordinal() if day else 0,
            model.canonical_id,
        ),
    )


def _guessed(appraised: tuple[Appraised, ...], statistics: CatalogStatistics) -> tuple[Appraised, ...]:
    """In a catalog without ratings, quality guessed for models that have none. One model has one quality, whatever
    its hosts ask for it, so the lowest price among them stands for all; and a guess breaks no tie."""
    lowest: dict[str, float] = {}
    for one in appraised:
        if one.price is not None:
            name = one.model.model_id
            lowest[name] = min(one.price, lowest.get(name, one.price))
    return tuple(
        one
        if one.judgements["quality"].value is not None
        else evolve(
            one,
            judgements={
                **one.judgements,
                "quality": by_standing(
                    _cost(one.model, one.purpose, lowest.get(one.model.model_id), statistics), one.judgements["recency"]
                ),
            },
        )
        for one in appraised
    )


def _price(model: CanonicalModel, purpose: Purpose, price_ratio: float) -> float | None:
    if purpose != "embedding":
        return blended_price(model, price_ratio)
    return model.price_input_per_million if model.price_state == "known" else None


def _cost(model: CanonicalModel, purpose: Purpose, price: float | None, statistics: CatalogStatistics) -> Judgement:
    if price is None:
        why = "included in a plan" if model.price_state == "included" else "unknown"
        return Judgement(None, f"price {why}")
    cuts = EMBEDDING_PRICE_CUTS if purpose == "embedding" else cuts_of("blended_price", statistics)
    return Judgement(low_price_is_good(price, cuts), f"${price:.4g} per million, blended", price)


def _recency(model: CanonicalModel, newest: date | None) -> Judgement:
    day = released(model)
    if day is None or newest is None:
        return Judgement(None, "date of release unknown")
    age = (newest - day).days
    return Judgement(0.5 ** (age / HALF_LIFE), f"released {model.release_date}")
