"""What a second witness said to the prices of a catalog, counted from their provenance. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from llmhub.records.model import CanonicalModel


def testimony(witness: str, models: Iterable[CanonicalModel]) -> str:
    """How many prices *witness* confirmed, contradicts (with the first of them) and is the only one to state."""
    confirmed = filled = 0
    contradicted: list[str] = []
    for model in models:
        for origin in model.provenance:
            if origin.field != "price":
                continue
            filled += origin.source == witness
            said = [part for part in origin.rule.split("; ") if part.startswith(f"{witness} ")]
            confirmed += said == [f"{witness} agrees"]
            contradicted += [f"{model.canonical_id}: {part}" for part in said if part != f"{witness} agrees"]
    first = f" (first: {contradicted[0]})" if contradicted else ""
    return f"{confirmed} prices confirmed, {len(contradicted)} contradicted{first}, {filled} filled in"
