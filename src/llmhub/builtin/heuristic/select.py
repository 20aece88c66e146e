"""One role decided: the model, what to fall back to, their parameters, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from attrs import evolve, field, frozen

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.explain import reason_for, reason_for_forced, reason_for_uncharted
from llmhub.builtin.heuristic.forced import force, warnings_about
from llmhub.builtin.heuristic.lines import base_name
from llmhub.builtin.heuristic.need import preferences_of
from llmhub.builtin.heuristic.params import params_for
from llmhub.builtin.heuristic.relax import admit_relaxing
from llmhub.builtin.heuristic.score import Ranking
from llmhub.errors import SelectionError
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Candidate, Need, Selection
from llmhub.records.spec import HubSpec


@frozen(kw_only=True)
class Market:
    """What every role chooses from, worked out once: the models by canonical id, and how they are ranked."""

    appraised: Mapping[str, Appraised] = field(repr=False)
    ranking: Ranking = field(repr=False)


@frozen(kw_only=True)
class Decision:
    """A selection with the parameters of each fallback, and what the user should be told."""

    selection: Selection
    fallback_params: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[str, ...] = ()


def decide(need: Need, spec: HubSpec, market: Market) -> Decision:
    """The decision for one role.

    Raises:
        SelectionError: no model satisfies the role; says what to change.
    """
    selection, warnings = _forced(need, spec, market) if need.force_model else _best(need, market)
    fallbacks, missing = _fallbacks(selection, spec.roles[need.role].fallbacks, market)
    role = spec.roles[need.role]
    creativity = preferences_of(role, spec).creativity
    params = [params_for(model, need.mode, role.mode_params, creativity) for model in (selection.chosen, *fallbacks)]
    return Decision(
        selection=evolve(selection, fallbacks=fallbacks, params=params[0].values),
        fallback_params=tuple(found.values for found in params[1:]),
        warnings=(*warnings, *missing, *(warning for found in params for warning in found.warnings)),
    )


def _best(need: Need, market: Market) -> tuple[Selection, tuple[str, ...]]:
    filtered, relaxed = admit_relaxing(tuple(market.appraised.values()), need)
    ranked = market.ranking.rank(filtered.admitted, need)
    chosen = ranked[0].model
    selection = Selection(
        need=need,
        chosen=chosen,
        ranked=ranked,
        rejected=filtered.rejected,
        relaxed=relaxed,
        reason=reason_for(market.appraised[chosen.canonical_id], ranked, relaxed),
    )
    return selection, relaxed


def _forced(need: Need, spec: HubSpec, market: Market) -> tuple[Selection, tuple[str, ...]]:
    forced = force(tuple(market.appraised.values()), need, spec.providers)
    if forced.unknown is not None:
        warning = f"{forced.unknown.canonical_id} is forced and not in the catalog: nothing about it was checked"
        return Selection(need=need, chosen=forced.unknown, reason=reason_for_uncharted()), (warning,)
    ranked = market.ranking.rank(forced.known, need)
    chosen = market.appraised[ranked[0].model.canonical_id]
    selection = Selection(need=need, chosen=chosen.model, ranked=ranked, reason=reason_for_forced(chosen))
    return selection, warnings_about(chosen, need)


# --- fallbacks ------------------------------------------------------------------------------------------------------


def _fallbacks(selection: Selection, wanted: int, market: Market) -> tuple[tuple[CanonicalModel, ...], tuple[str, ...]]:
    """The next best that are not the chosen model under another name; one at another provider, where there is one."""
    if wanted <= 0:
        return (), ()
    need, chosen = selection.need, selection.chosen
    others = _distinct(chosen, _successors(selection, market))
    if need.mode == "embedding":
        # Vectors of two models cannot be compared: an index would be spoilt, not served.
        others = (model for model in others if base_name(model) == base_name(chosen))
    found = list(islice(others, wanted))
    if all(model.provider == chosen.provider for model in found):
        elsewhere = next((model for model in others if model.provider != chosen.provider), None)
        if elsewhere is not None:
            found = [*found[: wanted - 1], elsewhere]
    if len(found) == wanted:
        return tuple(found), ()
    why = " (only the same embedding model elsewhere can stand in)" if need.mode == "embedding" else ""
    return tuple(found), (f"{wanted} fallbacks are asked for, {len(found)} found{why}",)


def _successors(selection: Selection, market: Market) -> Sequence[Candidate]:
    if not selection.need.force_model:
        return selection.ranked
    free = evolve(selection.need, force_model=None)
    try:
        filtered, _ = admit_relaxing(tuple(market.appraised.values()), free)
    except SelectionError:
        return ()
    return market.ranking.rank(filtered.admitted, free)


def _distinct(chosen: CanonicalModel, ranked: Sequence[Candidate]) -> Iterator[CanonicalModel]:
    seen = {(chosen.provider, base_name(chosen))}
    for candidate in ranked:
        key = candidate.model.provider, base_name(candidate.model)
        if key not in seen:
            seen.add(key)
            yield candidate.model
