"""From advice to a configuration: the default generator decides again, over a spec that holds the advice.

It is asked in the spec's own words, so that every rule of its own goes on holding: what the advice adds to the needs
stands among the role's preferences, and a model that the advice puts first is forced. Pure but for the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from attrs import evolve, frozen

from llmhub.builtin.llm_assisted.answer import Advice
from llmhub.errors import SelectionError
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Candidate, GenerateRequest, Generation, Selection
from llmhub.records.spec import HubSpec, RoleSpec

Generate = Callable[[GenerateRequest], Generation]


def advise(
    request: GenerateRequest, base: Generate, plain: Generation, advice: Mapping[str, Advice], adviser: str
) -> Generation:
    """*plain*, the result of *base* for *request*, with the *advice* of the model named *adviser* put into force.

    Advice that leaves a role without a model, or could be had only by relaxing what the spec asks for, is passed over
    with a warning.
    """
    refined = _refine(request, base, plain, advice)
    steered = _steer(request, base, plain, refined, advice)
    passed_over = {**refined.passed_over, **steered.passed_over}
    recorded = _recorded(
        steered.generation,
        refined.generation,
        {role: given for role, given in advice.items() if role not in passed_over},
        adviser,
    )
    warnings = (
        f"role {role!r}: the advice of {adviser} is passed over ({reason}), so the heuristic chose alone"
        for role, reason in passed_over.items()
    )
    return evolve(recorded, warnings=(*recorded.warnings, *warnings))


@frozen(kw_only=True)
class _Step:
    """A decision over a changed spec, and the roles whose advice could not be put into force, with the reason."""

    spec: HubSpec
    generation: Generation
    passed_over: Mapping[str, str]


# --- what it adds to the needs --------------------------------------------------------------------------------------


def _refine(request: GenerateRequest, base: Generate, plain: Generation, advice: Mapping[str, Advice]) -> _Step:
    before = _by_role(plain)
    passed_over: dict[str, str] = {}
    refining = {role: given for role, given in advice.items() if given.adds_needs}
    while refining:
        spec = _with_needs(request.spec, before, refining)
        try:
            generation = base(evolve(request, spec=spec))
        except SelectionError:
            failed = [role for role in refining if not _has_model(request, base, spec, role)] or list(refining)
            passed_over |= dict.fromkeys(failed, "no model has all that it adds to the needs")
        else:
            after = _by_role(generation)
            failed = [role for role in refining if set(after[role].relaxed) - set(before[role].relaxed)]
            passed_over |= dict.fromkeys(failed, "it could be had only by relaxing what the spec asks for")
            if not failed:
                return _Step(spec=spec, generation=generation, passed_over=passed_over)
        refining = {role: given for role, given in refining.items() if role not in failed}
    return _Step(spec=request.spec, generation=plain, passed_over=passed_over)


def _has_model(request: GenerateRequest, base: Generate, spec: HubSpec, role: str) -> bool:
    try:
        base(evolve(request, spec=evolve(spec, roles={role: spec.roles[role]})))
    except SelectionError:
        return False
    return True


def _with_needs(spec: HubSpec, selections: Mapping[str, Selection], advice: Mapping[str, Advice]) -> HubSpec:
    def refined(role: str, given: Advice) -> RoleSpec:
        stated = spec.roles[role].preferences
        changes: dict[str, Any] = {
            **given.levels,
            "needs": (*selections[role].need.capabilities, *given.capabilities),
            "context_min": given.context_min or stated.context_min,
        }
        return evolve(spec.roles[role], preferences=evolve(stated, **changes))

    return evolve(spec, roles={**spec.roles, **{role: refined(role, given) for role, given in advice.items()}})


# --- which model it puts first --------------------------------------------------------------------------------------


def _steer(
    request: GenerateRequest, base: Generate, plain: Generation, refined: _Step, advice: Mapping[str, Advice]
) -> _Step:
    wanted = {
        role: first
        for role, selection in _by_role(refined.generation).items()
        if role in advice and role not in refined.passed_over
        if (first := _first(advice[role], selection)) and first != selection.chosen.canonical_id
    }
    if not wanted:
        return evolve(refined, passed_over={})
    forced = {role: evolve(refined.spec.roles[role], force_model=name) for role, name in wanted.items()}
    spec = evolve(refined.spec, roles={**refined.spec.roles, **forced})
    try:
        generation = base(evolve(request, spec=spec))
    except SelectionError as error:
        generation, missed = refined.generation, dict.fromkeys(wanted, error.reason)
    else:
        chosen = {role: selection.chosen.canonical_id for role, selection in _by_role(generation).items()}
        missed = {role: f"{name} could not be had" for role, name in wanted.items() if chosen[role] != name}
    return _Step(spec=spec, generation=_without(generation, plain, missed), passed_over=missed)


def _first(advice: Advice, selection: Selection) -> str | None:
    """The first model of the advice's order that still satisfies the role."""
    candidates = {candidate.model.canonical_id for candidate in selection.ranked}
    return next((name for name in advice.order if name in candidates), None)


def _without(generation: Generation, former: Generation, roles: Collection[str]) -> Generation:
    """*generation* with the *roles* as *former* decided them."""
    before = _by_role(former)
    selections = tuple(before[one.need.role] if one.need.role in roles else one for one in generation.selections)
    configs = {
        role: former.config.roles[role] if role in roles else settings
        for role, settings in generation.config.roles.items()
    }
    return evolve(generation, selections=selections, config=evolve(generation.config, roles=configs))


# --- what is written down -------------------------------------------------------------------------------------------


def _recorded(final: Generation, refined: Generation, advice: Mapping[str, Advice], adviser: str) -> Generation:
    before = _by_role(refined)
    told = {
        role: _told(selection, before[role], advice[role], adviser)
        for role, selection in _by_role(final).items()
        if role in advice
    }
    roles = {
        role: evolve(settings, reason=told[role].reason) if role in told else settings
        for role, settings in final.config.roles.items()
    }
    selections = tuple(told.get(selection.need.role, selection) for selection in final.selections)
    return evolve(final, config=evolve(final.config, roles=roles), selections=selections)


def _told(final: Selection, refined: Selection, advice: Advice, adviser: str) -> Selection:
    """The selection with the advice's order and reason; the need is the role's own, without the forced model."""
    return evolve(
        refined,
        chosen=final.chosen,
        fallbacks=final.fallbacks,
        params=final.params,
        ranked=_reordered(refined.ranked, advice, final.chosen),
        reason=_reason(final, refined, advice, adviser),
        # Why others lost was told of the heuristic's own choice.
        passed_over=refined.passed_over if final.chosen == refined.chosen else (),
    )


def _reordered(ranked: tuple[Candidate, ...], advice: Advice, chosen: CanonicalModel) -> tuple[Candidate, ...]:
    places = {name: place for place, name in enumerate(advice.order)}
    if chosen.canonical_id not in places:
        return ranked
    return tuple(sorted(ranked, key=lambda candidate: places.get(candidate.model.canonical_id, len(places))))


def _reason(final: Selection, refined: Selection, advice: Advice, adviser: str) -> str:
    says = f"llm ({adviser}) says: “{advice.reason}”"
    added = f"; it added to the needs: {', '.join(_added(advice))}" if advice.adds_needs else ""
    if final.chosen == refined.chosen:
        return f"{says}{added}; the heuristic: {refined.reason}"
    place = [candidate.model.canonical_id for candidate in refined.ranked].index(final.chosen.canonical_id) + 1
    first = refined.chosen.canonical_id
    where = f"number {place} of {len(refined.ranked)} to the heuristic, whose first is {first}"
    return f"{says}{added}; {where}; {_price(final.chosen)}"


def _added(advice: Advice) -> list[str]:
    levels = [f"{name} {level}" for name, level in advice.levels.items()]
    context = [f"context_min {advice.context_min}"] if advice.context_min else []
    return [*levels, *context, *advice.capabilities]


def _price(model: CanonicalModel) -> str:
    sides = ((model.price_input_per_million, "in"), (model.price_output_per_million, "out"))
    known = [f"${price:.2f} {side}" for price, side in sides if price is not None]
    if model.price_state != "known" or not known:
        return "price included in a plan" if model.price_state == "included" else "price unknown"
    return f"{' / '.join(known)} per million"


def _by_role(generation: Generation) -> dict[str, Selection]:
    return {selection.need.role: selection for selection in generation.selections}
