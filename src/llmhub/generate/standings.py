"""How models stand in the choice for one role: the winner, who came next, and why another one lost. Pure."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from llmhub.records.selection import Candidate, Contribution, Selection


@frozen(kw_only=True)
class Fate:
    """What became of one model in the choice for a role.

    `place` counts from 1 among `of` candidates. `reason` is a sentence without its subject ("lost to ... on cost").
    """

    model: str
    outcome: Literal["chosen", "fallback", "lost", "ruled out", "not considered"]
    reason: str
    place: int | None = None
    of: int = 0
    candidate: Candidate | None = None


@frozen(kw_only=True)
class Difference:
    """One criterion on which two candidates differ: `points` are what it adds to the first one's lead in score."""

    criterion: str
    weight: float
    winner: Contribution
    other: Contribution
    points: float


def fate(canonical_id: str, selection: Selection) -> Fate:
    """What became of the model *canonical_id* in *selection*."""
    of = len(selection.ranked)
    place, candidate = _place(canonical_id, selection)
    chosen = selection.chosen.canonical_id
    if canonical_id == chosen:
        return Fate(
            model=canonical_id, outcome="chosen", reason=selection.reason, place=place, of=of, candidate=candidate
        )
    names = [model.canonical_id for model in selection.fallbacks]
    if candidate is not None:
        lost = f"lost to {chosen}{_on_what(selection, candidate)}"
        if canonical_id in names:
            reason = f"stands in as fallback {names.index(canonical_id) + 1}; as first choice it {lost}"
            return Fate(model=canonical_id, outcome="fallback", reason=reason, place=place, of=of, candidate=candidate)
        return Fate(model=canonical_id, outcome="lost", reason=lost, place=place, of=of, candidate=candidate)
    if canonical_id in names:
        reason = f"stands in as fallback {names.index(canonical_id) + 1}"
        return Fate(model=canonical_id, outcome="fallback", reason=reason, of=of)
    rejection = next((one for one in selection.rejected if one.canonical_id == canonical_id), None)
    if rejection is not None:
        reasons = "; ".join((rejection.reason, *rejection.others))
        return Fate(model=canonical_id, outcome="ruled out", reason=reasons, of=of)
    why = "the spec forces another model, so no other was looked at" if selection.need.force_model else "not looked at"
    return Fate(model=canonical_id, outcome="not considered", reason=why, of=of)


def differences(selection: Selection, other: Candidate) -> tuple[Difference, ...]:
    """What the score of the first candidate is made of beside that of *other*, the most telling criterion first."""
    if not selection.ranked:
        return ()
    first = _winner(selection)
    total = sum(part.weight for part in first.contributions) or 1.0
    others = {part.criterion: part for part in other.contributions}
    found = [
        Difference(
            criterion=part.criterion,
            weight=part.weight,
            winner=part,
            other=others[part.criterion],
            points=(part.points - others[part.criterion].points) / total,
        )
        for part in first.contributions
        if part.criterion in others
    ]
    return tuple(sorted(found, key=lambda one: -one.points))


def _winner(selection: Selection) -> Candidate:
    chosen = selection.chosen.canonical_id
    return next((one for one in selection.ranked if one.model.canonical_id == chosen), selection.ranked[0])


def _place(canonical_id: str, selection: Selection) -> tuple[int | None, Candidate | None]:
    for place, candidate in enumerate(selection.ranked, start=1):
        if candidate.model.canonical_id == canonical_id:
            return place, candidate
    return None, None


def _on_what(selection: Selection, candidate: Candidate) -> str:
    telling = [one for one in differences(selection, candidate) if one.points > 0]
    behind = _winner(selection).score - candidate.score
    if behind <= 0 and selection.ranked[0].model.canonical_id == candidate.model.canonical_id:
        return ", though its score is higher"
    if not telling:
        return " by the order among equals (quality, then price, then age, then name)"
    share = [one for one in telling if one.points >= telling[0].points / 3]
    return f" by {behind:.3f} on {' and '.join(_told(one) for one in share[:2])}"


def _told(one: Difference) -> str:
    return f"{one.criterion} ({_value(one.other)} against {_value(one.winner)})"


def _value(part: Contribution) -> str:
    return "unknown" if part.value is None else f"{part.value:.2f}"
