"""Where the value of one field of a model came from, in words. Pure."""

from __future__ import annotations

from llmhub.records.model import CanonicalModel, Provenance

__all__ = ["origin", "sentence"]

TOLD_APART = ("canonical_id", "price", "scores", "links", "provenance", "tier_reasons")
"""Fields that hold more than one value, and are told in a way of their own."""

_DERIVED = {
    "provider": "model_id",
    "arena_score": "scores",
    "arena_ci_low": "scores",
    "arena_ci_high": "scores",
    "price_state": "price",
    "price_input_per_million": "price",
    "price_output_per_million": "price",
    "price_reasoning_per_million": "price",
}
"""Fields whose origin is that of another."""


def origin(model: CanonicalModel, name: str) -> str | None:
    """Source, date and rule of a field's value; `None` when it has no value. Tiers tell their reason."""
    value = getattr(model, name)
    if name in model.tier_reasons:
        return model.tier_reasons[name]
    if value is None or value == ():
        return None
    if name == "tags":
        return "derived from the other fields"
    found = [one for one in model.provenance if one.field == _DERIVED.get(name, name)]
    return "; ".join(sentence(one) for one in found) or None


def sentence(found: Provenance) -> str:
    """Source, date and rule of one origin: `models_dev 2026-06-01 (known)`."""
    dated = f" {found.as_of}" if found.as_of else ""
    return f"{found.source}{dated}" + (f" ({found.rule})" if found.rule else "")
