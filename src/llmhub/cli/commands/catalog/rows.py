"""Models as a table: one row each, the same columns in every listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from llmhub.cli.render import dollars, print_table

if TYPE_CHECKING:
    from llmhub.records.model import CanonicalModel, ProviderListing

TIERS = {"cost_tier": "cost", "quality_tier": "quality", "reasoning_tier": "reasoning", "creative_tier": "creative"}
COLUMNS = ("model", "context", "in $/M", "out $/M", *TIERS.values(), "score", "here", "status", "tags")
NUMERIC = ("context", "in $/M", "out $/M", *TIERS.values(), "score")
LEFT_OUT_FIRST = ("tags", "here", "creative", "reasoning", "status", "cost")
"""Columns that a narrow terminal does without, in this order; a pipe has them all."""


def print_models(models: Sequence[CanonicalModel], listings: Mapping[str, ProviderListing]) -> None:
    """A table of *models*. `here` says whether the model can be called from here, and why not."""
    print_table(COLUMNS, [_row(model, listings) for model in models], numeric=NUMERIC, droppable=LEFT_OUT_FIRST)


def price_cells(model: CanonicalModel) -> tuple[str | None, str | None]:
    """Input and output price in US dollars per million tokens; "plan" when a plan pays, `None` when unknown."""
    if model.price_state == "included":
        return "plan", "plan"
    return _price(model.price_input_per_million), _price(model.price_output_per_million)


def score_cell(model: CanonicalModel) -> str | None:
    """The overall rating of the plain model with its interval: `1447 ±5`; `None` when unrated."""
    if model.arena_score is None:
        return None
    if model.arena_ci_low is None or model.arena_ci_high is None:
        return f"{model.arena_score:.0f}"
    return f"{model.arena_score:.0f} ±{(model.arena_ci_high - model.arena_ci_low) / 2:.0f}"


def here_cell(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> str:
    """`yes`, or why the model cannot be called from here: `no key`, `unreachable`, ..."""
    from llmhub.catalog.availability import availability

    found = availability(model, listings)
    return "yes" if found.callable else found.reason.replace("_", " ")


def _row(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> Sequence[object]:
    return (
        model.canonical_id,
        model.context_tokens,
        *price_cells(model),
        *(getattr(model, tier) for tier in TIERS),
        score_cell(model),
        here_cell(model, listings),
        model.status,
        " ".join(model.tags) or None,
    )


def _price(value: float | None) -> str | None:
    return None if value is None else dollars(value)
