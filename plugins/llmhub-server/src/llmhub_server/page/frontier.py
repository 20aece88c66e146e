"""Models as points of quality against price, and the frontier: those that no other betters in both. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from llmhub.records.measures import blended_price, is_live
from llmhub.records.model import CanonicalModel


@frozen(kw_only=True)
class Point:
    """One model: its `price` in US dollars per million tokens, blended, and its `score` with what bounds it.

    `date` is that of the ratings.
    """

    id: str
    name: str | None
    provider: str
    price: float
    score: float
    low: float | None = None
    high: float | None = None
    date: str | None = None


@frozen(kw_only=True)
class Chart:
    """The `points` by id, and how many models have no place: without a score, without a price, without both.

    `free`: so many have a score and cost nothing, which has no place on an axis of powers.
    """

    points: tuple[Point, ...]
    unrated: int
    unpriced: int
    neither: int
    free: int


def chart(models: Iterable[CanonicalModel], price_ratio: float) -> Chart:
    """The live among *models* as points, at so many input tokens to one output token."""
    points = []
    unrated = unpriced = neither = free = 0
    for model in models:
        if not is_live(model):
            continue
        price, score = blended_price(model, price_ratio), model.arena_score
        if score is None and price is None:
            neither += 1
        elif score is None:
            unrated += 1
        elif price is None:
            unpriced += 1
        elif price <= 0:
            free += 1
        else:
            points.append(_point(model, price, score))
    points.sort(key=lambda point: point.id)
    return Chart(points=tuple(points), unrated=unrated, unpriced=unpriced, neither=neither, free=free)


def frontier(points: Iterable[Point]) -> tuple[Point, ...]:
    """The *points* that none betters: none costs at most as much and is rated higher, or costs less for the same.

    From the cheapest to the dearest, each rated higher than the one before. Of equals the first by id stands for all.
    """
    best: list[Point] = []
    for point in sorted(points, key=lambda one: (one.price, -one.score, one.id)):
        if not best or point.score > best[-1].score:
            best.append(point)
    return tuple(best)


def steps(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The line of a frontier: what is the best to be had for each price, so it rises in steps."""
    line: list[tuple[float, float]] = []
    for point in points:
        if line:
            line.append((point.price, line[-1][1]))
        line.append((point.price, point.score))
    return line


def _point(model: CanonicalModel, price: float, score: float) -> Point:
    dates = [one.as_of for one in model.provenance if one.field.startswith("scores") and one.as_of]
    return Point(
        id=model.canonical_id,
        name=model.display_name,
        provider=model.provider,
        price=price,
        score=score,
        low=model.arena_ci_low,
        high=model.arena_ci_high,
        date=max(dates, default=None),
    )
