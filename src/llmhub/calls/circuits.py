"""Leaving a target alone that fails again and again, so that calls reach their fallback at once.

    closed ──failures in a row──> open ──cooldown──> half open: one call tries
      ^                            ^                      │
      └────────── it answers ──────┼──────────────────────┤
                                   └────── it fails ──────┘

Targets in good health have no entry here, and a call looks only whether there are any: nothing is locked until
something fails. (Nygard, "Release It!", 2007, names the pattern.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from time import monotonic

from attrs import define

from llmhub.errors import (
    CallError,
    CallTimeoutError,
    CircuitOpenError,
    ClientError,
    MissingExtraError,
    MissingKeyError,
    ProviderBusyError,
    ProviderError,
    UnreachableError,
    UnsupportedError,
)
from llmhub.records.calls import CircuitState, Target, TargetHealth
from llmhub.records.config import Circuit

Key = tuple[str, str]

SICK = (ProviderError, UnreachableError, CallTimeoutError)
"""What speaks against a target. A rate limit does not: it says when to come back, and passes."""

SILENT = (ClientError, MissingKeyError, MissingExtraError, UnsupportedError, ProviderBusyError)
"""What says nothing about a target, since it arose before anything was sent."""

STUMBLES = (LookupError, AttributeError, AssertionError)
"""What any-llm raises over a shape that it takes for granted: of an answer, or of a request just as well. It says
nothing either, or whoever sends a few odd requests would close a target to all others."""

LATE = 0.1
"""Seconds. A loop that notices a time limit later than this was kept from reading, perhaps an answer that had come:
what timed out is this process, and nothing is known of the target. An idle loop is late by about a millisecond."""


@define(eq=False)
class _Trouble:
    failures: int = 0
    opened_at: float | None = None
    on_trial: bool = False
    last_error: str = ""


class Circuits:
    """One circuit per provider and model, shared by all calls of a hub, from any thread and any loop."""

    def __init__(self, settings: Circuit, clock: Callable[[], float] = monotonic) -> None:
        self.settings = settings
        self.troubled: dict[Key, _Trouble] = {}
        self._clock = clock
        self._lock = threading.Lock()

    def admit(self, target: Target) -> None:
        """Let a call try *target*; once an open circuit has cooled down, one call at a time.

        Raises:
            CircuitOpenError: not now.
        """
        key = (target.provider, target.model)
        with self._lock:
            trouble = self.troubled.get(key)
            if trouble is None or trouble.opened_at is None or not self.settings.failures:
                return
            wait = trouble.opened_at + self.settings.cooldown - self._clock()
            if wait <= 0 and not trouble.on_trial:
                trouble.on_trial = True
                return
        when = f"it is tried again in {wait:.1f} s" if wait > 0 else "another call is trying it now"
        refusal = CircuitOpenError(
            f"not tried: {trouble.failures} failures in a row, the last a {trouble.last_error}; {when}"
        )
        refusal.retry_after = max(0.0, wait)
        raise refusal

    def answered(self, target: Target) -> None:
        """*target* answered: whatever was held against it is forgotten."""
        with self._lock:
            self.troubled.pop((target.provider, target.model), None)

    def failed(self, target: Target, error: BaseException) -> None:
        """An attempt at *target* ended with *error*, which may be a cancellation."""
        key = (target.provider, target.model)
        with self._lock:
            late = isinstance(error, CallTimeoutError) and error.late > LATE
            silent = isinstance(error, SILENT) or late or _is_stumble(error)
            if isinstance(error, SICK) and not silent:
                trouble = self.troubled.setdefault(key, _Trouble())
                trouble.failures += 1
                trouble.last_error = type(error).__name__
                if trouble.on_trial or 0 < self.settings.failures <= trouble.failures:
                    trouble.opened_at = self._clock()
                trouble.on_trial = False
            elif isinstance(error, CallError) and not silent:
                # Even a refusal is an answer.
                self.troubled.pop(key, None)
            elif key in self.troubled:
                self.troubled[key].on_trial = False

    def health(self, targets: Iterable[Target]) -> tuple[TargetHealth, ...]:
        """How each of *targets* stands; one that several roles name stands once."""
        keys = dict.fromkeys((target.provider, target.model) for target in targets)
        with self._lock:
            return tuple(self._health_of(key) for key in keys)

    def forget(self) -> None:
        """In a forked child: start with every circuit closed."""
        self._lock = threading.Lock()
        self.troubled = {}

    def _health_of(self, key: Key) -> TargetHealth:
        provider, model = key
        trouble = self.troubled.get(key)
        if trouble is None:
            return TargetHealth(provider=provider, model=model)
        state: CircuitState = "closed"
        retry_in = None
        if trouble.opened_at is not None:
            wait = trouble.opened_at + self.settings.cooldown - self._clock()
            state, retry_in = ("open", wait) if wait > 0 else ("half_open", 0.0)
        return TargetHealth(
            provider=provider,
            model=model,
            state=state,
            failures=trouble.failures,
            last_error=trouble.last_error,
            retry_in=retry_in,
        )


def _is_stumble(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, STUMBLES):
        cause = cause.__cause__
    return cause is not None
