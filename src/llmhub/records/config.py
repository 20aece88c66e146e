"""`llmhub.yaml` as values: what machines write and both read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

Mode = Literal[
    "chat", "embedding", "image", "audio", "tool", "other", "speech", "transcription", "rerank", "moderation"
]


@frozen(kw_only=True)
class ProviderConfig:
    """How to reach a provider. A key's value never stands here: `env_key` names the variable that holds it.

    `api_base` with a name any-llm does not know, or with `type: openai`, declares an OpenAI-compatible endpoint.
    `client_args` go to the provider SDK's constructor. `max_concurrency`: so many calls at once; further ones wait.
    """

    env_key: str | None = None
    api_base: str | None = None
    type: str | None = None
    client_args: Mapping[str, Any] = field(factory=dict)
    max_concurrency: int | None = None


@frozen(kw_only=True)
class Circuit:
    """When a target is left alone: after so many `failures` in a row, for `cooldown` seconds; 0 failures: never."""

    failures: int = 10
    cooldown: float = 10.0


@frozen(kw_only=True)
class CacheConfig:
    """For how many seconds (`ttl`) an answer serves again for the very same question."""

    ttl: float = 86_400.0


@frozen(kw_only=True)
class Retry:
    """How often one target is tried (`attempts`, at least 1) and the longest wait between tries, in seconds."""

    attempts: int = 3
    max_delay: float = 8.0


@frozen(kw_only=True)
class TargetConfig:
    """One provider and model with the parameters to call it with. `mode` unset: that of the role.

    `context_tokens`: the longest input it takes; with it, a call that was too long for another target may come here.
    `refuses`: parameters that the model is known not to take.
    """

    provider: str
    model: str
    mode: Mode | None = None
    params: Mapping[str, Any] = field(factory=dict)
    context_tokens: int | None = None
    refuses: tuple[str, ...] = ()


@frozen(kw_only=True)
class VariantConfig:
    """One arm of an experiment: its share of the calls, and what it changes in its role.

    `provider`, `model`, `context_tokens` and `refuses` are those of the role where unset; `params` are laid over the
    role's.
    """

    name: str
    weight: float = 1.0
    enabled: bool = True
    provider: str | None = None
    model: str | None = None
    params: Mapping[str, Any] = field(factory=dict)
    context_tokens: int | None = None
    refuses: tuple[str, ...] = ()


@frozen(kw_only=True)
class BudgetConfig:
    """A limit on what calls may cost: `limit` US dollars, exactly, per `window` (UTC), or in all.

    It counts the project's calls, of one `environment`, `role` or `provider`, or with a `label`, where these are set.
    `on_exceed`: `block` refuses a call that may not fit, `fallback` tries the role's next, cheaper target before,
    `warn` only tells. `alerts`: the shares of the limit at which log, hooks and the webhook are told; `webhook_env`
    names the variable that holds its address. A call that crashed may have been billed: `after_crash` counts what it
    held as spent, or releases it.
    """

    limit: Decimal
    window: Literal["hour", "day", "month", "total"] = "month"
    environment: str | None = None
    role: str | None = None
    provider: str | None = None
    label: Mapping[str, str] = field(factory=dict)
    on_exceed: Literal["block", "fallback", "warn"] = "block"
    alerts: tuple[float, ...] = (0.8, 1.0)
    webhook_env: str | None = None
    after_crash: Literal["count", "release"] = "count"


@frozen(kw_only=True)
class LedgerOptions:
    """How the ledger keeps calls: for `retention_days`, with prompts and answers only where `store_content` says so.

    `flush_on_signals`: write what is left when SIGTERM or SIGHUP would end the process at once.
    """

    retention_days: int | None = None
    store_content: bool = False
    flush_on_signals: bool = True


FallbackReason = Literal["authentication", "empty", "truncated", "invalid_schema"]
"""What leads to a role's next target only when the role says so."""


@frozen(kw_only=True)
class RoleConfig:
    """One role: its primary target, what to fall back to, and how patiently to call.

    `timeout` bounds one attempt and `deadline` the whole call, in seconds. `variants` share the calls by weight;
    `sticky_by` (`user`, or the name of a label) keeps calls of one key at one variant. `llmhub generate` leaves a
    `pinned` role as it is.
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
    context_tokens: int | None = None
    refuses: tuple[str, ...] = ()
    fallback_on: tuple[FallbackReason, ...] = ()
    variants: tuple[VariantConfig, ...] = ()
    sticky_by: str | None = None
    cache: CacheConfig | None = None
    budget: BudgetConfig | None = None
    pinned: bool = False


@frozen(kw_only=True)
class Generated:
    """Which program, catalog, spec and measurements of latency a generated file came from.

    `content` is the hash of what was decided then: another one now means that somebody edited the file.
    """

    by: str
    catalog: str
    spec_hash: str
    measured: str | None = None
    content: str | None = None


@frozen(kw_only=True)
class HubConfig:
    """The whole of `llmhub.yaml`, for one environment. `defaults` serves any role the file lacks.

    `ledger` names where calls are recorded; `none` keeps no record.
    """

    project: str
    env: str = "dev"
    providers: Mapping[str, ProviderConfig] = field(factory=dict)
    roles: Mapping[str, RoleConfig] = field(factory=dict)
    defaults: RoleConfig | None = None
    selector: str | None = None
    ledger: str | None = None
    ledger_options: LedgerOptions = field(factory=LedgerOptions)
    budgets: Mapping[str, BudgetConfig] = field(factory=dict)
    circuit: Circuit = field(factory=Circuit)
    generated: Generated | None = None
