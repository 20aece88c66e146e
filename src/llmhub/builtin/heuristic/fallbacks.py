"""What a role falls back to when its model does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.names import Line
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Candidate, Selection

WORTHY = 0.8
"""The share of the chosen model's score that a fallback of another line must reach to go before one of the same."""


def fallbacks_for(
    selection: Selection, wanted: int, successors: Sequence[Candidate], appraised: Mapping[str, Appraised]
) -> tuple[tuple[CanonicalModel, ...], tuple[str, ...]]:
    """*wanted* models from *successors*, best first, and a warning when there are fewer.

    All meet the role's needs. Those that lack nothing the chosen model can do go before others, and those of another
    line before the chosen one's own, which may fail for the same reason. One at least is at another provider, where
    that is allowed. The chosen model itself, under another name at its provider, is none.
    """
    if wanted <= 0:
        return (), ()
    chosen = selection.chosen
    pool = _distinct(chosen, successors, appraised)
    if selection.need.mode == "embedding":
        # Vectors of two models cannot be compared: an index would be spoilt, not served.
        pool = [one for one in pool if _kin(one.model, appraised) == _kin(chosen, appraised)]
    found: list[CanonicalModel] = []
    while pool and len(found) < wanted:
        last = len(found) == wanted - 1 and all(model.provider == chosen.provider for model in found)
        elsewhere = [one for one in pool if one.model.provider != chosen.provider] if last else []
        picked = _next(elsewhere or pool, [chosen, *found], successors[0].score, appraised)
        pool.remove(picked)
        found.append(picked.model)
    if len(found) == wanted:
        return tuple(found), ()
    why = " (only the same embedding model elsewhere can stand in)" if selection.need.mode == "embedding" else ""
    return tuple(found), (f"{wanted} fallbacks are asked for, {len(found)} found{why}",)


def _next(
    pool: Sequence[Candidate], taken: Sequence[CanonicalModel], best: float, appraised: Mapping[str, Appraised]
) -> Candidate:
    """The best ranked without a drawback; else the first with the least."""
    lines = {_line(model, appraised) for model in taken}
    least: tuple[tuple[bool, bool], Candidate] | None = None
    for candidate in pool:
        same = _line(candidate.model, appraised) in lines or candidate.score < WORTHY * best
        drawbacks = (_lacks(candidate.model, taken[0]), same)
        if drawbacks == (False, False):
            return candidate
        if least is None or drawbacks < least[0]:
            least = (drawbacks, candidate)
    return least[1] if least else pool[0]


def _lacks(model: CanonicalModel, chosen: CanonicalModel) -> bool:
    """Whether it is known not to do what the chosen one does, so that calls made for that one would fail."""
    abilities = (
        (chosen.supports_tool_call, model.supports_tool_call),
        (chosen.supports_structured_output, model.supports_structured_output),
        ("image" in chosen.input_modalities, "image" in model.input_modalities or not model.input_modalities),
    )
    return any(able and other is False for able, other in abilities)


def _distinct(
    chosen: CanonicalModel, ranked: Sequence[Candidate], appraised: Mapping[str, Appraised]
) -> list[Candidate]:
    """One candidate per model and provider, the best ranked: no dated snapshots or regions of the same."""
    seen = {(chosen.provider, _kin(chosen, appraised))}
    distinct = []
    for candidate in ranked:
        key = candidate.model.provider, _kin(candidate.model, appraised)
        if key not in seen:
            seen.add(key)
            distinct.append(candidate)
    return distinct


def _kin(model: CanonicalModel, appraised: Mapping[str, Appraised]) -> object:
    one = appraised.get(model.canonical_id)
    return id(one.kin) if one else model.canonical_id


def _line(model: CanonicalModel, appraised: Mapping[str, Appraised]) -> Line | None:
    one = appraised.get(model.canonical_id)
    return one.kin.name.line if one else None
