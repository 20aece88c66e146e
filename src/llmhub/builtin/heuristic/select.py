"""One role decided: the model, what to fall back to, their parameters, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.explain import Notable, passed_over, reason_for, reason_for_forced, reason_for_uncharted
from llmhub.builtin.heuristic.fallbacks import fallbacks_for
from llmhub.builtin.heuristic.filter import Admission
from llmhub.builtin.heuristic.forced import force, warnings_about
from llmhub.builtin.heuristic.need import preferences_of
from llmhub.builtin.heuristic.params import params_for
from llmhub.builtin.heuristic.relax import admit_relaxing
from llmhub.builtin.heuristic.score import Ranking
from llmhub.errors import SelectionError
from llmhub.records.selection import Candidate, Need, Selection
from llmhub.records.spec import HubSpec


@frozen(kw_only=True)
class Market:
    """What every role chooses from, worked out once: the models by canonical id, how they are filtered and ranked,
    and the best of each provider.

    Under `strict` no rule is lifted, not even one of our own.
    """

    appraised: Mapping[str, Appraised] = field(repr=False)
    admission: Admission = field(repr=False)
    notable: Notable = field(repr=False)
    ranking: Ranking = field(repr=False)
    strict: bool = False


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
    role = spec.roles[need.role]
    selection, warnings = _forced(need, spec, market) if need.force_model else _best(need, market)
    successors = _successors(selection, market) if role.fallbacks else ()
    fallbacks, missing = fallbacks_for(selection, role.fallbacks, successors, market.appraised)
    creativity = preferences_of(role, spec).creativity
    params = [params_for(model, need.mode, role.mode_params, creativity) for model in (selection.chosen, *fallbacks)]
    return Decision(
        selection=evolve(selection, fallbacks=fallbacks, params=params[0].values),
        fallback_params=tuple(found.values for found in params[1:]),
        warnings=(*warnings, *missing, *(warning for found in params for warning in found.warnings)),
    )


def _best(need: Need, market: Market) -> tuple[Selection, tuple[str, ...]]:
    filtered, relaxed = admit_relaxing(market.admission, need, market.ranking.rank, strict=market.strict)
    ranked = market.ranking.rank(filtered.admitted, need)
    chosen = ranked[0].model
    selection = Selection(
        need=need,
        chosen=chosen,
        ranked=ranked,
        rejected=filtered.rejected,
        relaxed=relaxed,
        reason=reason_for(market.appraised[chosen.canonical_id], ranked, relaxed),
        passed_over=passed_over(market.appraised[chosen.canonical_id], ranked, filtered.rejected, need, market.notable),
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


def _successors(selection: Selection, market: Market) -> tuple[Candidate, ...]:
    """The candidates that fallbacks are taken from; for a forced model those that would have been ranked without."""
    if not selection.need.force_model:
        return selection.ranked
    free = evolve(selection.need, force_model=None)
    try:
        filtered, _ = admit_relaxing(market.admission, free, market.ranking.rank, strict=market.strict)
    except SelectionError:
        return ()
    return market.ranking.rank(filtered.admitted, free)
