"""All names that are known, of leaderboards and of models, by what they mean. Pure.

What a name leaves out is often settled by all the others: a size nobody else contradicts, the only snapshot there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from attrs import evolve, frozen

from llmhub.catalog.identity import Identity, Stem
from llmhub.catalog.naming import FIRST_PARTY, SIZE_WORDS
from llmhub.catalog.second_witness import Bridges, Witnessed, bridges, witnessed
from llmhub.catalog.snapshot_date import SnapshotDate, read_iso

OfferKey = tuple[str, str]
"""Provider and model id."""


@frozen(kw_only=True)
class Offer:
    """A callable model as the linker sees it. `makes_text` is false for models whose output is known to be no text.

    Display name, release date and `reasons` are second witnesses: they may forbid a link, and complete what an id says.
    """

    provider: str
    model_id: str
    display_name: str | None = None
    release_date: str | None = None
    reasons: bool | None = None
    makes_text: bool = True

    @property
    def key(self) -> OfferKey:
        return self.provider, self.model_id


class Known(NamedTuple):
    """An identity in the form that all names of the same model share. `steps` are the rules it took to get there.

    `states_date` is false where the date, if any, is known from elsewhere than the name.
    """

    identity: Identity
    core: Stem
    steps: tuple[str, ...] = ()
    states_date: bool = False


class KnownOffer(NamedTuple):
    offer: Offer
    known: Known


class KnownNames:
    """The identities of a leaderboard's *rows* and of *offers*. Offers that contradict themselves stand apart."""

    def __init__(self, rows: Mapping[str, Identity], offers: Sequence[Offer]) -> None:
        stated = [(offer, found) for offer in offers if (found := witnessed(offer.model_id, offer.display_name))]
        trusted = [(offer, found) for offer, found in stated if offer.makes_text and not found.contradiction]
        identities = [*rows.values(), *(found.identity for _, found in trusted)]
        self._form = _CommonForm(identities, bridges(found for _, found in trusted))
        self.rows = {name: self._form.of(identity) for name, identity in rows.items()}
        self.doubtful: Sequence[tuple[Offer, Witnessed]] = [
            (offer, found) for offer, found in stated if not offer.makes_text or found.contradiction
        ]
        self._offers: dict[Stem, list[KnownOffer]] = defaultdict(list)
        self._rows: dict[Stem, list[Identity]] = defaultdict(list)
        self._dates: dict[tuple[Stem, str], set[SnapshotDate]] = defaultdict(set)
        self._released: dict[tuple[Stem, str], set[tuple[str, SnapshotDate]]] = defaultdict(set)
        for known in self.rows.values():
            self._rows[known.core].append(known.identity)
            self._note_date(known)
        for offer, found in trusted:
            known = self._form.of(found.identity)
            if found.dated_by_name:
                known = known._replace(states_date=False, steps=(*known.steps, "date-by-display-name"))
            self._offers[known.core].append(KnownOffer(offer, known))
            self._note_date(known)
            if known.identity.date and offer.release_date:
                self._released[known.core, known.identity.stage].add((offer.release_date, known.identity.date))

    def form(self, identity: Identity) -> Known:
        """*identity* in the form that all names of its model share."""
        return self._form.of(identity)

    def offers(self, core: Stem) -> Sequence[KnownOffer]:
        """The offers whose names come to *core*."""
        return self._offers.get(core, ())

    def __iter__(self) -> Iterator[KnownOffer]:
        return (offer for offers in self._offers.values() for offer in offers)

    def snapshots(self, known: Known) -> frozenset[SnapshotDate]:
        """The dates under which the model is known anywhere."""
        return frozenset(self._dates[known.core, known.identity.stage])

    def has_undated_row(self, core: Stem, stage: str, mode: str) -> bool:
        """Whether the leaderboard has a name without a date for it."""
        return any(row.date is None and (row.stage, row.mode) == (stage, mode) for row in self._rows[core])

    def released_on(self, known: Known, day: str) -> frozenset[SnapshotDate]:
        """The snapshots that came out on *day* (ISO), by their own date or by the day that a dated offer came out.

        That day counts only in the month of the snapshot, since many hosts write down the day of the first one.
        """
        offered = self._released[known.core, known.identity.stage]
        return self.dated(known, day) | {date for released, date in offered if released == day and _is_month(date, day)}

    def dated(self, known: Known, day: str) -> frozenset[SnapshotDate]:
        """The snapshots that carry *day* (ISO) as their date."""
        return frozenset(date for date in self._dates[known.core, known.identity.stage] if _is_day(date, day))

    def maker_has_only(self, core: Stem, stage: str) -> bool:
        """Whether the maker itself offers the model at this stage and at no other."""
        own = FIRST_PARTY.get(core[0], frozenset())
        stages = {found.known.identity.stage for found in self.offers(core) if found.offer.provider in own}
        return stages == {stage}

    def _note_date(self, known: Known) -> None:
        if known.identity.date:
            self._dates[known.core, known.identity.stage].add(known.identity.date)


class _CommonForm:
    """Brings identities into one form: without a size that is the only one, and dated rather than versioned."""

    def __init__(self, identities: Iterable[Identity], by_version: Bridges) -> None:
        self._by_version = by_version
        self._sizes: dict[Stem, set[str]] = defaultdict(set)
        for identity in identities:
            if len(identity.sizes) == 1:
                self._sizes[_without_size(identity)].update(identity.sizes)

    def of(self, identity: Identity) -> Known:
        core, steps, date = identity.core, [], identity.date
        if self._is_only_size(identity):
            core = _without_size(identity)
            steps.append("only-size")
        bridge = self._by_version.get(core)
        if bridge is not None and (date is None or date.agrees_with(bridge[1])):
            core, date = bridge
            steps.append("version-by-display-name")
        dated = identity if date is identity.date else evolve(identity, date=date)
        return Known(dated, core, tuple(steps), states_date=identity.date is not None)

    def _is_only_size(self, identity: Identity) -> bool:
        # Elsewhere the number is what tells the models of a family apart (glm-4 and glm-4-9b).
        if len(identity.sizes) != 1 or not identity.versions or not SIZE_WORDS & set(identity.tokens):
            return False
        return len(self._sizes[_without_size(identity)]) == 1


def _without_size(identity: Identity) -> Stem:
    maker, tokens = identity.core
    return maker, tuple(token for token in tokens if token not in identity.sizes)


def _is_day(date: SnapshotDate, iso: str) -> bool:
    stated = read_iso(iso)
    return stated is not None and stated.is_a_day and date.is_a_day and date.agrees_with(stated)


def _is_month(date: SnapshotDate, iso: str) -> bool:
    stated = read_iso(iso)
    return stated is not None and date.month is not None and date.agrees_with(evolve(stated, day=None))
