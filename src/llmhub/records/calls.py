"""One call as hooks see it: its context before, its attempts, its result after.

`CallContext` and `CallResult` answer by attribute and by key:

>>> call = CallContext(call_id="1", role="r", provider="openai", model="m", mode="chat", method="completion", input=[])
>>> call.provider, call["provider"]
('openai', 'openai')
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import define, field, fields, frozen

if TYPE_CHECKING:
    from llmhub.records.spending import Cost

Method = Literal[
    "completion",
    "embedding",
    "responses",
    "messages",
    "image",
    "speech",
    "transcription",
    "rerank",
    "moderation",
]

AttemptStatus = Literal["ok", "failed", "skipped"]
"""`skipped`: nothing was sent, because the target's circuit was open."""


@frozen(kw_only=True)
class Target:
    """One provider and model that can serve a role, with the parameters to call it with.

    `context_tokens` is the longest input it is known to take, `refuses` the parameters it is known not to. A target
    that stands in a role's `variants` has the variant's name and `weight`.
    """

    provider: str
    model: str
    mode: str
    params: Mapping[str, Any] = field(factory=dict)
    context_tokens: int | None = None
    refuses: tuple[str, ...] = ()
    variant: str | None = None
    weight: float = 1.0


@frozen(kw_only=True)
class ResolvedRole:
    """What `Hub.resolve` answers: the targets in the order they are tried, and the policy around them.

    `attempts` per target, `max_delay` between tries, `timeout` per attempt and `deadline` per call, in seconds.
    `fallback_on`: what else than an outage leads to the next target. `from_defaults` is true when the file lacks the
    role and its `defaults` serve it. Where targets are variants, a call is served by one of them: the one that its key
    under `sticky_by` leads to. `cache_ttl`: for how many seconds an
    answer serves again for the same question; `None`: not at all.
    """

    role: str
    mode: str
    targets: tuple[Target, ...]
    attempts: int
    max_delay: float
    timeout: float | None
    deadline: float
    from_defaults: bool = False
    reason: str | None = None
    fallback_on: frozenset[str] = frozenset()
    sticky_by: str | None = None
    cache_ttl: float | None = None

    @property
    def primary(self) -> Target:
        """The target that is tried first."""
        return self.targets[0]


@frozen(kw_only=True)
class Usage:
    """Tokens of one call as the provider counted them; `None` where it did not say.

    `input_tokens` and `output_tokens` count everything; the others say what part of them was read from or written to a
    cache, was spent on reasoning, or was sound. `cache_write_long_tokens` are those among `cache_write_tokens` that are
    kept for an hour. `cost` is what the provider itself says the call cost, in US dollars.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_write_long_tokens: int | None = None
    reasoning_tokens: int | None = None
    audio_input_tokens: int | None = None
    audio_output_tokens: int | None = None
    cost: Decimal | None = None


@frozen(kw_only=True)
class Attempt:
    """One try of one target. `error_class` names a class of `llmhub.errors`.

    `began` is seconds from the beginning of the call, `duration` the seconds it took. `usage` is what it is known to
    have used, which an answer that was turned down has done, too. `adjusted` says which parameters of the call this
    target could not be given.
    """

    number: int
    provider: str
    model: str
    status: AttemptStatus
    duration: float
    error_class: str | None = None
    message: str = ""
    status_code: int | None = None
    began: float = 0.0
    usage: Usage | None = None
    adjusted: tuple[str, ...] = ()


@define(kw_only=True, eq=False)
class CallContext:
    """What is known when a call begins: which `role` of which `project` and `environment` is asked, and for what.

    `method` is the Hub's method that was called, and `mode` that of the role. `call_id` is the same in the ledger, in
    logs and in `Hub.feedback`. `user` is the caller's. `stream`: the answer comes in chunks. A `llmhub_before_call`
    hook may set `params` (or change its entries); everything else is for reading. `provider` and `model` are those of
    the target tried next. `started_at` is monotonic seconds. `input` is what was passed: messages, texts, a prompt, a
    file; for a rerank a mapping of `query` and `documents`. `labels` are the caller's own. `variant` is the one the
    call was assigned to, by its `sticky_key` where it has one.
    """

    call_id: str
    role: str
    provider: str
    model: str
    mode: str
    method: Method
    input: Any = field(repr=False)
    params: dict[str, Any] = field(factory=dict)
    project: str = ""
    environment: str = ""
    user: str | None = None
    stream: bool = False
    started_at: float = 0.0
    labels: Mapping[str, str] = field(factory=dict)
    sticky_key: str | None = None
    variant: str | None = None

    def __getitem__(self, key: str) -> Any:
        return _field_value(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a field, or *default* when there is no field *key*."""
        return _field_value(self, key) if key in _names(type(self)) else default

    def keys(self) -> tuple[str, ...]:
        """The names of the fields."""
        return _names(type(self))

    def __iter__(self) -> Iterator[str]:
        return iter(_names(type(self)))

    def __contains__(self, key: object) -> bool:
        return key in _names(type(self))


@frozen(kw_only=True, eq=False)
class CallResult:
    """What came of a call. `latency` and `time_to_first_chunk` in seconds.

    `success` says whether an answer came; if none, `error` is why. `role`, `call_id`, `mode`, `method`, `project`,
    `environment`, `user`, `stream` and `labels` are those of the `CallContext`. `provider` and `model` are those that
    answered, or were tried last; `attempts` is every try. `usage` is what the provider counted. `pricing` works out
    `priced` when it is asked for. `response` is any-llm's own object, untouched; for a stream it is `None`, since the
    chunks went to the caller. `variant` is the one the call was assigned to, whichever target answered in the end.
    `adjusted`: what of the call's parameters the target that answered was not given, and why. `cached`: the answer
    was kept from an earlier call, and nothing was sent.
    """

    success: bool
    call_id: str
    role: str
    provider: str
    model: str
    mode: str
    method: Method
    latency: float
    project: str = ""
    environment: str = ""
    user: str | None = None
    stream: bool = False
    attempts: tuple[Attempt, ...] = ()
    response: Any = field(default=None, repr=False)
    error: BaseException | None = None
    usage: Usage | None = None
    time_to_first_chunk: float | None = None
    labels: Mapping[str, str] = field(factory=dict)
    variant: str | None = None
    adjusted: tuple[str, ...] = ()
    cached: bool = False
    pricing: Callable[[CallResult], Cost] | None = field(default=None, repr=False)

    @cached_property
    def priced(self) -> Cost:
        """What the call cost, who says so, and whether that is all of it. Worked out when it is first asked for."""
        from llmhub.records.spending import UNPRICED

        return UNPRICED if self.pricing is None else self.pricing(self)

    @property
    def cost(self) -> Decimal | None:
        """US dollars; `None` is unpriced, which is not free."""
        return self.priced.dollars

    def __getitem__(self, key: str) -> Any:
        return _field_value(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a field, or *default* when there is no field *key*."""
        return _field_value(self, key) if key in _names(type(self)) else default

    def keys(self) -> tuple[str, ...]:
        """The names of the fields."""
        return _names(type(self))

    def __iter__(self) -> Iterator[str]:
        return iter(_names(type(self)))

    def __contains__(self, key: object) -> bool:
        return key in _names(type(self))


@frozen(kw_only=True)
class Feedback:
    """How good an answer was: what `Hub.feedback` was told. Higher scores are better; their scale is the caller's."""

    call_id: str
    score: float
    labels: Mapping[str, str] = field(factory=dict)
    project: str = ""
    environment: str = ""


CircuitState = Literal["closed", "open", "half_open"]


@frozen(kw_only=True)
class TargetHealth:
    """How one target of a hub stands. `failures` in a row; `retry_in` seconds until an open circuit lets a call try."""

    provider: str
    model: str
    state: CircuitState = "closed"
    failures: int = 0
    last_error: str | None = None
    retry_in: float | None = None


@frozen(kw_only=True)
class ProviderLoad:
    """How busy a provider with `max_concurrency` is: calls under way and calls that wait for their turn."""

    provider: str
    limit: int
    running: int
    waiting: int


@frozen(kw_only=True)
class Health:
    """What `Hub.health` answers: every target of the configuration, and the providers that have a limit."""

    targets: tuple[TargetHealth, ...] = ()
    providers: tuple[ProviderLoad, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether every circuit is closed."""
        return all(target.state == "closed" for target in self.targets)


def _names(cls: type) -> tuple[str, ...]:
    names = (a.name for a in fields(cls) if a.name != "pricing")
    return (*names, "cost") if hasattr(cls, "cost") else tuple(names)


def _field_value(record: Any, key: str) -> Any:
    names = _names(type(record))
    if key in names:
        return getattr(record, key)
    raise KeyError(f"{key!r} is not a field of {type(record).__name__}; it has {', '.join(names)}")
