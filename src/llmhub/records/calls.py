"""One call as hooks see it: its context before, its attempts, its result after.

`CallContext` and `CallResult` answer by attribute and by key:

>>> call = CallContext(call_id="1", role="r", provider="openai", model="m", mode="chat", method="completion", input=[])
>>> call.provider, call["provider"]
('openai', 'openai')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import define, field, fields, frozen

Method = Literal["completion", "embedding"]

AttemptStatus = Literal["ok", "failed"]


@frozen(kw_only=True)
class Target:
    """One provider and model that can serve a role, with the parameters to call it with."""

    provider: str
    model: str
    mode: str
    params: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class ResolvedRole:
    """What `Hub.resolve` answers: the targets in the order they are tried, and the policy around them.

    `attempts` per target, `max_delay` between tries, `timeout` per attempt and `deadline` per call, in seconds.
    `from_defaults` is true when the file lacks the role and its `defaults` serve it.
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

    @property
    def primary(self) -> Target:
        """The target that is tried first."""
        return self.targets[0]


@frozen(kw_only=True)
class Usage:
    """Tokens of one call as the provider counted them; `None` where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None


@frozen(kw_only=True)
class Attempt:
    """One try of one target. `duration` in seconds; `error_class` names a class of `llmhub.errors`."""

    number: int
    provider: str
    model: str
    status: AttemptStatus
    duration: float
    error_class: str | None = None
    message: str = ""
    status_code: int | None = None


@define(kw_only=True, eq=False)
class CallContext:
    """What is known when a call begins.

    A `llmhub_before_call` hook may set `params` (or change its entries); everything else is for reading. `provider`
    and `model` are those of the target tried next. `started_at` is monotonic seconds. `input` is what was passed:
    messages or texts.
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

    def __getitem__(self, key: str) -> Any:
        return _field_value(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        return _field_value(self, key) if key in _names(type(self)) else default

    def keys(self) -> tuple[str, ...]:
        return _names(type(self))

    def __iter__(self) -> Iterator[str]:
        return iter(_names(type(self)))

    def __contains__(self, key: object) -> bool:
        return key in _names(type(self))


@frozen(kw_only=True, eq=False)
class CallResult:
    """What came of a call. `latency` and `time_to_first_chunk` in seconds; `cost` in US dollars, `None` is unpriced.

    `response` is any-llm's own object, untouched; for a stream it is `None`, since the chunks went to the caller.
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
    cost: Decimal | None = None
    time_to_first_chunk: float | None = None

    def __getitem__(self, key: str) -> Any:
        return _field_value(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        return _field_value(self, key) if key in _names(type(self)) else default

    def keys(self) -> tuple[str, ...]:
        return _names(type(self))

    def __iter__(self) -> Iterator[str]:
        return iter(_names(type(self)))

    def __contains__(self, key: object) -> bool:
        return key in _names(type(self))


def _names(cls: type) -> tuple[str, ...]:
    return tuple(a.name for a in fields(cls))


def _field_value(record: Any, key: str) -> Any:
    names = _names(type(record))
    if key in names:
        return getattr(record, key)
    raise KeyError(f"{key!r} is not a field of {type(record).__name__}; it has {', '.join(names)}")
