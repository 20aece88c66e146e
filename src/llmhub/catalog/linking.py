"""Recognises the names of a leaderboard among the models that can be called. Pure.

Equal maker and equal tokens, or no link. A wrong link gives a model another model's score, and a wrong score looks as
good as a right one: in doubt there is no link, and the name is listed as unlinked, with the rule that forbade it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from llmhub.catalog.alias_facts import AliasFact
from llmhub.catalog.identity import Identity, Stem, identify
from llmhub.catalog.judgement import judge
from llmhub.catalog.known_names import Known, KnownNames, KnownOffer, Offer, OfferKey
from llmhub.catalog.second_witness import Witnessed
from llmhub.records.model import Link

__all__ = ["Offer", "OfferKey", "Unlinked", "link", "unlinked"]


@frozen(kw_only=True)
class Unlinked:
    """A name no offer was recognised for, with the offer that shares most with it, and what forbade that link.

    Told to people, used for nothing.
    """

    name: str
    nearest: str | None = None
    rule: str = ""
    reason: str = ""


def link(
    source: str, names: Iterable[str], offers: Sequence[Offer], facts: Sequence[AliasFact] = ()
) -> Mapping[OfferKey, tuple[Link, ...]]:
    """The links of every offer that at least one of *names* means, in the order of *names*.

    *facts* are applied after the rules: they say what an id means that no rule can read from it.
    """
    rows = _identified(names)
    known = KnownNames(rows, offers)
    found: dict[OfferKey, dict[str, Link]] = defaultdict(dict)
    for name, row in known.rows.items():
        for same in known.offers(row.core):
            verdict = judge(row, same, known)
            if verdict.relation is not None:
                mode = row.identity.mode_label if row.identity.mode != same.known.identity.mode else ""
                found[same.offer.key][name] = Link(
                    source=source,
                    name=name,
                    relation=verdict.relation,
                    rule=verdict.rule,
                    mode=mode,
                    reason=verdict.reason,
                )
    for offer, fact in _of_facts(offers, facts):
        for name, linked in _by_fact(source, offer, fact, known).items():
            found[offer.key].setdefault(name, linked)
    return {key: tuple(links.values()) for key, links in found.items()}


def unlinked(
    names: Iterable[str], offers: Sequence[Offer], links: Mapping[OfferKey, Sequence[Link]]
) -> tuple[Unlinked, ...]:
    """The names without a link, each with its nearest offer (`None` when none shares its maker) and what forbade it."""
    every = list(names)
    linked = {found.name for many in links.values() for found in many}
    rows = _identified(every)
    known = KnownNames(rows, offers)
    by_maker: dict[str, list[KnownOffer]] = defaultdict(list)
    for offer in known:
        by_maker[offer.known.core[0]].append(offer)
    doubtful: dict[Stem, list[tuple[Offer, Witnessed]]] = defaultdict(list)
    for offer_in_doubt, found in known.doubtful:
        doubtful[found.identity.core].append((offer_in_doubt, found))
    return tuple(_unlinked(name, known, by_maker, doubtful) for name in every if name not in linked)


def _identified(names: Iterable[str]) -> Mapping[str, Identity]:
    # An unknown maker equals no other unknown maker.
    return {name: identity for name in names if (identity := identify(name)) is not None and identity.maker}


# --- facts ----------------------------------------------------------------------------------------------------------


def _of_facts(offers: Sequence[Offer], facts: Sequence[AliasFact]) -> Iterable[tuple[Offer, AliasFact]]:
    by_id: dict[str, list[AliasFact]] = defaultdict(list)
    for fact in facts:
        for model_id in fact.ids:
            by_id[model_id.lower()].append(fact)
    for offer in offers:
        for fact in by_id.get(offer.model_id.lower(), ()):
            if not fact.providers or offer.provider in fact.providers:
                yield offer, fact


def _by_fact(source: str, offer: Offer, fact: AliasFact, known: KnownNames) -> Mapping[str, Link]:
    """What the board rates under the name that *fact* says the offer means; a mode of it stays a mode."""
    meant = identify(fact.means)
    if meant is None:
        return {}
    form = known.form(meant)
    links = {}
    for name, row in known.rows.items():
        if row.core != form.core or (fact.fixed_mode and row.identity.mode != meant.mode):
            continue
        verdict = judge(row, KnownOffer(Offer(provider=offer.provider, model_id=fact.means), form), known)
        if verdict.relation is not None:
            is_mode = row.identity.mode != meant.mode
            links[name] = Link(
                source=source,
                name=name,
                relation="mode" if is_mode else "alias",
                rule=f"fact: {fact.name}",
                mode=row.identity.mode_label if is_mode else "",
                reason=fact.reason,
            )
    return links


# --- what was not linked --------------------------------------------------------------------------------------------


def _unlinked(
    name: str,
    known: KnownNames,
    by_maker: Mapping[str, Sequence[KnownOffer]],
    doubtful: Mapping[Stem, Sequence[tuple[Offer, Witnessed]]],
) -> Unlinked:
    row = known.rows.get(name)
    if row is None:
        return Unlinked(name=name, rule="no-identity", reason="the name states no model, or a maker that is not known")
    if same := known.offers(row.core):
        nearest = max(same, key=lambda offer: _likeness(row, offer))
        verdict = judge(row, nearest, known)
        return Unlinked(name=name, nearest=_told(nearest.offer), rule=verdict.rule, reason=verdict.reason)
    for offer, found in doubtful.get(row.core, ()):
        rule, reason = (
            ("contradiction", found.contradiction) if found.contradiction else ("no-text", "it makes no text")
        )
        return Unlinked(name=name, nearest=_told(offer), rule=rule, reason=reason)
    rivals = by_maker.get(row.core[0], ())
    if not rivals:
        return Unlinked(name=name, rule="no-offer-of-its-maker", reason="nothing that can be called is of its maker")
    nearest = max(rivals, key=lambda offer: _likeness(row, offer))
    return Unlinked(
        name=name, nearest=_told(nearest.offer), rule="other-tokens", reason=_differences(row, nearest.known)
    )


def _likeness(row: Known, offer: KnownOffer) -> tuple[float, bool, bool, int, str]:
    mine, theirs = set(row.core[1]), set(offer.known.core[1])
    identity = offer.known.identity
    return (
        len(mine & theirs) / len(mine | theirs),
        row.identity.mode == identity.mode,
        row.identity.date == identity.date,
        -len(offer.offer.model_id),
        _told(offer.offer),
    )


def _differences(row: Known, offer: Known) -> str:
    mine, theirs = set(row.core[1]), set(offer.core[1])
    parts = [
        f"only {where} says {', '.join(sorted(words))}"
        for where, words in (("the name", mine - theirs), ("the model", theirs - mine))
        if words
    ]
    return "; ".join(parts) or "the same words in another number"


def _told(offer: Offer) -> str:
    return f"{offer.provider}:{offer.model_id}"
