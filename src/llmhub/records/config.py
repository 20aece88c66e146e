"""`llmhub.yaml` as values: what machines write and both read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

Mode = Literal[
    "chat", "embedding", "image", "audio", "tool", "other", "speech", "transcription", "rerank", "moderation"
]


@frozen(kw_only=True)
class ProviderConfig:
    """How to reach a provider. A key's value never stands here: `env_key` names the variable that holds it.

    `api_base` with a name any-llm does not know, or with `type: openai`, declares an OpenAI-compatible endpoint.
    `client_args` go to the provider SDK's constructor.
    """

    env_key: str | None = None
    api_base: str | None = None
    type: str | None = None
    client_args: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Retry:
    """How often one target is tried (`attempts`, at least 1) and the longest wait between tries, in seconds."""

    attempts: int = 3
    max_delay: float = 8.0


@frozen(kw_only=True)
class TargetConfig:
    """One provider and model with the parameters to call it with. `mode` unset: that of the role."""

    provider: str
    model: str
    mode: Mode | None = None
    params: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class RoleConfig:
    """One role: its primary target, what to fall back to, and how patiently to call.

    `timeout` bounds one attempt and `deadline` the whole call, in seconds.
    """

    provider: str
    model: str
    mode: Mode = "chat"
    params: Mapping[str, Any] = field(factory=dict)
    fallbacks: tuple[TargetConfig, ...] = ()
    timeout: float | None = None
    deadline: float | None = None
    retry: Retry | None = None
    reason: str | None = None


@frozen(kw_only=True)
class Generated:
    """Which program, catalog and spec a generated file came from."""

    by: str
    catalog: str
    spec_hash: str


@frozen(kw_only=True)
class HubConfig:
    """The whole of `llmhub.yaml`, for one environment. `defaults` serves any role the file lacks."""

    project: str
    env: str = "dev"
    providers: Mapping[str, ProviderConfig] = field(factory=dict)
    roles: Mapping[str, RoleConfig] = field(factory=dict)
    defaults: RoleConfig | None = None
    selector: str | None = None
    ledger: str | None = None
    generated: Generated | None = None
