"""Whether a leaderboard's name means a model whose tokens are the same: mode, stage and date decide. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from llmhub.catalog.identity import Identity
from llmhub.catalog.known_names import Known, KnownNames, KnownOffer, Offer
from llmhub.catalog.mode import is_setting
from llmhub.catalog.naming import CLOSED_PRODUCTS, OPEN_WEIGHT_FAMILIES
from llmhub.records.model import Relation

REASONS: Mapping[str, str] = {
    "same-tokens": "maker and all parts of the name are equal, and neither carries a date",
    "same-date": "maker, all parts of the name and the date are equal",
    "same-day": "the same snapshot, named before and after it left its preview",
    "only-snapshot": "the board's name is the only dated snapshot of this name that is known",
    "released-that-day": "open weights without a date, released on the day of that snapshot and of no other",
    "preview-is-the-only-one": "its maker offers nothing but the preview of this name",
    "latest-of-its-version": "`latest` follows a version, so it means that version",
    "only-build": "only one build of it was ever made, which one of the names leaves out",
    "only-size": "the only size there is of this version, which one of the names leaves out",
    "date-by-display-name": "its display name says which snapshot it is",
    "version-by-display-name": "its maker's display name says which version the dated name is",
}
"""Every rule by which a name is recognised, in words."""


@frozen
class Verdict:
    """By which rule a name means a model; with no `relation`, the rule that forbids it, and `reason` says why."""

    relation: Relation | None
    rule: str
    reason: str = ""


def judge(row: Known, found: KnownOffer, known: KnownNames) -> Verdict:
    """The verdict on a *row* and an offer *found* by its name, both of the same core."""
    mine, theirs = row.identity, found.known.identity
    forbidden = _mode_forbids(mine, theirs, found.offer)
    if forbidden is not None:
        return forbidden
    verdict = _by_stage_and_date(row, found, known)
    if verdict.relation is None:
        return verdict
    if (
        found.offer.reasons
        and mine.mode == ""
        and mine.family in ("kimi", "qwen")
        and not _is_setting(mine, found.offer)
    ):
        return Verdict(
            None, "other-mode", "the name means weights that do not reason, and this model is said to reason"
        )
    if mine.mode != theirs.mode:
        relation: Relation = "mode"
    elif mine.speed != theirs.speed:
        relation = "serving"
    else:
        relation = verdict.relation
    return Verdict(relation, verdict.rule, REASONS[verdict.rule])


def agree_in_mode(row: Identity, identity: Identity, offer: Offer) -> bool:
    """Whether the mode of *row* is that of *identity*, or a setting of it."""
    return row.mode == identity.mode or (identity.mode == "" and _is_setting(row, offer))


def _mode_forbids(row: Identity, identity: Identity, offer: Offer) -> Verdict | None:
    if not agree_in_mode(row, identity, offer):
        told = f"{row.mode or 'the plain model'} there, {identity.mode or 'the plain model'} here"
        return Verdict(None, "other-mode", f"another mode, which is another model in this family ({told})")
    return None


def _is_setting(row: Identity, offer: Offer) -> bool:
    by_family = is_setting(row.family, row.tokens, row.versions, dated=row.date is not None)
    return bool(offer.reasons) if by_family is None else by_family


def _by_stage_and_date(row: Known, found: KnownOffer, known: KnownNames) -> Verdict:
    mine, theirs = row.identity, found.known.identity
    if mine.date is not None and theirs.date is not None:
        return _both_dated(row, found)
    if mine.stage != theirs.stage:
        return _only_preview(row, found, known)
    if mine.date is not None:
        return _dated_and_undated(row, found, known)
    if theirs.date is not None:
        return Verdict(None, "dated", "the name has no date, and this is one snapshot of possibly several")
    if not (mine.pinned and theirs.pinned):
        return Verdict(None, "floating", "without a date this name means another model every few months")
    if found.offer.release_date and known.dated(found.known, found.offer.release_date):
        return Verdict(None, "moved", f"released on {found.offer.release_date}, the day of a dated snapshot of it")
    return _equal(row, found, "same-tokens")


def _both_dated(row: Known, found: KnownOffer) -> Verdict:
    mine, theirs = row.identity, found.known.identity
    if mine.date is None or theirs.date is None or not mine.date.agrees_with(theirs.date):
        return Verdict(None, "other-date", "another snapshot: the dates differ")
    if mine.stage == theirs.stage:
        return _equal(row, found, "same-date")
    if mine.date.is_a_day and theirs.date.is_a_day:
        return Verdict("alias", "same-day")
    return Verdict(None, "other-stage", "one is a preview, and the date of a month does not say which")


def _only_preview(row: Known, found: KnownOffer, known: KnownNames) -> Verdict:
    mine, theirs = row.identity, found.known.identity
    if (
        mine.date is None
        and mine.pinned
        and (mine.stage, theirs.stage) == ("", "preview")
        and known.maker_has_only(row.core, theirs.stage)
        and not known.has_undated_row(row.core, theirs.stage, mine.mode)
    ):
        return Verdict("alias", "preview-is-the-only-one")
    told = f"{mine.stage or 'finished'} there, {theirs.stage or 'finished'} here"
    return Verdict(None, "other-stage", f"a preview is not what follows it ({told})")


def _dated_and_undated(row: Known, found: KnownOffer, known: KnownNames) -> Verdict:
    mine, theirs = row.identity, found.known.identity
    if not theirs.pinned or not theirs.versioned:
        return Verdict(None, "floating", "without a date this id means another model every few months")
    if known.has_undated_row(row.core, mine.stage, mine.mode):
        return Verdict(None, "undated-sibling", "the board has the name without a date as well")
    snapshots = known.snapshots(row)
    if all(one.agrees_with(mine.date) for one in snapshots if mine.date):
        rule = "latest-of-its-version" if theirs.latest else "only-snapshot"
        return Verdict("alias", rule)
    released = known.released_on(found.known, found.offer.release_date or "")
    if released and _is_open(theirs) and all(one.agrees_with(mine.date) for one in released if mine.date):
        return Verdict("alias", "released-that-day")
    return Verdict(None, "several-snapshots", f"{len(snapshots)} snapshots are known, and the id does not say which")


def _is_open(identity: Identity) -> bool:
    # Closed products are moved from one snapshot to the next and keep the day of the first.
    return identity.family in OPEN_WEIGHT_FAMILIES and not CLOSED_PRODUCTS & set(identity.tokens)


def _equal(row: Known, found: KnownOffer, rule: str) -> Verdict:
    mine, theirs = row.identity, found.known.identity
    version, date = "version-by-display-name", "date-by-display-name"
    if (version in row.steps) != (version in found.known.steps):
        return Verdict("alias", version)
    if row.states_date != found.known.states_date:
        return Verdict("alias", date if date in found.known.steps else version)
    if mine.build != theirs.build:
        return Verdict("alias", "only-build")
    if mine.latest != theirs.latest:
        return Verdict("alias", "latest-of-its-version")
    if row.steps != found.known.steps:
        return Verdict("exact", "only-size")
    return Verdict("exact", rule if row.states_date else "same-tokens")
