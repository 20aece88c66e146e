"""From a role as its author describes it to a precise `Need`."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, fields

from llmhub.errors import SelectionError
from llmhub.records.selection import Need
from llmhub.records.spec import Capability, HubSpec, Kind, Level, Preferences, RoleSpec

LEVEL_WEIGHTS: Mapping[str, Mapping[Level | None, float]] = {
    # How much a criterion counts at each level; `None`: the role has no opinion. What is asked for firmly (cheap, fast,
    # good) counts most. A role without opinions gets a balance, not the cheapest and not the best.
    "cost": {"low": 3.0, "medium": 1.5, "high": 0.1, None: 1.0},
    "quality": {"low": 0.5, "medium": 2.0, "high": 4.0, None: 1.5},
    "latency": {"low": 2.0, "medium": 0.75, "high": 0.0, None: 0.5},
    "reasoning": {"low": 0.0, "medium": 1.0, "high": 2.0, None: 0.0},
    "creativity": {"low": 0.0, "medium": 1.0, "high": 2.0, None: 0.0},
}

KIND_LEVELS: Mapping[Kind, Mapping[str, Level]] = {
    # What counts for a kind where neither the role nor the spec's defaults say: a chat or other role has no opinion.
    "embedding": {"cost": "medium", "latency": "high"},  # millions of texts, each answered in no time
    "image": {"quality": "high", "latency": "high"},  # people look at it, and wait for it
    "audio": {"quality": "medium", "latency": "low"},  # people listen while it speaks
    "tool": {"quality": "medium"},  # a wrong call costs more than a better model
}

ALWAYS: Mapping[str, float] = {"generation": 1.0, "recency": 0.2}
"""What every role weighs: the latest of a line before what it has superseded and, a little, the new before the old."""


def need_of(role: str, spec: HubSpec) -> Need:
    """What *role* of *spec* needs, with the defaults filled in.

    Raises:
        SelectionError: no provider is left to choose from, or the forced one is disabled.
    """
    wanted = spec.roles[role]
    preferences = preferences_of(wanted, spec)
    needs = preferences.needs
    if wanted.kind == "tool" and "tools" not in needs:
        needs = ("tools", *needs)
    return Need(
        role=role,
        mode=wanted.kind,
        providers=_providers(role, wanted, spec),
        weights=_weights(wanted, preferences),
        capabilities=tuple(dict.fromkeys(needs)),
        context_min=preferences.context_min,
        max_price_input=preferences.max_price_input,
        max_price_output=preferences.max_price_output,
        open_weights=preferences.open_weights,
        exclude_models=preferences.exclude_models,
        force_provider=wanted.force_provider,
        force_model=wanted.force_model,
    )


def preferences_of(role: RoleSpec, spec: HubSpec) -> Preferences:
    """The role's preferences, and those of the spec's `defaults` where the role has none."""
    defaults = spec.defaults.preferences
    unset = {
        attribute.name: getattr(defaults, attribute.name)
        for attribute in fields(Preferences)
        if getattr(role.preferences, attribute.name) in (None, (), {})
    }
    return evolve(role.preferences, **unset)


def _providers(role: str, wanted: RoleSpec, spec: HubSpec) -> tuple[str, ...]:
    disabled = {name for name, provider in spec.providers.items() if not provider.enabled}
    if wanted.force_provider:
        if wanted.force_provider in disabled:
            raise SelectionError(role, f"`force_provider: {wanted.force_provider}` is switched off under `providers`")
        return (wanted.force_provider,)
    stated = (
        wanted.preferences.providers
        or spec.defaults.preferences.providers
        or spec.defaults.providers
        or tuple(spec.providers)
    )
    allowed = tuple(name for name in dict.fromkeys(stated) if name not in disabled)
    if not allowed:
        reason = f"all its providers are switched off ({', '.join(stated)})" if stated else "no provider is declared"
        raise SelectionError(role, f"{reason}. Name one under `providers`, such as `openai: {{}}`")
    return allowed


def _weights(wanted: RoleSpec, preferences: Preferences) -> Mapping[str, float]:
    levels = {criterion: getattr(preferences, criterion) for criterion in LEVEL_WEIGHTS}
    usual = KIND_LEVELS.get(wanted.kind, {})
    weights = {
        criterion: LEVEL_WEIGHTS[criterion][level or usual.get(criterion)] for criterion, level in levels.items()
    }
    return {**weights, **ALWAYS, **preferences.criteria, **wanted.weights}


CAPABILITY_WORDS: Mapping[Capability, str] = {
    "tools": "tool calls",
    "vision": "images as input",
    "structured_output": "structured output",
    "reasoning": "reasoning",
    "pdf": "PDF files as input",
    "audio": "audio as input",
}
