"""What any-llm and the SDKs below it raise, told as one class of `llmhub.errors`.

Measured on any-llm 1.40.2 with unified exceptions on. What it does not unify (a missing extra, an operation a provider
lacks, a structured answer that does not fit) is sorted here too, so that a caller meets one tree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from llmhub import errors
from llmhub.anyllm.wording import LONGEST, grpc_status, words_of
from llmhub.records.foreign import well_formed
from llmhub.records.secrets import Secrets

_BY_NAME: Mapping[str, type[errors.CallError]] = {
    "AuthenticationError": errors.AuthenticationError,
    "InsufficientFundsError": errors.InsufficientFundsError,
    "ModelNotFoundError": errors.ModelNotFoundError,
    "RateLimitError": errors.RateLimitError,
    "ContextLengthExceededError": errors.ContextLengthError,
    "ContentFilterError": errors.ContentFilterError,
    "ContentFilterFinishReasonError": errors.ContentFilterError,
    "LengthFinishReasonError": errors.TruncatedAnswerError,
    "InvalidRequestError": errors.InvalidRequestError,
    "UpstreamProviderError": errors.ProviderError,
    "GatewayTimeoutError": errors.ProviderError,
    "ProviderError": errors.ProviderError,
    "MissingApiKeyError": errors.MissingKeyError,
    "UnsupportedParameterError": errors.UnsupportedError,
    "UnsupportedProviderError": errors.UnsupportedError,
}

_BY_GRPC_STATUS: Mapping[str, type[errors.CallError]] = {
    "UNAUTHENTICATED": errors.AuthenticationError,
    "PERMISSION_DENIED": errors.AuthenticationError,
    "RESOURCE_EXHAUSTED": errors.RateLimitError,
    "NOT_FOUND": errors.ModelNotFoundError,
    "INVALID_ARGUMENT": errors.InvalidRequestError,
    "OUT_OF_RANGE": errors.InvalidRequestError,
    "FAILED_PRECONDITION": errors.InvalidRequestError,
    "UNIMPLEMENTED": errors.UnsupportedError,
    "UNAVAILABLE": errors.UnreachableError,
    "DEADLINE_EXCEEDED": errors.CallTimeoutError,
}
"""What gRPC's statuses mean (https://grpc.io/docs/guides/status-codes); every other is a failure of the provider.
any-llm, which looks for an HTTP status, goes by the words."""

_TOO_LONG = re.compile(
    r"prompt is too long|input is too long|too many (input )?tokens|exceeds? the context window", re.I
)
"""How providers say so, Anthropic's wording first."""

_NONE = Secrets()

_CONVERSIONS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What Python itself raises on our side of the wire, where a request is made or an answer is read. With unified
exceptions any-llm wraps these as ProviderError without a status, or goes by their words."""

_CONVERTS = re.compile(r"_convert_\w+_(?:(params)|response)")
"""The methods in which any-llm's providers do either, by its own contract for them."""


def translate(
    fault: Exception,
    provider: str,
    any_llm_provider: str | None,
    secrets: Secrets = _NONE,
    *,
    answered: bool | None = None,
) -> errors.CallError:
    """The `CallError` that *fault* is, with *fault* as its cause.

    *answered*: whether the provider had answered by then; `None` where nobody knows. *secrets* are struck from its
    message; where the fault itself shows one, the fault is not kept as the cause.
    """
    error = fault if isinstance(fault, errors.CallError) else _classify(fault, provider, any_llm_provider, answered)
    # Struck first, then cut: the beginning of a key is not to be recognised any more.
    message = well_formed(secrets.struck(error.message))[:LONGEST]
    if message != error.message:
        error.message = message
        error.args = (message,)
    cause = fault.__cause__ if error is fault else fault
    if cause is None or secrets.told_by(cause):
        error.__cause__ = error.__context__ = None
    else:
        error.__cause__ = cause
    return error


def forget_frames(overcome: BaseException | None) -> None:
    """Let go of where an error went that nobody will see any more.

    The frames of a traceback, ours and any-llm's, refer to the error again, and from Python 3.13 on also keep those of
    their callers: a stream that is dropped would wait for the collector to close its connection.
    """
    seen: set[int] = set()
    while overcome is not None and id(overcome) not in seen:
        seen.add(id(overcome))
        overcome.__traceback__ = None
        overcome = overcome.__cause__ or overcome.__context__


def _classify(fault: Exception, provider: str, any_llm_provider: str | None, answered: bool | None) -> errors.CallError:
    if isinstance(fault, ImportError):
        extra = any_llm_provider or provider
        return errors.MissingExtraError(
            f"{extra} needs a package that is not installed: pip install 'llmhub[{extra}]' ({words_of(fault)})"
        )
    if isinstance(fault, NotImplementedError):
        return errors.UnsupportedError(words_of(fault) or f"{provider} does not offer this operation")
    name = type(fault).__name__
    status = getattr(fault, "status_code", None)
    if name == "ValidationError":
        return _validation(fault, answered)
    kind = _BY_NAME.get(name)
    called_grpc = grpc_status(fault)
    if called_grpc is not None:
        return _of_grpc(called_grpc, kind)(words_of(fault))
    original = fault if kind is None else getattr(fault, "original_exception", None) or fault.__cause__
    if status is None and isinstance(original, _CONVERSIONS) and not isinstance(original, OSError):
        return _conversion(original, kind, answered)
    if kind is None:
        return _unwrapped(fault, status)
    if kind is errors.ProviderError and status is None and original is not None:
        return _unwrapped(original, None)
    message = words_of(fault)
    error = _refined(kind, message, getattr(fault, "code", None))(message, status_code=status)
    if isinstance(error, errors.RateLimitError | errors.ProviderError):
        error.retry_after = retry_after(fault)
    if isinstance(error, errors.UnusableAnswerError):
        error.response = getattr(fault, "completion", None)
    return error


def _of_grpc(status: str, kind: type[errors.CallError] | None) -> type[errors.CallError]:
    """The class of a gRPC status, unless any-llm found in the words a special case of it, such as a long input."""
    general = _BY_GRPC_STATUS.get(status, errors.ProviderError)
    return kind if kind is not None and issubclass(kind, general) else general


def _refined(kind: type[errors.CallError], message: str, code: str | None) -> type[errors.CallError]:
    """What any-llm 1.40 does not tell apart: its wordings and codes are OpenAI's of some time ago."""
    if kind is errors.RateLimitError and code == "insufficient_quota":
        return errors.InsufficientFundsError
    if kind is errors.InvalidRequestError and _TOO_LONG.search(message):
        return errors.ContextLengthError
    if kind is errors.InvalidRequestError and "credit balance is too low" in message:
        return errors.InsufficientFundsError
    return kind


def _unwrapped(fault: BaseException, status: int | None) -> errors.CallError:
    """A fault with no HTTP status: told apart by its type, which survives from SDK to SDK."""
    names = {cls.__name__ for cls in type(fault).__mro__}
    message = words_of(fault) or type(fault).__name__
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return errors.CallTimeoutError(f"the provider did not answer in time: {message}")
    if names & {"APIResponseValidationError", "JSONDecodeError", "UnicodeDecodeError"}:
        return errors.ProviderError(f"the answer could not be understood: {message}", status_code=status)
    if names & {"RemoteProtocolError", "ReadError", "WriteError", "CloseError", "IncompleteRead"}:
        return errors.UnreachableError(f"the connection broke: {message}")
    if names & {"APIConnectionError", "NetworkError", "ConnectError", "ConnectionError", "TransportError", "OSError"}:
        reason = words_of(fault.__cause__) if fault.__cause__ else ""
        return errors.UnreachableError(f"no connection: {reason or message}")
    return errors.ProviderError(message, status_code=status)


def _conversion(fault: BaseException, kind: type[errors.CallError] | None, answered: bool | None) -> errors.CallError:
    """One of `_CONVERSIONS`: the caller's error until an answer is there, and from then on the provider's."""
    told = f"{type(fault).__name__}: {words_of(fault)}"
    reading = _reads_an_answer(fault) if answered is None else answered
    if reading:
        return errors.ProviderError(f"the answer could not be understood: {told}")
    if kind is not None and issubclass(kind, errors.InvalidRequestError):
        return kind(words_of(fault))  # an argument that the SDK does not have
    return errors.ClientError(told)


def _reads_an_answer(fault: BaseException) -> bool:
    """Whether *fault* arose from an answer, as far as its class and the way it took tell."""
    trace = fault.__traceback__
    while trace is not None:
        if found := _CONVERTS.fullmatch(trace.tb_frame.f_code.co_name):
            return not found[1]
        trace = trace.tb_next
    return type(fault).__name__ in ("JSONDecodeError", "UnicodeDecodeError")


def _validation(fault: Exception, answered: bool | None) -> errors.CallError:
    """pydantic's: either the request did not fit any-llm's own parameters, or the answer not the shape answers have."""
    about_request = not answered if answered is not None else str(getattr(fault, "title", "")).endswith("Params")
    faults: list[dict[str, Any]] = getattr(fault, "errors", list)()
    listed = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in faults)
    if about_request:
        return errors.InvalidRequestError(listed or words_of(fault))
    return errors.ProviderError(f"the answer could not be understood: {listed or words_of(fault)}")


def retry_after(fault: Any) -> float | None:
    """Seconds the provider asked to wait, whether it said so in seconds or as an HTTP date (RFC 9110, 10.2.3)."""
    told = getattr(fault, "retry_after", None)
    if told is None:
        # any-llm reads it for rate limits only; a 503 may carry it, too.
        original = getattr(fault, "original_exception", None)
        headers = getattr(getattr(original, "response", original), "headers", None) or {}
        told = headers.get("retry-after")
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        return _seconds_until(told)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
