"""Fuses what all sources say into one canonical model per provider and model id, with provenance. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, fields, frozen

from llmhub.catalog.linking import Offer, OfferKey
from llmhub.catalog.listed_price import compared, price_fields, price_states
from llmhub.catalog.tags import tags
from llmhub.records.measures import TEXT_BOARD, lower_bound, plain_scores
from llmhub.records.model import CanonicalModel, Link, ModelFacts, ModelRecord, Price, PriceState, Provenance, Score

FACTS = tuple(attribute.name for attribute in fields(ModelFacts) if attribute.name != "price")
"""The facts that are fused one by one."""

RowKey = tuple[str, str]
"""A leaderboard's source and its name for a model."""


@frozen(kw_only=True)
class Statement:
    """What one source says of one model. Statements of one model are held in falling `priority`.

    `field_priorities` are the source's priorities for single fields, where they differ: `price` for a list of prices.
    """

    record: ModelRecord
    priority: int
    as_of: str | None = None
    field_priorities: Mapping[str, int] = field(factory=dict)


Statements = Mapping[OfferKey, Sequence[Statement]]


def by_offer(statements: Iterable[Statement]) -> Statements:
    """The statements of sources that serve models, by provider and model id, highest priority first."""
    found: dict[OfferKey, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.record.provider is not None:
            found[statement.record.provider, statement.record.model_id].append(statement)
    return {key: sorted(found[key], key=_precedence) for key in sorted(found)}


def offers(statements: Statements) -> tuple[Offer, ...]:
    """The callable models as the linker needs to see them."""
    return tuple(_offer(key, stated) for key, stated in statements.items())


def fuse(
    statements: Statements, rows: Iterable[Statement], links: Mapping[OfferKey, Sequence[Link]]
) -> tuple[CanonicalModel, ...]:
    """One canonical model per offer, in the order of their ids, without tiers.

    *rows* are the statements of leaderboards; *links* say which of them mean which offer.
    """
    ratings = _Ratings(rows)
    states = price_states({key: _price(stated) for key, stated in statements.items()})
    return tuple(_model(key, stated, states[key], links.get(key, ()), ratings) for key, stated in statements.items())


def _precedence(statement: Statement) -> tuple[int, str]:
    return -statement.priority, statement.record.source


def _offer(key: OfferKey, stated: Sequence[Statement]) -> Offer:
    outputs = next((found for one in stated if (found := one.record.facts.output_modalities)), ())
    return Offer(
        provider=key[0],
        model_id=key[1],
        display_name=_first(stated, "display_name"),
        release_date=_first(stated, "release_date"),
        reasons=_first(stated, "supports_reasoning"),
        makes_text=not outputs or "text" in outputs,
    )


def _first(stated: Sequence[Statement], name: str) -> Any:
    return next(
        (value for one in _preferred(stated, name) if (value := getattr(one.record.facts, name)) is not None), None
    )


def _preferred(stated: Sequence[Statement], name: str) -> Sequence[Statement]:
    """The statements in the order in which they count for the field *name*."""
    if len(stated) == 1 or not any(name in one.field_priorities for one in stated):
        return stated
    return sorted(stated, key=lambda one: (-one.field_priorities.get(name, one.priority), one.record.source))


def _model(
    key: OfferKey,
    stated: Sequence[Statement],
    state: PriceState,
    links: Sequence[Link],
    ratings: _Ratings,
) -> CanonicalModel:
    provider, model_id = key
    values: dict[str, Any] = {}
    provenance = [
        Provenance(field="model_id", source=one.record.source, as_of=one.as_of, rule="listed") for one in stated
    ]
    for name in FACTS:
        stating = [one for one in _preferred(stated, name) if getattr(one.record.facts, name) not in (None, ())]
        if stating:
            values[name] = getattr(stating[0].record.facts, name)
            provenance.append(_origin(name, stating))
    priced, price_origin = _priced(stated, state)
    scored, score_origin = _scored(stated, links, ratings)
    model = CanonicalModel(
        canonical_id=f"{provider}:{model_id}",
        provider=provider,
        model_id=model_id,
        links=tuple(links),
        provenance=(*provenance, *price_origin, *score_origin),
        **values,
        **priced,
        **scored,
    )
    return evolve(model, tags=tags(model))


def _origin(name: str, stating: Sequence[Statement]) -> Provenance:
    """Whose value of a field counts, and who states another."""
    first, *others = stating
    rule = ""
    if others:
        value = getattr(first.record.facts, name)
        rule = "; ".join(
            f"{one.record.source} states {stated}"
            for one in others
            if (stated := getattr(one.record.facts, name)) != value
        )
    return Provenance(field=name, source=first.record.source, as_of=first.as_of, rule=rule)


# --- price ----------------------------------------------------------------------------------------------------------


def _price(stated: Sequence[Statement]) -> Price | None:
    found: Price | None = _first(stated, "price")
    return found


def _priced(stated: Sequence[Statement], state: PriceState) -> tuple[dict[str, Any], list[Provenance]]:
    """Prices are taken whole from one source: a mixture of two price lists is the price of neither."""
    pricing = [one for one in _preferred(stated, "price") if one.record.facts.price is not None]
    price = _price(stated)
    if not pricing or price is None:
        return {}, []
    origin, *witnesses = pricing
    rule = "; ".join([state, *(_witness(one, price) for one in witnesses)])
    provenance = [Provenance(field="price", source=origin.record.source, as_of=origin.as_of, rule=rule)]
    return price_fields(price, state), provenance


def _witness(statement: Statement, price: Price) -> str:
    """What a second source says to a price."""
    other = statement.record.facts.price
    return "" if other is None else compared(price, other, statement.record.source)


# --- scores ---------------------------------------------------------------------------------------------------------


class _Ratings:
    """The statements of leaderboards, by row, and their scores under a mode: made once for all models of a row."""

    def __init__(self, rows: Iterable[Statement]) -> None:
        self._rows: dict[RowKey, Statement] = {(row.record.source, row.record.model_id): row for row in rows}
        self._under: dict[tuple[RowKey, str], tuple[Score, ...]] = {}

    def __getitem__(self, key: RowKey) -> Statement:
        return self._rows[key]

    def scores(self, link: Link) -> tuple[Score, ...]:
        """What the row of *link* was rated, under the mode of *link*."""
        key = (link.source, link.name), link.mode
        if key not in self._under:
            rated = self._rows[key[0]].record.scores
            self._under[key] = tuple(evolve(score, mode=link.mode) for score in rated) if link.mode else rated
        return self._under[key]


def _scored(
    stated: Sequence[Statement], links: Sequence[Link], ratings: _Ratings
) -> tuple[dict[str, Any], list[Provenance]]:
    scores = [score for one in stated for score in one.record.scores]
    provenance: list[Provenance] = []
    for link in _one_per_mode(links, ratings):
        stated_already = {_measured(score) for score in scores}
        added = [score for score in ratings.scores(link) if _measured(score) not in stated_already]
        if not added:
            continue
        scores.extend(added)
        provenance.append(
            Provenance(
                field=f"scores[{link.mode}]" if link.mode else "scores",
                source=link.source,
                as_of=ratings[link.source, link.name].as_of,
                rule=f"{link.relation}: {link.name}, {link.rule}",
            )
        )
    if not scores:
        return {}, provenance
    overall = plain_scores(CanonicalModel(canonical_id="", provider="", model_id="", scores=tuple(scores))).get(
        "overall"
    )
    arena = (
        {"arena_score": overall.rating, "arena_ci_low": overall.low, "arena_ci_high": overall.high} if overall else {}
    )
    return {"scores": tuple(scores), **arena}, provenance


def _measured(score: Score) -> tuple[str, str, str]:
    """What a score is of: two sources of one leaderboard, of different days, state the same ones."""
    return score.board, score.category, score.mode


def _one_per_mode(links: Sequence[Link], ratings: _Ratings) -> list[Link]:
    """One link per source and mode, those of sources with higher priority first.

    Where a board has two names for it, the lower rating counts: it is the safer claim. (Llama 3.1 405B is rated as
    bf16 and as fp8; which of them a host serves is not known.)
    """
    chosen: dict[tuple[str, str], Link] = {}
    for link in links:
        place = link.source, link.mode
        if place not in chosen or _strength(link, ratings) < _strength(chosen[place], ratings):
            chosen[place] = link
    return sorted(chosen.values(), key=lambda link: -ratings[link.source, link.name].priority)


def _strength(link: Link, ratings: _Ratings) -> tuple[float, str]:
    scores: Sequence[Score] = ratings[link.source, link.name].record.scores
    overall = next(
        (lower_bound(score) for score in scores if (score.board, score.category) == (TEXT_BOARD, "overall")),
        float("inf"),
    )
    return overall, link.name
