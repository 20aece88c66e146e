"""How OpenAI and Anthropic word an error, and the events of a stream; and how the catalog does. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from llmhub_server.gateway.problem import Problem

JSON = b"application/json"
EVENTS = b"text/event-stream; charset=utf-8"


@frozen(kw_only=True, eq=False)
class Dialect:
    """One provider's way to say things over HTTP.

    `refusal` is the body of an error, of the type `refusal_type`. `chunk` makes an event of a stream's chunk and its
    JSON, `broken` the last event of a stream that broke after a chunk; `done` ends one that did not. `id_header` is
    where this dialect's clients look for the name of a request.
    """

    refusal: Callable[[Problem, str], bytes]
    refusal_type: bytes = JSON
    chunk: Callable[[Any, str], str]
    broken: Callable[[Problem, str, Any], bytes]
    done: bytes = b""
    id_header: bytes


# --- OpenAI ---------------------------------------------------------------------------------------------------------


def _openai_error(problem: Problem) -> Mapping[str, Any]:
    error: dict[str, Any] = {
        "message": problem.message,
        "type": problem.kind,
        "param": problem.param,
        "code": problem.code,
    }
    if problem.attempts:
        error["attempts"] = _attempts(problem)
    return error


def _openai_refusal(problem: Problem, _: str) -> bytes:
    return json.dumps({"error": _openai_error(problem)}, ensure_ascii=False).encode()


def _openai_broken(problem: Problem, call_id: str, _: Any) -> bytes:
    return b"data: " + _openai_refusal(problem, call_id) + b"\n\n"


def _responses_broken(problem: Problem, _: str, last: Any) -> bytes:
    event = {
        "type": "error",
        "sequence_number": getattr(last, "sequence_number", -1) + 1,
        "code": problem.code,
        "message": problem.message,
        "param": problem.param,
    }
    return f"event: error\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _plain_chunk(_: Any, text: str) -> str:
    return f"data: {text}\n\n"


def _named_chunk(event: Any, text: str) -> str:
    return f"event: {event.type}\ndata: {text}\n\n"


CHAT = Dialect(
    refusal=_openai_refusal,
    chunk=_plain_chunk,
    broken=_openai_broken,
    done=b"data: [DONE]\n\n",
    id_header=b"x-request-id",
)
RESPONSES = Dialect(refusal=_openai_refusal, chunk=_named_chunk, broken=_responses_broken, id_header=b"x-request-id")

# --- Anthropic ------------------------------------------------------------------------------------------------------

_ANTHROPIC_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}


def _anthropic_refusal(problem: Problem, call_id: str) -> bytes:
    error: dict[str, Any] = {
        "type": _ANTHROPIC_KINDS.get(problem.status, "api_error"),
        "message": problem.message,
        "code": problem.code,
    }
    if problem.attempts:
        error["attempts"] = _attempts(problem)
    return json.dumps({"type": "error", "error": error, "request_id": call_id}, ensure_ascii=False).encode()


def _anthropic_broken(problem: Problem, call_id: str, _: Any) -> bytes:
    return b"event: error\ndata: " + _anthropic_refusal(problem, call_id) + b"\n\n"


MESSAGES = Dialect(refusal=_anthropic_refusal, chunk=_named_chunk, broken=_anthropic_broken, id_header=b"request-id")

# --- the catalog ----------------------------------------------------------------------------------------------------


def _details(problem: Problem, _: str) -> bytes:
    """RFC 9457, as the routes of the catalog have it."""
    told = {"type": "about:blank", "title": problem.code, "status": problem.status, "detail": problem.message}
    return json.dumps(told, ensure_ascii=False).encode()


CATALOG = Dialect(
    refusal=_details,
    refusal_type=b"application/problem+json",
    chunk=_plain_chunk,
    broken=_openai_broken,
    id_header=b"x-request-id",
)


def dialect_of(path: str, headers: Mapping[bytes, bytes]) -> Dialect:
    """In which words whoever asks for *path* is refused where no route does it."""
    if path.startswith("/api/"):
        return CATALOG
    if path.startswith("/v1/messages") or b"anthropic-version" in headers:
        return MESSAGES
    return CHAT


def _attempts(problem: Problem) -> list[Mapping[str, Any]]:
    """Each try by target and class: the words of providers stay in the log, except those of the last."""
    return [
        {
            "target": f"{attempt.provider}:{attempt.model}",
            "error": attempt.error_class,
            "status": attempt.status_code,
            "seconds": round(attempt.duration, 3),
        }
        for attempt in problem.attempts
    ]
