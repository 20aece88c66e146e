"""From a role's name to the targets that serve it. Pure."""

from __future__ import annotations

from llmhub.errors import UnknownRoleError, WrongModeError
from llmhub.records.calls import Method, ResolvedRole, Target
from llmhub.records.config import HubConfig, Retry, RoleConfig

DEFAULT_DEADLINE = 600.0
"""Seconds a call may take when the file does not say: what the SDKs themselves wait for one answer."""

MODES_BY_METHOD: dict[Method, tuple[str, ...]] = {
    "completion": ("chat", "tool", "other"),
    "embedding": ("embedding", "other"),
}


def resolve(config: HubConfig, role: str) -> ResolvedRole:
    """The targets that serve *role*, in the order they are tried.

    Raises:
        UnknownRoleError: the file has neither the role nor `defaults`.
    """
    settings = config.roles.get(role)
    if settings is None:
        if config.defaults is None:
            raise UnknownRoleError(role, tuple(config.roles))
        settings = config.defaults
    retry = settings.retry or Retry()
    return ResolvedRole(
        role=role,
        mode=settings.mode,
        targets=_targets(settings),
        attempts=retry.attempts,
        max_delay=retry.max_delay,
        timeout=settings.timeout,
        deadline=settings.deadline or DEFAULT_DEADLINE,
        from_defaults=role not in config.roles,
        reason=settings.reason,
    )


def check_mode(resolved: ResolvedRole, method: Method) -> None:
    """Refuse a method that a role of this mode cannot answer.

    Raises:
        WrongModeError: with the method that would.
    """
    if resolved.mode in MODES_BY_METHOD[method]:
        return
    fitting = [name for name, modes in MODES_BY_METHOD.items() if resolved.mode in modes]
    remedy = f"Call hub.{fitting[0]}() instead." if fitting else f"No method serves mode {resolved.mode!r} yet."
    if resolved.from_defaults:
        remedy += " The file has no such role: its `defaults` answered."
    raise WrongModeError(resolved.role, resolved.mode, method, remedy)


def _targets(settings: RoleConfig) -> tuple[Target, ...]:
    primary = Target(provider=settings.provider, model=settings.model, mode=settings.mode, params=dict(settings.params))
    fallbacks = (
        Target(
            provider=target.provider,
            model=target.model,
            mode=target.mode or settings.mode,
            params=dict(target.params),
        )
        for target in settings.fallbacks
    )
    return (primary, *fallbacks)
