"""What to do after a failed attempt. Pure: values in, one step out; no clock, no sleep, no chance of its own.

    failed attempt ──> retry the same target ──> next target ──> give up

Only what can succeed is tried again. A rejected key, request or content is the same at every try and would only hide a
mistake behind a fallback, so it ends the call at once; a role may say otherwise with `fallback_on`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from attrs import frozen

from llmhub import errors
from llmhub.records.calls import ResolvedRole, Target

Verdict = Literal["retry", "next", "larger", "stop"]
"""The same target again, the next one, the next one known to take a longer input, or none."""

FIRST_DELAY = 0.5
"""Seconds before jitter; doubled with each try. The figure the OpenAI and Anthropic SDKs use."""

VERDICTS: Mapping[type[errors.CallError], Verdict] = {
    errors.RateLimitError: "retry",
    errors.ProviderError: "retry",
    errors.UnreachableError: "retry",
    errors.CallTimeoutError: "retry",
    # Another target can answer where this one never will.
    errors.ModelNotFoundError: "next",
    errors.InsufficientFundsError: "next",
    errors.CircuitOpenError: "next",
    errors.ContextLengthError: "larger",
    # The same at every try, and the user's to mend.
    errors.AuthenticationError: "stop",
    errors.MissingKeyError: "stop",
    errors.MissingExtraError: "stop",
    errors.InvalidRequestError: "stop",
    errors.ContentFilterError: "stop",
    errors.UnsupportedError: "stop",
    errors.ClientError: "stop",
    errors.UnusableAnswerError: "stop",
    errors.CallRefused: "stop",
}

REASONS: Mapping[type[errors.CallError], str] = {
    errors.AuthenticationError: "authentication",
    errors.EmptyAnswerError: "empty",
    errors.TruncatedAnswerError: "truncated",
    errors.InvalidAnswerError: "invalid_schema",
}
"""What sends a call on to the next target only where its role's `fallback_on` has the word."""


@frozen
class Failure:
    """A failed attempt: which of the targets, and how."""

    target: int
    error: errors.CallError


@frozen
class Try:
    """Try target number `target` (from 0) after waiting `delay` seconds."""

    target: int
    delay: float = 0.0


@frozen
class GiveUp:
    """No further attempt can help, or time is up."""


Step = Try | GiveUp


def next_step(policy: ResolvedRole, failures: Sequence[Failure], elapsed: float, chance: float) -> Step:
    """The step after the last of *failures*.

    *elapsed* is seconds since the call began; *chance*, uniform in 0..1, is the jitter. A target is tried
    `policy.attempts` times, then the next one. Targets are tried in their order, none twice. No step begins past the
    deadline.

    >>> from llmhub.records.calls import Target
    >>> targets = tuple(Target(provider=name, model="m", mode="chat") for name in ("openai", "mistral"))
    >>> policy = ResolvedRole(
    ...     role="r", mode="chat", targets=targets, attempts=2, max_delay=8.0, timeout=None, deadline=60.0
    ... )
    >>> outage = Failure(0, errors.ProviderError("503"))
    >>> next_step(policy, [outage], elapsed=1.0, chance=0.5)
    Try(target=0, delay=0.25)
    >>> next_step(policy, [outage, outage], elapsed=2.0, chance=0.5)
    Try(target=1, delay=0.0)
    >>> next_step(policy, [Failure(0, errors.AuthenticationError("401"))], elapsed=1.0, chance=0.5)
    GiveUp()
    """
    last = failures[-1]
    verdict = verdict_on(last, policy.fallback_on)
    if verdict == "stop" or elapsed >= policy.deadline:
        return GiveUp()
    tries_here = sum(1 for failure in failures if failure.target == last.target)
    if verdict == "retry" and tries_here < policy.attempts:
        delay = _delay(policy, last.error, tries_here, chance)
        if delay is not None and elapsed + delay < policy.deadline:
            return Try(last.target, delay)
    for following in range(last.target + 1, len(policy.targets)):
        if verdict != "larger" or _takes_more(policy.targets[following], policy.targets[last.target]):
            return Try(following)
    return GiveUp()


def verdict_on(failure: Failure, fallback_on: Collection[str] = ()) -> Verdict:
    """Whether a failure can be mended by trying again, by another target, or not at all."""
    if isinstance(failure.error, errors.BudgetExceeded) and failure.error.fallback:
        return "next"
    for kind in type(failure.error).__mro__:
        if REASONS.get(kind) in fallback_on:
            return "next"
        if kind is errors.UnsupportedError and failure.target > 0:
            # That a fallback cannot do what its role's first target can is no mistake in the request.
            return "next"
        if kind in VERDICTS:
            return VERDICTS[kind]
    return "stop"


def _takes_more(candidate: Target, too_small: Target) -> bool:
    """Whether *candidate* is known to take a longer input; a guess could cost a second refusal and hide the first."""
    if candidate.context_tokens is None or too_small.context_tokens is None:
        return False
    return candidate.context_tokens > too_small.context_tokens


def _delay(policy: ResolvedRole, error: errors.CallError, tries: int, chance: float) -> float | None:
    """Full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), never sooner than the provider asked.

    `None`: the provider asks for more patience than the role has.
    """
    asked = error.retry_after
    if asked is not None:
        return asked if asked <= policy.max_delay else None
    ceiling: float = min(policy.max_delay, FIRST_DELAY * 2 ** (tries - 1))
    return chance * ceiling
