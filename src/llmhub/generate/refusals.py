"""What each chosen model is known not to take, so that no call need find it out from a provider's refusal. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from llmhub.records.config import HubConfig, RoleConfig
from llmhub.records.model import CanonicalModel

TEXT_MODES = ("chat", "tool")


def with_refusals(config: HubConfig, models: Mapping[str, CanonicalModel]) -> HubConfig:
    """*config* with what the model of each target that answers in text is known to refuse, unless it says so itself."""
    return evolve(config, roles={name: _with_refusals(role, models) for name, role in config.roles.items()})


def refusals(model: CanonicalModel | None) -> tuple[str, ...]:
    """The parameters that *model* is known not to take; what is unknown is not among them."""
    if model is None:
        return ()
    takes = {
        "temperature": model.supports_temperature,
        "tools": model.supports_tool_call,
        "reasoning_effort": model.supports_reasoning,
    }
    return tuple(name for name, supported in takes.items() if supported is False)


def _with_refusals(role: RoleConfig, models: Mapping[str, CanonicalModel]) -> RoleConfig:
    if role.mode not in TEXT_MODES:
        return role
    return evolve(
        role,
        refuses=role.refuses or refusals(models.get(f"{role.provider}:{role.model}")),
        fallbacks=tuple(
            evolve(target, refuses=target.refuses or refusals(models.get(f"{target.provider}:{target.model}")))
            for target in role.fallbacks
        ),
    )
