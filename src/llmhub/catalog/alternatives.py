"""What to look at beside a model: the nearest that cost less, and the nearest that are rated better. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import frozen

from llmhub.catalog.offers import are_same
from llmhub.records.measures import blended_price, is_live, makes_text, plain_scores
from llmhub.records.model import CanonicalModel, Score

__all__ = ["Alternatives", "alternatives"]

DEMANDED = ("reasoning", "tools", "vision")
"""What an alternative must be able to do as well, if the model is known to."""

_PURPOSES = frozenset({"embedding", "moderation", "rerank", "speech", "transcription"})


@frozen(kw_only=True)
class Alternatives:
    """`cheaper`: lower price, nearest in rating first. `better`: rated higher beyond chance, nearest in price first.

    Each holds different models, at the provider where they cost least. `note` says what could not be compared.
    """

    cheaper: tuple[CanonicalModel, ...] = ()
    better: tuple[CanonicalModel, ...] = ()
    note: str = ""


def alternatives(
    model: CanonicalModel, models: Mapping[str, CanonicalModel], price_ratio: float, count: int = 3
) -> Alternatives:
    """At most *count* alternatives of each sort among the live models that do the same and can do as much."""
    price, score = blended_price(model, price_ratio), _overall(model)
    peers = {other.canonical_id: other for other in models.values() if _is_peer(other, model)}
    prices = {key: cost for key, other in peers.items() if (cost := blended_price(other, price_ratio)) is not None}
    scores = {key: rated for key, other in peers.items() if (rated := _overall(other)) is not None}

    def nearness(key: str) -> tuple[float, float, str]:
        gap = abs(scores[key].rating - score.rating) if score is not None and key in scores else math.inf
        return gap, abs(math.log(prices[key] / price)) if price and prices[key] else math.inf, key

    def expense(key: str) -> tuple[float, float, str]:
        apart = abs(math.log(prices[key] / price)) if price and prices.get(key) else math.inf
        return apart, scores[key].rating, key

    cheaper = [key for key, cost in prices.items() if price is not None and cost < price]
    if score is not None:
        cheaper = [key for key in cheaper if key in scores]
    better = [key for key, rated in scores.items() if score is not None and _low(rated) > _high(score)]
    by_price = sorted(prices, key=lambda key: (prices[key], key))
    return Alternatives(
        cheaper=_different(model, (peers[key] for key in sorted(cheaper, key=nearness)), peers, by_price, count),
        better=_different(model, (peers[key] for key in sorted(better, key=expense)), peers, by_price, count),
        note=_note(model, price, score),
    )


def _is_peer(other: CanonicalModel, model: CanonicalModel) -> bool:
    return (
        other.canonical_id != model.canonical_id
        and is_live(other)
        and makes_text(other) == makes_text(model)
        and _PURPOSES & set(other.tags) == _PURPOSES & set(model.tags)
        and set(model.output_modalities) <= set(other.output_modalities)
        and {tag for tag in DEMANDED if tag in model.tags} <= set(other.tags)
    )


def _different(
    model: CanonicalModel,
    nearest: Iterable[CanonicalModel],
    peers: Mapping[str, CanonicalModel],
    by_price: Iterable[str],
    count: int,
) -> tuple[CanonicalModel, ...]:
    """The first *count* that are neither *model* nor one another, each at its cheapest provider."""
    ascending = [peers[key] for key in by_price]
    chosen: list[CanonicalModel] = []
    for other in nearest:
        if any(are_same(other, known) for known in (model, *chosen)):
            continue
        chosen.append(next((offer for offer in ascending if offer is other or are_same(offer, other)), other))
        if len(chosen) == count:
            break
    return tuple(chosen)


def _note(model: CanonicalModel, price: float | None, score: Score | None) -> str:
    missing = []
    if price is None:
        state = "included in a plan" if model.price_state == "included" else "not known"
        missing.append(f"its price is {state}, so none can be called cheaper")
    if score is None:
        missing.append("it is not rated, so none can be called better")
    return "; ".join(missing)


def _overall(model: CanonicalModel) -> Score | None:
    return plain_scores(model).get("overall")


def _low(score: Score) -> float:
    return score.rating if score.low is None else score.low


def _high(score: Score) -> float:
    return score.rating if score.high is None else score.high
