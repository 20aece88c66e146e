"""From a role's name to the targets that serve it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from llmhub.errors import UnknownRoleError, WrongModeError
from llmhub.records.calls import Method, ResolvedRole, Target
from llmhub.records.config import HubConfig, Retry, RoleConfig, VariantConfig

__all__ = ["MODES_BY_METHOD"]

DEFAULT_DEADLINE = 600.0
"""Seconds a call may take when the file does not say: what the SDKs themselves wait for one answer."""

_TEXT = ("chat", "tool", "other")

MODES_BY_METHOD: Mapping[Method, tuple[str, ...]] = {
    "completion": _TEXT,
    "responses": _TEXT,
    "messages": _TEXT,
    "embedding": ("embedding", "other"),
    "image": ("image", "other"),
    "speech": ("speech", "audio", "other"),
    "transcription": ("transcription", "audio", "other"),
    "rerank": ("rerank", "other"),
    "moderation": ("moderation", "other"),
}
"""The modes of roles that each method serves; `audio` may speak or listen, and nothing is known of `other`."""


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
        fallback_on=frozenset(settings.fallback_on),
        sticky_by=settings.sticky_by,
        cache_ttl=settings.cache.ttl if settings.cache else None,
    )


def resolve_all(config: HubConfig) -> tuple[ResolvedRole, ...]:
    """Every role of *config*, and the one that `defaults` serves."""
    names = [*config.roles, *(["defaults"] if config.defaults and "defaults" not in config.roles else [])]
    return tuple(resolve(config, name) for name in names)


def check_mode(resolved: ResolvedRole, method: Method) -> None:
    """Refuse a method that a role of this mode cannot answer.

    Raises:
        WrongModeError: with the method that would.
    """
    if resolved.mode in MODES_BY_METHOD[method]:
        return
    fitting = [f"hub.{name}()" for name, modes in MODES_BY_METHOD.items() if resolved.mode in modes]
    remedy = f"Call {' or '.join(fitting)} instead."
    if resolved.from_defaults:
        remedy += " The file has no such role: its `defaults` answered."
    raise WrongModeError(resolved.role, resolved.mode, method, remedy)


def _targets(settings: RoleConfig) -> tuple[Target, ...]:
    """The role's variants, or the role itself where it has none that are enabled; then its fallbacks."""
    own = Target(
        provider=settings.provider,
        model=settings.model,
        mode=settings.mode,
        params=dict(settings.params),
        context_tokens=settings.context_tokens,
        refuses=settings.refuses,
    )
    variants = [_variant(own, variant) for variant in settings.variants if variant.enabled and variant.weight > 0]
    fallbacks = (
        Target(
            provider=target.provider,
            model=target.model,
            mode=target.mode or settings.mode,
            params=dict(target.params),
            context_tokens=target.context_tokens,
            refuses=target.refuses,
        )
        for target in settings.fallbacks
    )
    return (*(variants or [own]), *fallbacks)


def _variant(own: Target, variant: VariantConfig) -> Target:
    same_model = variant.model in (None, own.model) and variant.provider in (None, own.provider)
    return Target(
        provider=variant.provider or own.provider,
        model=variant.model or own.model,
        mode=own.mode,
        params={**own.params, **variant.params},
        context_tokens=variant.context_tokens or (own.context_tokens if same_model else None),
        refuses=variant.refuses or (own.refuses if same_model else ()),
        variant=variant.name,
        weight=variant.weight,
    )
