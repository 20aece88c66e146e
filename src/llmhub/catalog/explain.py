"""Why a model has its links, price and tiers, and what keeps it from the nearest name it was not linked to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from llmhub.catalog.identity import Identity, identify
from llmhub.catalog.judgement import judge
from llmhub.catalog.known_names import KnownNames, Offer
from llmhub.catalog.snapshot_date import SnapshotDate
from llmhub.records.model import CanonicalModel, Link

__all__ = ["Explanation", "explain"]

TIERS = ("cost_tier", "quality_tier", "reasoning_tier", "creative_tier")


@frozen(kw_only=True)
class Near:
    """The nearest name that was not linked, and what forbids the link."""

    name: str
    reasons: tuple[str, ...]


@frozen(kw_only=True)
class Explanation:
    """How a model was understood and judged. `nearest` is there only for a model without a link."""

    understood: Mapping[str, str | None]
    links: Mapping[str, str]
    price: str
    tiers: Mapping[str, tuple[int | None, str]]
    nearest: Near | None = None


def explain(model: CanonicalModel, models: Iterable[CanonicalModel], board_names: Iterable[str]) -> Explanation:
    """The explanation of *model* among all *models*, and all names of leaderboards it could have been linked to."""
    return Explanation(
        understood=understood(identify(model.model_id)),
        links={_told(link): sentence(link) for link in model.links},
        price=_price(model),
        tiers={tier: (getattr(model, tier), model.tier_reasons.get(tier, "")) for tier in TIERS},
        nearest=None if model.links else nearest_name(model, models, board_names),
    )


def nearest_name(model: CanonicalModel, models: Iterable[CanonicalModel], board_names: Iterable[str]) -> Near | None:
    """The leaderboard's name nearest to *model* by the parts they share; `None` when none is of its maker."""
    known = KnownNames(_identified(board_names), [_offer(one) for one in models])
    mine = next((one for one in known if one.offer.key == (model.provider, model.model_id)), None)
    if mine is None:
        return _nearest_to_doubtful(model, known)
    maker, parts = mine.known.core[0], set(mine.known.core[1])
    rivals = [name for name, row in known.rows.items() if maker and row.core[0] == maker]

    def likeness(name: str) -> tuple[float, bool, bool, str]:
        row = known.rows[name]
        shared = len(parts & set(row.core[1])) / len(parts | set(row.core[1]))
        identity = mine.known.identity
        return shared, row.identity.mode == identity.mode, row.identity.date == identity.date, name

    if not rivals:
        return None
    best = max(rivals, key=likeness)
    if known.rows[best].core == mine.known.core:
        return Near(name=best, reasons=(judge(known.rows[best], mine, known).reason,))
    return Near(name=best, reasons=differences(mine.known.identity, known.rows[best].identity))


def understood(identity: Identity | None) -> Mapping[str, str | None]:
    """What a name was taken to mean, part by part; `None` where it states nothing."""
    if identity is None:
        return {"maker": None}
    return {
        "maker": identity.maker or None,
        "tokens": " ".join(identity.tokens),
        "date": None if identity.date is None else written(identity.date),
        "mode": identity.mode or None,
        "name": "fixed" if identity.pinned else "floating: its maker points it at another model now and then",
    }


def differences(mine: Identity, theirs: Identity) -> tuple[str, ...]:
    """What forbids that two names mean the same model, a sentence each."""
    found = []
    only_mine, only_theirs = (set(one.tokens) - set(other.tokens) for one, other in ((mine, theirs), (theirs, mine)))
    if only_mine or only_theirs:
        here = f"only here: {' '.join(sorted(only_mine))}" if only_mine else ""
        there = f"only there: {' '.join(sorted(only_theirs))}" if only_theirs else ""
        found.append(f"the names differ ({', '.join(part for part in (here, there) if part)})")
    if mine.mode != theirs.mode:
        found.append(f"the modes differ ({mine.mode or 'plain'} here, {theirs.mode or 'plain'} there)")
    if (mine.date is None) != (theirs.date is None):
        dated, place = (mine.date, "here") if mine.date else (theirs.date, "there")
        found.append(f"only one is dated ({written(dated)} {place}), so they may be different snapshots")
    elif mine.date is not None and theirs.date is not None and not mine.date.agrees_with(theirs.date):
        found.append(f"the dates differ ({written(mine.date)} here, {written(theirs.date)} there)")
    return tuple(found)


def sentence(link: Link) -> str:
    """In words, why a link was made."""
    relation = _RELATIONS.get(link.relation, link.relation)
    return f"{relation}: {link.reason or link.rule}"


def written(date: SnapshotDate | None) -> str:
    """A date as far as it is known: 2025-09-29, 2025-09, 09-05, or revision 001."""
    if date is None:
        return "none"
    if date.revision is not None:
        return f"revision {date.revision:03d}"
    parts = [f"{date.year:04d}"] if date.year is not None else []
    parts += [f"{part:02d}" for part in (date.month, date.day) if part is not None]
    return "-".join(parts)


_RELATIONS: Mapping[str, str] = {
    "exact": "the same model",
    "alias": "an undated name of that snapshot",
    "mode": "a mode of the same weights",
    "serving": "the same weights at another speed",
}


def _nearest_to_doubtful(model: CanonicalModel, known: KnownNames) -> Near | None:
    for offer, found in known.doubtful:
        if offer.key == (model.provider, model.model_id):
            same = [name for name, row in known.rows.items() if row.core == found.identity.core]
            return Near(name=min(same), reasons=(found.contradiction or "it makes no text",)) if same else None
    return None


def _identified(names: Iterable[str]) -> Mapping[str, Identity]:
    return {name: identity for name in names if (identity := identify(name)) is not None}


def _offer(model: CanonicalModel) -> Offer:
    return Offer(
        provider=model.provider,
        model_id=model.model_id,
        display_name=model.display_name,
        release_date=model.release_date,
        reasons=model.supports_reasoning,
        makes_text=not model.output_modalities or "text" in model.output_modalities,
    )


def _told(link: Link) -> str:
    return f"{link.source}: {link.name}" + (f" (as mode {link.mode})" if link.mode else "")


def _price(model: CanonicalModel) -> str:
    origin = next((one for one in model.provenance if one.field == "price"), None)
    if origin is None:
        return "unknown: no source states one, and an unknown price is not a free one"
    stated = f"stated by {origin.source}" + (f" of {origin.as_of}" if origin.as_of else "")
    if model.price_state == "included":
        return f"included: {stated} as zero, where a plan pays or while the same model costs money elsewhere"
    if model.price_state == "unknown":
        return f"unknown: {stated} as zero, which its provider charges for other models"
    rule = origin.rule.removeprefix("known").removeprefix("; ")
    return f"known: {stated}" + (f"; {rule}" if rule else "")
