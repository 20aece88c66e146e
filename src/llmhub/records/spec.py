"""`llmhub.spec.yaml` as values: what people write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

Kind = Literal["chat", "embedding", "image", "audio", "tool", "other"]
Level = Literal["low", "medium", "high"]
Capability = Literal["tools", "vision", "structured_output", "reasoning", "pdf", "audio"]


@frozen(kw_only=True)
class ProviderSpec:
    """A provider the spec allows. With `api_base` and a name of its own: an OpenAI-compatible endpoint."""

    enabled: bool = True
    env_key: str | None = None
    api_base: str | None = None
    type: str | None = None


@frozen(kw_only=True)
class Preferences:
    """What a role wants. `cost` and `latency`: low is cheap and fast; `quality`: high is good.

    Prices are US dollars per million tokens. An unset field means: no opinion.
    """

    cost: Level | None = None
    latency: Level | None = None
    quality: Level | None = None
    reasoning: Level | None = None
    creativity: Level | None = None
    context_min: int | None = None
    needs: tuple[Capability, ...] = ()
    max_price_input: float | None = None
    max_price_output: float | None = None
    open_weights: bool | None = None
    providers: tuple[str, ...] = ()
    exclude_models: tuple[str, ...] = ()
    criteria: Mapping[str, float] = field(factory=dict)


@frozen(kw_only=True)
class RoleSpec:
    """One role as its author describes it."""

    kind: Kind
    description: str = ""
    preferences: Preferences = field(factory=Preferences)
    force_provider: str | None = None
    force_model: str | None = None
    mode_params: Mapping[str, Any] = field(factory=dict)
    fallbacks: int = 0
    weights: Mapping[str, float] = field(factory=dict)


@frozen(kw_only=True)
class SpecDefaults:
    """What holds for every role that does not say otherwise."""

    providers: tuple[str, ...] = ()
    preferences: Preferences = field(factory=Preferences)


@frozen(kw_only=True)
class CatalogOptions:
    """Which sources build the catalog (empty: all that register as default), and how prices are blended."""

    sources: tuple[str, ...] = ()
    price_ratio: float = 3.0


@frozen(kw_only=True)
class HubSpec:
    """The whole of `llmhub.spec.yaml`, for one environment."""

    project: str
    env: str = "dev"
    providers: Mapping[str, ProviderSpec] = field(factory=dict)
    roles: Mapping[str, RoleSpec] = field(factory=dict)
    defaults: SpecDefaults = field(factory=SpecDefaults)
    catalog: CatalogOptions = field(factory=CatalogOptions)
    generator: str = "heuristic"
