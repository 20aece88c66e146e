"""What the standard logger `llmhub.calls` is told of calls that did not go smoothly, at level INFO.

Nothing is printed unless the application sets up logging. Each line has fields of its own beside its text, among them
`call_id`, by which it finds the call in the ledger and in a trace. A call that goes well is not worth a line.
"""

from __future__ import annotations

import logging
from typing import Any

from llmhub.records.calls import Attempt, CallContext, CallResult

LOGGER = logging.getLogger("llmhub.calls")


def attempt_failed(call: CallContext, attempt: Attempt) -> None:
    """One line for an attempt that came to nothing. The provider's words stay out: they may quote the question."""
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    status = "" if attempt.status_code is None else f" ({attempt.status_code})"
    LOGGER.info(
        "attempt %d of %s at %s:%s %s: %s%s",
        attempt.number,
        call.role,
        attempt.provider,
        attempt.model,
        attempt.status,
        attempt.error_class,
        status,
        extra={
            **_whose(call),
            "provider": attempt.provider,
            "model": attempt.model,
            "attempt": attempt.number,
            "error_class": attempt.error_class,
            "status_code": attempt.status_code,
            "duration": attempt.duration,
        },
    )


def call_ended(call: CallContext, result: CallResult) -> None:
    """One line for a call that failed, or took more than one attempt."""
    if (result.error is None and len(result.attempts) < 2) or not LOGGER.isEnabledFor(logging.INFO):
        return
    error_class = None if result.error is None else type(result.error).__name__
    LOGGER.info(
        "call of %s %s after %d attempts",
        call.role,
        f"failed with {error_class}" if error_class else f"answered by {result.provider}:{result.model}",
        len(result.attempts),
        extra={
            **_whose(call),
            "provider": result.provider,
            "model": result.model,
            "attempts": len(result.attempts),
            "error_class": error_class,
            "duration": result.latency,
        },
    )


def _whose(call: CallContext) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "role": call.role,
        "project": call.project,
        "environment": call.environment,
    }
