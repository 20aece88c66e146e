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
        │   └── UnsupportedOperationError   the provider does not do this at all
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

from llmhub.errors.base import HubError, nearest
from llmhub.errors.calls import (
    AllTargetsFailed,
    AuthenticationError,
    BudgetExceeded,
    CallError,
    CallRefused,
    CallTimeoutError,
    CircuitOpenError,
    ClientError,
    ContentFilterError,
    ContextLengthError,
    EmptyAnswerError,
    InsufficientFundsError,
    InterruptedStreamError,
    InvalidAnswerError,
    InvalidRequestError,
    LedgerError,
    MissingExtraError,
    MissingKeyError,
    ModelNotFoundError,
    ProviderBusyError,
    ProviderError,
    RateLimitError,
    TruncatedAnswerError,
    UnboundedCallError,
    UnreachableError,
    UnsupportedError,
    UnsupportedOperationError,
    UnusableAnswerError,
)
from llmhub.errors.files import (
    ConfigError,
    ConfigNotFoundError,
    InvalidFileError,
    MissingKeysError,
    RoleError,
    UnknownRoleError,
    WrongModeError,
)
from llmhub.errors.models import CatalogError, NoCatalogError, SelectionError, SourceError
from llmhub.errors.plugins import NameClashError, PluginError, PluginLoadError, UnknownContributionError

__all__ = [
    "AllTargetsFailed",
    "AuthenticationError",
    "BudgetExceeded",
    "CallError",
    "CallRefused",
    "CallTimeoutError",
    "CatalogError",
    "CircuitOpenError",
    "ClientError",
    "ConfigError",
    "ConfigNotFoundError",
    "ContentFilterError",
    "ContextLengthError",
    "EmptyAnswerError",
    "HubError",
    "InsufficientFundsError",
    "InterruptedStreamError",
    "InvalidAnswerError",
    "InvalidFileError",
    "InvalidRequestError",
    "LedgerError",
    "MissingExtraError",
    "MissingKeyError",
    "MissingKeysError",
    "ModelNotFoundError",
    "NameClashError",
    "NoCatalogError",
    "PluginError",
    "PluginLoadError",
    "ProviderBusyError",
    "ProviderError",
    "RateLimitError",
    "RoleError",
    "SelectionError",
    "SourceError",
    "TruncatedAnswerError",
    "UnboundedCallError",
    "UnknownContributionError",
    "UnknownRoleError",
    "UnreachableError",
    "UnsupportedError",
    "UnsupportedOperationError",
    "UnusableAnswerError",
    "WrongModeError",
    "nearest",
]
