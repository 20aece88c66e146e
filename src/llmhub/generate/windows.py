"""How long an input each target takes: a call that is too long for one goes on to one that takes more. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from llmhub.records.config import HubConfig, RoleConfig
from llmhub.records.model import CanonicalModel


def with_windows(config: HubConfig, models: Mapping[str, CanonicalModel]) -> HubConfig:
    """*config* with the known windows of all targets of each role that has more than one, unless it says them."""
    return evolve(config, roles={name: _with_windows(role, models) for name, role in config.roles.items()})


def _with_windows(role: RoleConfig, models: Mapping[str, CanonicalModel]) -> RoleConfig:
    if not role.fallbacks:
        return role
    return evolve(
        role,
        context_tokens=role.context_tokens or _window(models.get(f"{role.provider}:{role.model}")),
        fallbacks=tuple(
            evolve(
                target,
                context_tokens=target.context_tokens or _window(models.get(f"{target.provider}:{target.model}")),
            )
            for target in role.fallbacks
        ),
    )


def _window(model: CanonicalModel | None) -> int | None:
    return None if model is None else model.max_input_tokens or model.context_tokens
