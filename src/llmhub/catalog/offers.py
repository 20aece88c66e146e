"""One model and the places that serve it: which entries of a catalog are the same model. Pure.

By identity, never by similarity: equal maker, tokens and mode, and dates that agree; or one name on a leaderboard that
both were recognised as. A floating name (`qwen-plus`) is another model every few months, so it equals nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from llmhub.catalog.identity import Identity, identify
from llmhub.catalog.naming import FIRST_PARTY
from llmhub.catalog.second_witness import witnessed
from llmhub.records.measures import blended_price
from llmhub.records.model import CanonicalModel


def offers(
    model: CanonicalModel, models: Mapping[str, CanonicalModel], price_ratio: float
) -> tuple[CanonicalModel, ...]:
    """The other entries of *models* that are the same model, the cheapest first, unknown prices last.

    At other providers, and under other ids at the same one.
    """
    identity = identify(model.model_id)
    if identity is None:
        return ()
    # The family's word stands in every name of the model: most ids need not be taken apart, nor most models made.
    found = [
        other
        for key in models
        if key != model.canonical_id and identity.family in key.lower()
        for other in (models[key],)
        if are_same(model, other)
    ]

    def place(other: CanonicalModel) -> tuple[bool, float, str]:
        price = blended_price(other, price_ratio)
        return price is None, price or 0.0, other.canonical_id

    return tuple(sorted(found, key=place))


def makers_own(found: Sequence[CanonicalModel]) -> CanonicalModel | None:
    """Of models that one name means, the one its maker serves itself: `gpt-4o-mini` is OpenAI's, hosted by others, too.

    `None` when they are not all of one maker, or the maker serves none of them, or several under different ids. A maker
    with two providers of its own has its first by name taken (`gemini` before `vertexai`).
    """
    makers = {identity.maker if (identity := identify(model.model_id)) else "" for model in found}
    if len(makers) != 1:
        return None
    providers = FIRST_PARTY.get(makers.pop(), frozenset())
    own = sorted((model for model in found if model.provider in providers), key=lambda model: model.canonical_id)
    return own[0] if len({model.model_id.lower() for model in own}) == 1 else None


def are_same(model: CanonicalModel, other: CanonicalModel) -> bool:
    """Whether both are the same weights in the same mode, by all that their names and links tell."""
    if _board_names(model) & _board_names(other):
        return True
    mine, theirs = stated_identity(model), stated_identity(other)
    return mine is not None and theirs is not None and are_equal(mine, theirs)


def are_equal(mine: Identity, theirs: Identity) -> bool:
    """Whether two names mean the same model: a date on one side only leaves that open, and open is not equal."""
    if mine.stem != theirs.stem or mine.mode != theirs.mode:
        return False
    if mine.date is not None and theirs.date is not None:
        return mine.date.agrees_with(theirs.date)
    return mine.date is None and theirs.date is None and mine.pinned and theirs.pinned


def stated_identity(model: CanonicalModel) -> Identity | None:
    """What the id states; `None` where the display name contradicts it, so that one of the two is wrong."""
    return _stated(model.model_id, model.display_name)


@lru_cache(maxsize=16_384)  # each model is held against many others
def _stated(model_id: str, display_name: str | None) -> Identity | None:
    found = witnessed(model_id, display_name)
    return None if found is None or found.contradiction else found.identity


def _board_names(model: CanonicalModel) -> set[tuple[str, str]]:
    return {(link.source, link.name) for link in model.links if link.relation in ("exact", "alias") and not link.mode}
