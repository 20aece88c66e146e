"""Every role of a spec decided: `Need -> Candidates -> Scored -> Selection -> HubConfig`."""

from __future__ import annotations

from llmhub.builtin.heuristic.appraise import appraise
from llmhub.builtin.heuristic.explain import notable
from llmhub.builtin.heuristic.filter import Admission
from llmhub.builtin.heuristic.need import need_of
from llmhub.builtin.heuristic.score import Ranking
from llmhub.builtin.heuristic.select import Decision, Market, decide
from llmhub.errors import SelectionError
from llmhub.records.config import HubConfig, RoleConfig, TargetConfig
from llmhub.records.selection import GenerateRequest, Generation
from llmhub.records.spec import RoleSpec


def generate(request: GenerateRequest) -> Generation:
    """A configuration for all roles of the spec, in their order.

    Raises:
        SelectionError: roles without a model, all of them, each with what to change.
    """
    market = market_of(request)
    decisions: dict[str, Decision] = {}
    failures: list[SelectionError] = []
    for role in request.spec.roles:
        try:
            decisions[role] = decide(need_of(role, request.spec), request.spec, market)
        except SelectionError as failure:
            failures.append(failure)
    if failures:
        raise _all_in_one(failures)
    return Generation(
        config=HubConfig(
            project=request.spec.project,
            env=request.spec.env,
            roles={role: _role_config(decision, request.spec.roles[role]) for role, decision in decisions.items()},
        ),
        selections=tuple(decision.selection for decision in decisions.values()),
        warnings=tuple(
            f"role {role!r}: {warning}" for role, decision in decisions.items() for warning in decision.warnings
        ),
    )


def market_of(request: GenerateRequest) -> Market:
    """The models of *request*, judged once for all roles."""
    appraised = appraise(request.models, request.statistics, request.spec.catalog.price_ratio, request.measurements)
    return Market(
        appraised={one.model.canonical_id: one for one in appraised},
        admission=Admission(appraised),
        notable=notable(appraised),
        ranking=Ranking(request.scorers),
        strict=request.strict,
    )


def _role_config(decision: Decision, role: RoleSpec) -> RoleConfig:
    selection = decision.selection
    return RoleConfig(
        provider=selection.chosen.provider,
        model=selection.chosen.model_id,
        mode=role.kind,
        params=selection.params,
        fallbacks=tuple(
            TargetConfig(provider=model.provider, model=model.model_id, params=params)
            for model, params in zip(selection.fallbacks, decision.fallback_params, strict=True)
        ),
        reason=selection.reason,
    )


def _all_in_one(failures: list[SelectionError]) -> SelectionError:
    first, *others = failures
    if not others:
        return first
    return SelectionError(first.role, "\n".join([first.reason, *map(str, others)]))
