"""What of the catalog a visitor looks at: as a value, in the address, and as the models that it lets pass. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from attrs import frozen

from llmhub.records.measures import blended_price, is_live
from llmhub.records.model import CanonicalModel

TIERS = ("quality", "cost", "reasoning", "creative")


@frozen(kw_only=True)
class Selection:
    """What a model must have to be shown; nothing asked lets every model pass.

    `text`: words that its id, name, family or tags contain, all of them, upper and lower case alike. `providers`: one
    of them; `tags`: all of them. `max_price` bounds the blended price in US dollars per million tokens, `min_context`
    the window in tokens. `tiers`: name to the poorest tier allowed. `live`: not deprecated or retired. What is unknown
    satisfies no limit.
    """

    text: str = ""
    providers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    max_price: float | None = None
    min_context: int | None = None
    tiers: tuple[tuple[str, int], ...] = ()
    live: bool = False

    @property
    def limits(self) -> int:
        """How many things are asked beside the text."""
        single = (self.max_price is not None, self.min_context is not None, self.live)
        return sum(single) + bool(self.providers) + bool(self.tags) + len(self.tiers)


def from_query(query: Mapping[str, str]) -> Selection:
    """The selection that an address tells; what it tells wrongly is as if it were not there."""
    tiers = ((name, _number(query.get(name))) for name in TIERS)
    context = _number(query.get("context"))
    return Selection(
        text=query.get("q", "").strip(),
        providers=_names(query.get("provider")),
        tags=_names(query.get("tags")),
        max_price=_number(query.get("price")),
        min_context=None if context is None else int(context),
        tiers=tuple((name, int(tier)) for name, tier in tiers if tier is not None and 1 <= tier <= 5),
        live=query.get("live") == "1",
    )


def to_query(selection: Selection) -> dict[str, str]:
    """The names and values in the address that tell *selection*; empty for one that asks nothing."""
    told = {
        "q": selection.text,
        "provider": ",".join(selection.providers),
        "tags": ",".join(selection.tags),
        "price": "" if selection.max_price is None else f"{selection.max_price:.12g}",
        "context": "" if selection.min_context is None else str(selection.min_context),
        **{name: str(tier) for name, tier in selection.tiers},
        "live": "1" if selection.live else "",
    }
    return {name: value for name, value in told.items() if value}


def address(path: str, query: Mapping[str, str]) -> str:
    """*path* with *query* behind it."""
    return f"{path}?{urlencode(query, safe=':,/')}" if query else path


@frozen(kw_only=True)
class Searched:
    """One model made ready to be looked for: all its words in lower case, and what can be limited."""

    words: str
    provider: str
    tags: frozenset[str]
    price: float | None
    context: int | None
    tiers: Mapping[str, int | None]
    live: bool


def searched(model: CanonicalModel, price_ratio: float) -> Searched:
    """*model* made ready to be looked for."""
    words = (model.canonical_id, model.display_name or "", model.family or "", *model.tags)
    return Searched(
        words="\n".join(words).lower(),
        provider=model.provider,
        tags=frozenset(model.tags),
        price=blended_price(model, price_ratio),
        context=model.context_tokens,
        tiers={name: getattr(model, f"{name}_tier") for name in TIERS},
        live=is_live(model),
    )


def passing(models: Sequence[Searched], selection: Selection) -> list[int]:
    """The places of the *models* that *selection* lets pass, in their order."""
    words = selection.text.lower().split()
    wanted = frozenset(selection.tags)
    found: Iterable[tuple[int, Searched]] = enumerate(models)
    if selection.providers:
        found = ((place, one) for place, one in found if one.provider in selection.providers)
    if selection.limits:
        found = ((place, one) for place, one in found if wanted <= one.tags and _within(one, selection))
    return [place for place, one in found if all(word in one.words for word in words)]


def _within(model: Searched, selection: Selection) -> bool:
    if selection.max_price is not None and not (model.price is not None and model.price <= selection.max_price):
        return False
    if selection.min_context is not None and not (model.context or 0) >= selection.min_context:
        return False
    if selection.live and not model.live:
        return False
    return all((tier := model.tiers[name]) is not None and tier <= poorest for name, poorest in selection.tiers)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (text or "").split(",") if name))


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
