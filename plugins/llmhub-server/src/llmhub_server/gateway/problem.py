"""What a request is told when it gets no answer, before a dialect words it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from attrs import evolve, frozen

from llmhub import errors
from llmhub.records.calls import Attempt


@frozen(kw_only=True)
class Problem:
    """One problem: HTTP `status`, the `kind` of OpenAI's shape, a `code` for programs, a `message` for people.

    `param` names the field of the request that is at fault. `retry_after` is in seconds. `hopeless`: the same request
    will meet the same end until somebody mends something, so that clients should not repeat it by themselves.
    """

    status: int
    kind: str
    code: str
    message: str = ""
    param: str | None = None
    retry_after: float | None = None
    hopeless: bool = False
    attempts: tuple[Attempt, ...] = ()


class ProblemError(Exception):
    """Raised where a request is found faulty before anything is asked of the hub."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def invalid(
    message: str, *, param: str | None = None, code: str = "invalid_request", status: int = 400
) -> ProblemError:
    """The request itself is at fault."""
    return ProblemError(Problem(status=status, kind=_REQUEST, code=code, message=message, param=param, hopeless=True))


_REQUEST, _SERVER, _UPSTREAM, _LIMIT = "invalid_request_error", "server_error", "upstream_error", "rate_limit_error"


def _row(status: int, kind: str, code: str, *, hopeless: bool = False) -> Problem:
    return Problem(status=status, kind=kind, code=code, hopeless=hopeless or kind == _REQUEST)


TABLE: Mapping[type[errors.HubError], Problem] = {
    errors.UnknownRoleError: _row(404, _REQUEST, "model_not_found"),
    errors.WrongModeError: _row(400, _REQUEST, "wrong_mode"),
    errors.BudgetExceeded: _row(429, "budget_exceeded", "budget_exceeded", hopeless=True),
    errors.UnboundedCallError: _row(400, _REQUEST, "unbounded_cost"),
    errors.CallRefused: _row(403, "permission_error", "call_refused", hopeless=True),
    errors.MissingKeyError: _row(500, _SERVER, "missing_key", hopeless=True),
    errors.MissingExtraError: _row(500, _SERVER, "missing_package", hopeless=True),
    errors.UnsupportedError: _row(400, _REQUEST, "unsupported"),
    errors.UnsupportedOperationError: _row(501, _SERVER, "operation_not_offered", hopeless=True),
    errors.ContextLengthError: _row(400, _REQUEST, "context_length_exceeded"),
    errors.ContentFilterError: _row(400, _REQUEST, "content_filter"),
    errors.InvalidRequestError: _row(400, _REQUEST, "invalid_request"),
    errors.AuthenticationError: _row(502, _UPSTREAM, "upstream_authentication", hopeless=True),
    errors.InsufficientFundsError: _row(502, _UPSTREAM, "upstream_insufficient_funds", hopeless=True),
    errors.ModelNotFoundError: _row(502, _UPSTREAM, "upstream_model_not_found", hopeless=True),
    errors.RateLimitError: _row(429, _LIMIT, "rate_limit_exceeded"),
    errors.InterruptedStreamError: _row(502, _UPSTREAM, "stream_interrupted"),
    errors.ProviderError: _row(502, _UPSTREAM, "upstream_error"),
    errors.UnreachableError: _row(502, _UPSTREAM, "upstream_unreachable"),
    errors.ProviderBusyError: _row(503, _UPSTREAM, "upstream_busy"),
    errors.CallTimeoutError: _row(504, _UPSTREAM, "upstream_timeout"),
    errors.CircuitOpenError: _row(503, _UPSTREAM, "circuit_open"),
    errors.UnusableAnswerError: _row(502, _UPSTREAM, "unusable_answer"),
    errors.ClientError: _row(500, _SERVER, "request_not_sent", hopeless=True),
    errors.AllTargetsFailed: _row(502, _UPSTREAM, "all_targets_failed"),
    errors.CallError: _row(502, _UPSTREAM, "upstream_error"),
    errors.HubError: _row(500, _SERVER, "server_error", hopeless=True),
}
"""The row of a class is its own, or that of the nearest class above it."""

_BY_NAME: Mapping[str, Problem] = {kind.__name__: row for kind, row in TABLE.items()}

_NOT_YOURS = {
    "upstream_authentication": " Your own key is not at fault: the provider refused the key of this gateway.",
    "upstream_insufficient_funds": " This gateway's account at the provider has no money left.",
    "missing_key": " Whoever runs this gateway has to set it.",
    "operation_not_offered": " Whoever runs this gateway has to give the role another target.",
}


def problem_of(error: Exception) -> Problem:
    """What a request is told of *error*."""
    if isinstance(error, ProblemError):
        return error.problem
    if isinstance(error, errors.AllTargetsFailed):
        return _of_all(error)
    if isinstance(error, errors.BudgetExceeded):
        return _of_budget(error)
    if isinstance(error, errors.HubError):
        row = row_of(type(error))
        message = f"{error}{_NOT_YOURS.get(row.code, '')}"
        told = error if isinstance(error, errors.CallError) else None
        return evolve(
            row,
            message=message,
            param="model" if isinstance(error, errors.RoleError) else None,
            retry_after=told.retry_after if told else None,
            attempts=told.attempts if told else (),
        )
    message = "The gateway failed over this request; its log says why."
    return Problem(status=500, kind=_SERVER, code="internal_error", message=message)


def row_of(kind: type[errors.HubError]) -> Problem:
    """The row of the table for a class of errors."""
    return next(TABLE[each] for each in kind.__mro__ if each in TABLE)


def _of_all(error: errors.AllTargetsFailed) -> Problem:
    """One answer for several failures: what they have in common, else that the providers failed."""
    rows = [_row_named(attempt.error_class) for attempt in error.attempts]
    statuses, codes = {row.status for row in rows}, {row.code for row in rows}
    row = TABLE[errors.AllTargetsFailed]
    if len(statuses) == 1:
        row = rows[0]
    if len(codes) != 1:
        row = evolve(row, code="all_targets_failed", hopeless=all(each.hopeless for each in rows))
    last = error.__cause__
    if codes == {"budget_exceeded"} and isinstance(last, errors.BudgetExceeded):
        row = _of_budget(last)
    return evolve(
        row,
        message=f"role {error.role!r}: no answer after {len(rows)} attempts: {_told(error.attempts)}.",
        retry_after=row.retry_after or (last.retry_after if isinstance(last, errors.CallError) else None),
        attempts=error.attempts,
    )


def _row_named(name: str | None) -> Problem:
    row = _BY_NAME.get(name or "")
    if row is not None:
        return row
    kind = getattr(errors, name or "", None)
    return row_of(kind) if isinstance(kind, type) else TABLE[errors.CallError]


def _told(attempts: Sequence[Attempt]) -> str:
    return "; ".join(
        f"{attempt.provider}:{attempt.model} {attempt.error_class}"
        + (f" ({attempt.status_code})" if attempt.status_code else "")
        for attempt in attempts
    )


def _of_budget(error: errors.BudgetExceeded) -> Problem:
    """A budget that will be full again is a limit of rate; one that never will is an account without money."""
    row = TABLE[errors.BudgetExceeded]
    resets_at = error.budget.resets_at if error.budget is not None else None
    if resets_at is None:
        return evolve(row, status=402, kind="insufficient_quota", code="insufficient_quota", message=str(error))
    wait = (resets_at - datetime.now(UTC)).total_seconds()
    return evolve(row, message=str(error), retry_after=float(max(1, math.ceil(wait))))
