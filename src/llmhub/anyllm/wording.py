"""The provider's own words in what an SDK raises: one line, with the status before it, without headers or debug output.

Each family of SDKs prints its exceptions in its own way; a reader wants status and words from all of them.
"""

from __future__ import annotations

import ast
from typing import Any

LONGEST = 500
"""Characters of what a user is shown."""

_MOST = 10 * LONGEST
"""Characters that are looked at: what is cut off later may begin with a key, and must be recognised until then."""


def words_of(fault: BaseException) -> str:
    """What *fault* says, in one line; empty when it says nothing."""
    return _spoken(fault).strip().split("\n", 1)[0][:_MOST]


def grpc_status(fault: BaseException) -> str | None:
    """The name of the gRPC status that *fault* or the fault within it carries, such as `RESOURCE_EXHAUSTED`."""
    code = getattr(_raised_by_sdk(fault), "code", None)
    name = getattr(code(), "name", None) if callable(code) else None
    return name if isinstance(name, str) else None


def _spoken(fault: BaseException) -> str:
    raised = _raised_by_sdk(fault)
    status = grpc_status(fault)
    if status is not None:
        details = getattr(raised, "details", None)
        return f"{status}: {(details() if callable(details) else None) or 'no more was said'}"
    message = getattr(fault, "message", None)
    text = message if isinstance(message, str) and message else str(fault)
    if text.startswith("headers: ") and hasattr(raised, "body"):
        # SDKs made by Fern (cohere) print all response headers before the body.
        return f"{getattr(raised, 'status_code', None) or 'error'}: {_sentence(raised.body)}"
    head, dash, body = text.partition(" - ")
    if dash and head.startswith("Error code:"):
        # SDKs made by Stainless (openai, anthropic, groq, ...) print the words, or the whole body as a Python literal.
        return f"{head.removeprefix('Error code:').strip()}: {_sentence(_parsed(body))}"
    return text


def _raised_by_sdk(fault: BaseException) -> Any:
    return getattr(fault, "original_exception", None) or fault


def _parsed(body: str) -> Any:
    try:
        return ast.literal_eval(body)
    except (ValueError, SyntaxError):
        return body


def _sentence(body: Any) -> str:
    """The sentence in the body of an error; the body itself when there is none."""
    detail = body.get("error", body) if isinstance(body, dict) else None
    words = detail.get("message") if isinstance(detail, dict) else detail
    return words if isinstance(words, str) else str(body)
