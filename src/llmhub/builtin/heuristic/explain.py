"""Why a model was chosen, in one sentence with figures and where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.purpose import Purpose
from llmhub.records.model import CanonicalModel, Provenance
from llmhub.records.selection import Candidate, Need, PassedOver, Rejection

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


Notable = Mapping[tuple[str, Purpose], Sequence[Appraised]]
"""The models of each provider and purpose, the best first, whatever a role asks for."""


def notable(appraised: Iterable[Appraised]) -> Notable:
    """The names that come to mind first: of each provider the best by quality, and none that moves."""
    found: dict[tuple[str, Purpose], list[Appraised]] = defaultdict(list)
    for one in sorted(appraised, key=lambda one: (one.moves, one.tie_break)):
        found[one.model.provider, one.purpose].append(one)
    return found


def passed_over(
    chosen: Appraised, ranked: Sequence[Candidate], rejected: Sequence[Rejection], need: Need, known: Notable
) -> tuple[PassedOver, ...]:
    """The best model of each allowed provider that was not chosen, and why: out of the question, or outweighed."""
    rivals = [
        next((one for one in known.get((provider, chosen.purpose), ()) if one.kin is not chosen.kin), None)
        for provider in need.providers
    ]
    names = dict.fromkeys(best.model.canonical_id for best in rivals if best is not None)
    why = {one.canonical_id: f"out of the question: {one.reason}" for one in rejected if one.canonical_id in names}
    for candidate in ranked:
        if candidate.model.canonical_id in names:
            why[candidate.model.canonical_id] = _outweighed(ranked[0], candidate)
    return tuple(PassedOver(canonical_id=name, why=why[name]) for name in names)


def _outweighed(winner: Candidate, loser: Candidate) -> str:
    """Where *loser* leads and where it falls behind most, in points of the weighted sum."""
    gaps = sorted(
        (
            (ours.points - theirs.points, ours.criterion, theirs.note)
            for ours, theirs in zip(winner.contributions, loser.contributions, strict=True)
        ),
        reverse=True,
    )
    behind = [f"{criterion} ({note or 'unknown'})" for gap, criterion, note in gaps if gap > _NOTICEABLE]
    ahead = [criterion for gap, criterion, _ in reversed(gaps) if gap < -_NOTICEABLE]
    told = f"scores {loser.score:.3f} against {winner.score:.3f}"
    if ahead:
        told += f": ahead in {' and '.join(ahead[:2])}"
    if behind:
        told += f"{', ' if ahead else ': '}behind in {' and '.join(behind[:2])}"
    return told


_NOTICEABLE = 0.005
"""Points of the weighted sum below which a difference is not worth a word."""


def _facts(one: Appraised) -> str:
    latency = one.judgements["latency"]
    measured = [] if latency.figure is None else [latency.note]
    return ", ".join([_quality(one), _price(one), *measured])


def _quality(one: Appraised) -> str:
    judgement = one.judgements["quality"]
    if judgement.value is None:
        return "quality unknown"
    if judgement.figure is None:
        return f"quality {judgement.note}"
    origin = _board(judgement.basis or one.model)
    if judgement.inferred:
        why = judgement.note.removeprefix(f"inferred {judgement.figure:.0f}: ")
        return f"quality {judgement.figure:.0f} (inferred: {_listed(why, origin)})"
    return f"quality {judgement.figure:.0f} ({_listed(origin, 'lower bound')})"


def _price(one: Appraised) -> str:
    model = one.model
    if model.price_state == "included":
        return "price included in a plan"
    if model.price_state != "known" or model.price_input_per_million is None:
        return "price unknown"
    sides = f"${model.price_input_per_million:.2f} in"
    if model.price_output_per_million is not None and one.purpose != "embedding":
        sides += f" / ${model.price_output_per_million:.2f} out"
    origin = _undated(_origin(model, "price", "price_input_per_million"))
    return f"{sides} per million{f' ({origin})' if origin else ''}"


def _origin(model: CanonicalModel, *fields: str) -> Provenance | None:
    return next((found for found in model.provenance if found.field in fields), None)


def _source(origin: Provenance | None) -> str:
    return "" if origin is None else _SOURCES.get(origin.source, origin.source)


def _undated(origin: Provenance | None) -> str:
    """Without the day it was fetched: a refresh that changed no fact would change every reason in the file.

    The facts that ship with LLM Hub are not fetched. Their day says how old they are, and changes only with them.
    """
    day = (origin.as_of or "")[:10] if origin is not None and origin.source == "snapshot" else ""
    return f"{_source(origin)} {day}".rstrip()


def _board(model: CanonicalModel) -> str:
    """Who rated the model and of which day that is, as far as known: "LMArena 2025-12-11"."""
    origin = _origin(model, "scores", "arena_ci_low", "arena_score")
    return "" if origin is None else f"{_source(origin)} {(origin.as_of or '')[:10]}".rstrip()


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
