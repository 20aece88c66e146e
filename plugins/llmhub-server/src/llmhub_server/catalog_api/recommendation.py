"""Which model to take for a need: what `llmhub generate` would choose for such a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from llmhub_server.catalog_api.columns import arena_date
from llmhub_server.catalog_api.credit import credited, heading
from llmhub_server.catalog_api.problems import FieldProblem, pointer, refuse_all

if TYPE_CHECKING:
    from llmhub.records.selection import Candidate, Selection
    from llmhub.records.spec import HubSpec, RoleSpec
    from llmhub.workspace import Workspace
    from llmhub_server.catalog_api.shelf import Kept

ROLE = "the need"
SHOWN = 10
"""How many candidates an answer tells, unless it is asked for more."""


def recommendation(asked: Any, kept: Kept, workspace: Workspace) -> dict[str, Any]:
    """The choice for the need *asked*: the fields of a role of the spec, and `shown`, how many candidates to tell.

    A need that no model satisfies is an answer, too: `model` is `None`, and `reason` says what stood in the way.

    Raises:
        RefusedError: everything that is wrong with the need, each with its place (400).
    """
    from llmhub.errors import SelectionError
    from llmhub.workspace.proposal import choose, stored_measurements

    shown, fields = _taken_apart(asked)
    base = _spec(workspace)
    role = _role(fields, base)
    spec, allowed_by = _allowing(evolve(base, roles={ROLE: role}), role, kept)
    measured = stored_measurements(workspace) if workspace.spec_path is not None else None
    answer = {"catalog": heading(kept.catalog), "providers": list(_providers(spec)), "providers_from": allowed_by}
    try:
        generation = choose(workspace, spec, kept.catalog, measurements=measured)
    except SelectionError as refusal:
        return {**answer, **_NONE, "reason": refusal.reason, "attribution": credited(kept.catalog, ())}
    selection = generation.selections[0]
    told = selection.ranked[:shown]
    return {
        **answer,
        **plain_selection(selection, shown),
        "warnings": [warning.removeprefix(f"role {ROLE!r}: ") for warning in generation.warnings],
        "attribution": credited(kept.catalog, [selection.chosen, *(candidate.model for candidate in told)]),
    }


_NONE: Mapping[str, Any] = {
    "model": None,
    "fallbacks": [],
    "params": {},
    "weights": {},
    "relaxed": [],
    "candidates": [],
    "candidate_count": 0,
    "rejected_count": 0,
    "rejected": [],
    "passed_over": [],
    "warnings": [],
}


def _taken_apart(asked: Any) -> tuple[int, Mapping[str, Any]]:
    if not isinstance(asked, Mapping):
        refuse_all([FieldProblem(pointer="", detail="is no object", expected="the fields of a role")], _FAULTY)
    fields = dict(asked)
    shown = fields.pop("shown", SHOWN)
    if isinstance(shown, bool) or not isinstance(shown, int) or not 1 <= shown <= 100:
        at = FieldProblem(pointer="/shown", detail="cannot be so many", expected="a whole number from 1 to 100")
        refuse_all([at, *_faults(fields, None)], _FAULTY)
    return shown, fields


_FAULTY = "the need has faults"


def _spec(workspace: Workspace) -> HubSpec:
    """The project's spec, whose providers and defaults hold; an empty one where there is no project."""
    from llmhub.records.spec import HubSpec

    return workspace.spec() if workspace.spec_path is not None else HubSpec(project="catalog")


def _role(fields: Mapping[str, Any], base: HubSpec) -> RoleSpec:
    from llmhub.workspace.need import role_of

    refuse_all(_faults(fields, base), _FAULTY)
    return role_of(fields)


def _faults(fields: Mapping[str, Any], base: HubSpec | None) -> list[FieldProblem]:
    """What is wrong with *fields* as a role beside what the project declares, as the loader of specs finds it."""
    from llmhub.workspace.need import need_faults

    return [
        FieldProblem(
            pointer=pointer(fault.path), detail=fault.message, expected=fault.expected, suggestion=fault.suggestion
        )
        for fault in need_faults(fields, base)
    ]


def _allowing(spec: HubSpec, role: RoleSpec, kept: Kept) -> tuple[HubSpec, str]:
    """*spec* with providers to choose from, and who named them: the need itself, the project, or else the catalog."""
    from llmhub.records.spec import ProviderSpec

    if role.preferences.providers or role.force_provider:
        return spec, "need"
    if spec.defaults.preferences.providers or spec.defaults.providers or spec.providers:
        return spec, "project"
    held = sorted({model.provider for model in kept.models})
    return evolve(spec, providers={name: ProviderSpec() for name in held}), "catalog"


def _providers(spec: HubSpec) -> tuple[str, ...]:
    role = spec.roles[ROLE]
    if role.force_provider:
        return (role.force_provider,)
    return (
        role.preferences.providers
        or spec.defaults.preferences.providers
        or spec.defaults.providers
        or tuple(name for name, provider in spec.providers.items() if provider.enabled)
    )


def plain_selection(selection: Selection, shown: int) -> dict[str, Any]:
    """A choice with its reasons and its first *shown* candidates."""
    return {
        "model": selection.chosen.canonical_id,
        "reason": selection.reason,
        "fallbacks": [model.canonical_id for model in selection.fallbacks],
        "params": dict(selection.params),
        "weights": dict(selection.need.weights),
        "relaxed": list(selection.relaxed),
        "candidates": [_candidate(one, place) for place, one in enumerate(selection.ranked[:shown], start=1)],
        "candidate_count": len(selection.ranked),
        "rejected_count": len(selection.rejected),
        "rejected": _counted(selection),
        "passed_over": [{"model": other.canonical_id, "why": other.why} for other in selection.passed_over],
    }


def _candidate(candidate: Candidate, place: int) -> dict[str, Any]:
    model = candidate.model
    return {
        "place": place,
        "model": model.canonical_id,
        "score": candidate.score,
        "price_input_per_million": model.price_input_per_million,
        "price_output_per_million": model.price_output_per_million,
        "context_tokens": model.context_tokens,
        "arena_score": model.arena_score,
        "arena_as_of": arena_date(model),
        "contributions": [
            {
                "criterion": part.criterion,
                "value": part.value,
                "weight": part.weight,
                "points": part.points,
                "note": part.note,
            }
            for part in candidate.contributions
        ],
    }


def _counted(selection: Selection) -> list[dict[str, Any]]:
    """How many models were ruled out by which reason, the most telling first."""
    reasons: dict[str, int] = {}
    for one in selection.rejected:
        reasons[one.reason] = reasons.get(one.reason, 0) + 1
    return [
        {"reason": reason, "models": count} for reason, count in sorted(reasons.items(), key=lambda it: (-it[1], it[0]))
    ][:50]
