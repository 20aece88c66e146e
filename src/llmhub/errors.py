"""Every error a user of LLM Hub can meet.

    HubError
    ├── ConfigError                 the user's files
    │   ├── ConfigNotFoundError         no llmhub.yaml or llmhub.spec.yaml here or above
    │   ├── InvalidFileError            all problems of one file at once, each with line and column
    │   └── MissingKeysError            `strict_env`: environment variables that hold no key
    ├── RoleError
    │   ├── UnknownRoleError            no such role, and no defaults to serve it
    │   └── WrongModeError              an embedding asked of a chat role, and the like
    ├── PluginError
    │   ├── PluginLoadError             a plugin that was asked for could not be used
    │   ├── NameClashError              two plugins offer one name
    │   └── UnknownContributionError    a name in a file that no plugin offers
    ├── CatalogError
    │   ├── NoCatalogError              nothing cached, nothing reachable
    │   └── SourceError                 a source that could not be read, or made no sense
    ├── SelectionError              no model satisfies a role
    ├── LedgerError                 the record of calls, or the counters of budgets, cannot be reached
    └── CallError                   a call that brought no answer; `attempts` tells the story
        ├── CallRefused                 a hook said no; nothing was sent
        │   ├── BudgetExceeded              a budget has not enough left for the call
        │   └── UnboundedCallError          a budget stands over a call that nobody can say the highest cost of
        ├── MissingKeyError             the key's environment variable is empty
        ├── MissingExtraError           the provider's package is not installed
        ├── UnsupportedError            provider or model does not do this, or not with this parameter
        ├── InvalidRequestError         the provider found fault with the request
        │   ├── ContextLengthError          too long for the model's window
        │   └── ContentFilterError          refused for its content
        ├── AuthenticationError         the key is wrong or may not do this
        ├── InsufficientFundsError      the account has no money left
        ├── ModelNotFoundError          no such model there, or the wrong `api_base`
        ├── RateLimitError              too many requests; `retry_after` in seconds when told
        ├── ProviderError               the provider failed (5xx) or answered nonsense
        │   └── InterruptedStreamError      a stream that ended without its end
        ├── UnreachableError            no connection could be made, or it broke
        ├── CallTimeoutError            the attempt or the call ran out of time
        │   └── ProviderBusyError           while it waited for one of its provider's `max_concurrency` places
        ├── CircuitOpenError            not tried: the target failed too often of late
        ├── UnusableAnswerError         an answer came, and cannot be used; `response` has it
        │   ├── EmptyAnswerError            it says nothing
        │   ├── TruncatedAnswerError        it ran into its longest length
        │   └── InvalidAnswerError          it does not fit the format that was asked for
        ├── ClientError                 a fault on this side that no other target can mend
        └── AllTargetsFailed            more than one attempt, none answered

Each class says with `exit_code` what the command line ends with: 1 the user's to mend, 3 provider or network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from decimal import Decimal

    from llmhub.records.calls import Attempt, Usage
    from llmhub.records.plugins import PluginFailure
    from llmhub.records.problems import Problem
    from llmhub.records.spending import BudgetState


class HubError(Exception):
    """Anything that LLM Hub itself raises."""

    exit_code: ClassVar[int] = 1


def nearest(name: str, valid: Sequence[str]) -> str | None:
    """The valid name most like *name*, for "did you mean"; `None` when none is close.

    >>> nearest("opnai", ["openai", "anthropic"])
    'openai'
    """
    from difflib import get_close_matches  # only mistakes need it: 2 ms less at every start

    matches = get_close_matches(name, valid, n=1, cutoff=0.6)
    return matches[0] if matches else None


def _did_you_mean(name: str, valid: Sequence[str]) -> str:
    close = nearest(name, valid)
    return f" Did you mean {close!r}?" if close else ""


class ConfigError(HubError):
    """Something is wrong with the user's files or environment."""


class ConfigNotFoundError(ConfigError):
    """No file where one was named, or none in all the places searched; *where* describes them."""

    def __init__(self, name: str, where: str, remedy: str) -> None:
        self.name, self.where, self.remedy = name, where, remedy
        super().__init__(f"no {name} in {where}. {remedy}")


class InvalidFileError(ConfigError):
    """One file with all its problems; `problems` holds them in the order of the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file, self.problems = file, tuple(problems)
        count = len(self.problems)
        head = f"{file}: {count} problem{'' if count == 1 else 's'}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class MissingKeysError(ConfigError):
    """Keys that the configuration names and the environment lacks; `missing` maps provider to variable name."""

    def __init__(self, missing: dict[str, str]) -> None:
        self.missing = missing
        listed = ", ".join(f"{variable} (for {provider})" for provider, variable in missing.items())
        super().__init__(f"not set in the environment: {listed}. Export them, or write them into .env beside the file.")


class RoleError(HubError):
    """A role was asked for what it cannot give."""


class UnknownRoleError(RoleError):
    """The file has no such role, and no `defaults` that could serve it."""

    def __init__(self, role: str, known: Sequence[str]) -> None:
        self.role, self.known = role, tuple(known)
        listed = ", ".join(sorted(known)) or "none"
        super().__init__(
            f"no role {role!r}, and no defaults to serve it.{_did_you_mean(role, known)} Roles in the file: {listed}."
        )


class WrongModeError(RoleError):
    """A method was called that the role's mode does not answer."""

    def __init__(self, role: str, mode: str, method: str, remedy: str) -> None:
        self.role, self.mode, self.method = role, mode, method
        super().__init__(f"role {role!r} has mode {mode!r}: {method}() cannot serve it. {remedy}")


class PluginError(HubError):
    """Something is wrong with a plugin."""


class PluginLoadError(PluginError):
    """A plugin that was asked for could not be used; `failures` say which, where and why."""

    def __init__(self, failures: Sequence[PluginFailure]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(str(failure) for failure in self.failures))


class NameClashError(PluginError):
    """Two plugins offer the same name for the same kind of thing."""

    def __init__(self, kind: str, name: str, owners: Sequence[str]) -> None:
        self.kind, self.name, self.owners = kind, name, tuple(owners)
        super().__init__(
            f"{' and '.join(self.owners)} both offer the {kind} {name!r}. "
            f"Disable one with LLMHUB_DISABLE_PLUGINS={self.owners[-1].split(' ')[0]}, or uninstall it."
        )


class UnknownContributionError(PluginError):
    """A file names a generator, source, selector or ledger that no plugin offers.

    `failures` are those of plugins of this kind: one of them may be the plugin that offers it.
    """

    def __init__(self, kind: str, name: str, known: Sequence[str], failures: Sequence[PluginFailure] = ()) -> None:
        self.kind, self.name, self.known, self.failures = kind, name, tuple(known), tuple(failures)
        listed = ", ".join(sorted(known)) or "none"
        head = f"no {kind} named {name!r}.{_did_you_mean(name, known)} Offered by the installed plugins: {listed}."
        told = ["It may belong to a plugin that could not be used:"] if self.failures else []
        super().__init__("\n".join([head, *told, *(f"  {failure}" for failure in self.failures)]))


class CatalogError(HubError):
    """The catalog could not be built, read or written."""


class NoCatalogError(CatalogError):
    """No source gave a model and nothing is stored from before."""

    exit_code = 3


class SourceError(CatalogError):
    """One source could not be read, or what it gave makes no sense."""

    exit_code = 3

    def __init__(self, source: str, reason: str) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source}: {reason}")


class SelectionError(HubError):
    """No model satisfies a role; the message says what stood in the way and what to relax."""

    def __init__(self, role: str, reason: str) -> None:
        self.role, self.reason = role, reason
        super().__init__(f"role {role!r}: {reason}")


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
    """An attempt ran past `timeout`, or the whole call past its deadline."""


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
    """A fault on this side of the wire, such as a tool without a docstring: no other target can mend it."""

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
