"""Why a model was chosen, in one sentence with figures and where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Candidate

_SOURCES: Mapping[str, str] = {"lmarena": "LMArena", "models_dev": "models.dev", "anyllm": "any-llm"}


def reason_for(chosen: Appraised, ranked: Sequence[Candidate], relaxed: Sequence[str]) -> str:
    """The reason for the best of *ranked*, with what had to be *relaxed* to find it."""
    head = "the only candidate" if len(ranked) == 1 else f"best of {len(ranked)}"
    told = f"{head}: {_facts(chosen)}"
    if len(ranked) > 1:
        told += f"; next: {ranked[1].model.canonical_id}"
    return "; ".join([told, *relaxed])


def reason_for_forced(chosen: Appraised) -> str:
    """The reason for a model that the spec forces and the catalog knows."""
    return f"forced by the spec: {_facts(chosen)}"


def reason_for_uncharted() -> str:
    """The reason for a model that the spec forces and no catalog knows."""
    return "forced by the spec; not in the catalog, so its price and abilities are unknown"


def _facts(one: Appraised) -> str:
    return f"{_quality(one)}, {_price(one)}"


def _quality(one: Appraised) -> str:
    judgement = one.judgements["quality"]
    if judgement.value is None:
        return "quality unknown"
    if judgement.figure is None:
        return f"quality {judgement.note}"
    if (before := judgement.heir_of) is not None:
        origin = _listed(_origin(before, "scores"), "lower bound")
        return f"quality at least {judgement.figure:.0f} (inferred: newer than {before.model_id}, {origin})"
    return f"quality {judgement.figure:.0f} ({_listed(_origin(one.model, 'scores'), 'lower bound')})"


def _price(one: Appraised) -> str:
    model = one.model
    if model.price_state == "included":
        return "price included in a plan"
    if model.price_state != "known" or model.price_input_per_million is None:
        return "price unknown"
    sides = f"${model.price_input_per_million:.2f} in"
    if model.price_output_per_million is not None and one.purpose != "embedding":
        sides += f" / ${model.price_output_per_million:.2f} out"
    origin = _origin(model, "price")
    return f"{sides} per million{f' ({origin})' if origin else ''}"


def _origin(model: CanonicalModel, field: str) -> str:
    """The source of a field and the date of its data, as far as known: "models.dev 2026-07-02"."""
    wanted = {"scores": ("scores", "arena_ci_low", "arena_score"), "price": ("price", "price_input_per_million")}[field]
    for provenance in model.provenance:
        if provenance.field in wanted:
            day = (provenance.as_of or "")[:10]
            return f"{_SOURCES.get(provenance.source, provenance.source)} {day}".rstrip()
    return ""


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
