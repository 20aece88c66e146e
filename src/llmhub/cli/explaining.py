"""How a role's model was chosen, for people and for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from llmhub.cli.render import dollars, print_heading, print_table, print_text

if TYPE_CHECKING:
    from llmhub.records.selection import Candidate, Selection

SHOWN = 6
"""The winner and the five next."""


def print_selection(selection: Selection) -> None:
    """The winner, the five next with what their scores are made of, and why the obvious names lost."""
    print_heading(f"{selection.need.role}: {selection.chosen.canonical_id}")
    print_text(selection.reason, indent=2)
    print_candidates(selection, SHOWN)
    print_text(f"{len(selection.ranked)} candidates, {len(selection.rejected)} models ruled out.", indent=2)
    if selection.passed_over:
        print_text("Why others were not chosen:", indent=2)
        for other in selection.passed_over:
            print_text(f"{other.canonical_id}: {other.why}", indent=4)
    sys.stdout.write("\n")


def print_candidates(selection: Selection, shown: int) -> None:
    """A table of the first candidates: each criterion's value, and what it adds to the score."""
    if not selection.ranked:
        return
    first = selection.ranked[0]
    criteria = [part.criterion for part in first.contributions]
    total = sum(part.weight for part in first.contributions) or 1.0
    headed = [f"{part.criterion} x{part.weight:g}" for part in first.contributions]
    rows = [_row(candidate, total) for candidate in selection.ranked[:shown]]
    print_table(
        ("  candidate", "score", *headed, "in $/M", "out $/M"),
        rows,
        numeric=("score", *headed, "in $/M", "out $/M"),
        droppable=("out $/M", "in $/M", *reversed(headed)),
    )
    print_text(f"{', '.join(criteria)}: value from 0 to 1, and what it adds to the score at its weight (x).", indent=2)


def plain_selection(selection: Selection, shown: int | None = None) -> dict[str, Any]:
    """A selection as plain values, with its first candidates."""
    need = selection.need
    return {
        "role": need.role,
        "model": selection.chosen.canonical_id,
        "reason": selection.reason,
        "relaxed": list(selection.relaxed),
        "fallbacks": [model.canonical_id for model in selection.fallbacks],
        "params": dict(selection.params),
        "weights": dict(need.weights),
        "candidates": [
            plain_candidate(candidate, place) for place, candidate in enumerate(selection.ranked[:shown], start=1)
        ],
        "candidate_count": len(selection.ranked),
        "rejected_count": len(selection.rejected),
        "passed_over": [{"model": other.canonical_id, "why": other.why} for other in selection.passed_over],
    }


def plain_candidate(candidate: Candidate, place: int | None) -> dict[str, Any]:
    """A candidate as plain values."""
    model = candidate.model
    return {
        "place": place,
        "model": model.canonical_id,
        "score": candidate.score,
        "price_input_per_million": model.price_input_per_million,
        "price_output_per_million": model.price_output_per_million,
        "criteria": [
            {
                "criterion": part.criterion,
                "value": part.value,
                "weight": part.weight,
                "contribution": part.points,
                "note": part.note,
            }
            for part in candidate.contributions
        ],
    }


def _row(candidate: Candidate, total: float) -> tuple[object, ...]:
    model = candidate.model
    parts = [
        "unknown" if part.value is None else f"{part.value:.2f} +{part.points / total:.3f}"
        for part in candidate.contributions
    ]
    prices = (model.price_input_per_million, model.price_output_per_million)
    return f"  {model.canonical_id}", f"{candidate.score:.3f}", *parts, *(dollars(price) for price in prices)
