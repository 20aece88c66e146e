"""Errors of calls, and of the record kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llmhub.errors.base import HubError

if TYPE_CHECKING:
    from decimal import Decimal

    from llmhub.records.calls import Attempt, Usage
    from llmhub.records.spending import BudgetState


class LedgerError(HubError):
    """The record of calls, or the counters of budgets, cannot be reached."""


class CallError(HubError):
    """A call that brought no answer.

    Attributes:
        role, provider, model: what was being called; provider and model are those of the last attempt.
        status_code: the HTTP status, when there was one.
        retry_after: seconds the provider asked to wait, when it did.
        received: the text that a stream had brought before it broke. usage: the tokens it was known to have used by
            then (`llmhub.records.calls.Usage`), or `None`.
        attempts: every try of every target, in order (`llmhub.records.calls.Attempt`).

    The provider's own exception is `__cause__`.
    """

    exit_code = 3
    retry_after: float | None = None
    received: str = ""
    usage: Usage | None = None

    def __init__(
        self,
        message: str,
        *,
        role: str | None = None,
        provider: str | None = None,
        model: str | None = None,
        status_code: int | None = None,
        attempts: Sequence[Attempt] = (),
    ) -> None:
        self.message = message
        self.role, self.provider, self.model = role, provider, model
        self.status_code = status_code
        self.attempts = tuple(attempts)
        super().__init__(message)

    def __str__(self) -> str:
        where = f"{self.provider}:{self.model}" if self.provider else None
        about = ", ".join(part for part in (where, f"role {self.role}" if self.role else None) if part)
        return f"{self.message} [{about}]" if about else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword-only arguments do not pickle by themselves; results cross process borders.
        return (type(self).__new__, (type(self), self.message), self.__dict__)


class CallRefused(CallError):
    """Raised by a `llmhub_before_call` hook to stop a call; nothing was sent."""

    exit_code = 1


class BudgetExceeded(CallRefused):
    """A budget has not enough left for what the call may cost at most; nothing was sent.

    `budget` says which one, how it stands and when it is full again (`llmhub.records.spending.BudgetState`), `needed`
    the dollars (`Decimal`) that the call may cost, `fallback` whether it may go on to its role's next target.
    """

    budget: BudgetState | None = None
    needed: Decimal | None = None
    fallback: bool = False


class UnboundedCallError(CallRefused):
    """Nobody can say what the call may cost at most, and a hard budget stands over it. Nothing was sent."""


class MissingKeyError(CallError):
    """The provider wants a key and the environment variable that should hold it is empty."""

    exit_code = 1


class MissingExtraError(CallError):
    """The package that talks to this provider is not installed; the message holds the `pip install` line."""

    exit_code = 1


class UnsupportedError(CallError):
    """This provider does not offer the operation, or not with this parameter."""

    exit_code = 1


class UnsupportedOperationError(UnsupportedError):
    """This provider does not offer the operation at all: another target has to serve the role."""


class InvalidRequestError(CallError):
    """The provider found fault with the request; sending it again cannot help."""

    exit_code = 1


class ContextLengthError(InvalidRequestError):
    """The input is longer than the model's context window."""


class ContentFilterError(InvalidRequestError):
    """The provider refused the content of the request or of its own answer."""


class AuthenticationError(CallError):
    """The key was refused, or may not use this model."""

    exit_code = 1


class InsufficientFundsError(CallError):
    """The account at the provider has no credit left."""

    exit_code = 1


class ModelNotFoundError(CallError):
    """The provider knows no such model. A wrong `api_base` answers in the same way."""

    exit_code = 1


class RateLimitError(CallError):
    """Too many requests."""


class ProviderError(CallError):
    """The provider failed on its side, or what it sent could not be understood."""


class InterruptedStreamError(ProviderError):
    """A stream ended without a finish reason, or broke. What had arrived was passed on before; `received` has it."""


class UnreachableError(CallError):
    """No connection to the provider could be made, or it broke."""


class CallTimeoutError(CallError):
    """An attempt ran past `timeout`, or the whole call past its deadline.

    `late`: seconds after the time was over until this process, busy with other things, noticed. An answer may have
    lain there unread.
    """

    late: float = 0.0


class ProviderBusyError(CallTimeoutError):
    """No place became free in time among those that `max_concurrency` allows; nothing was sent."""


class CircuitOpenError(CallError):
    """Nothing was sent: the target failed too often of late. `retry_after`: seconds until it may be tried again."""


class UnusableAnswerError(CallError):
    """An answer came and was paid for, but it is not what was asked. `response`: the answer, where there is one."""

    response: Any = None


class EmptyAnswerError(UnusableAnswerError):
    """The answer says nothing, and its role has `empty` among `fallback_on`."""


class TruncatedAnswerError(UnusableAnswerError):
    """The answer ran into its longest length: where a structure was asked for, or `fallback_on` names `truncated`."""


class InvalidAnswerError(UnusableAnswerError):
    """The answer does not fit the format that was asked for."""


class ClientError(CallError):
    """A fault on this side of the wire, such as a tool without a docstring: nothing was sent, and no other target can
    mend it."""

    exit_code = 1


class AllTargetsFailed(CallError):
    """Every attempt failed; the message lists each with target, time, class and reason."""

    def __init__(self, message: str = "", *, role: str | None = None, attempts: Sequence[Attempt] = ()) -> None:
        last = attempts[-1] if attempts else None
        super().__init__(
            message or f"no answer after {len(attempts)} attempts",
            role=role,
            provider=last.provider if last else None,
            model=last.model if last else None,
            status_code=last.status_code if last else None,
            attempts=attempts,
        )

    def __str__(self) -> str:
        lines = [
            f"  {number}. {attempt.provider}:{attempt.model} after {attempt.duration:.3f} s: "
            f"{attempt.error_class}: {attempt.message}"
            for number, attempt in enumerate(self.attempts, start=1)
        ]
        head = f"role {self.role!r}: {self.message}" if self.role else self.message
        return "\n".join([head, *lines])
