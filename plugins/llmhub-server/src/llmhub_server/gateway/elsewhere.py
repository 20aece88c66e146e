"""Requests for what nobody answers: told in the same shape as every other problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request  # noqa: TID253 - imported by the worker, never at start-up
from starlette.responses import Response  # noqa: TID253
from starlette.types import Receive, Scope, Send  # noqa: TID253

from llmhub_server.gateway.asked import CALL_ID, new_call_id
from llmhub_server.gateway.dialect import dialect_of
from llmhub_server.gateway.headers import about_problem
from llmhub_server.gateway.problem import Problem


class Elsewhere:
    """Answers a POST with one problem, in the dialect that it is asked in."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method == "POST":
            answer = respond(self._problem, request)
        else:
            answer = respond(wrong_method(request.method, request.url.path), request, {"allow": "POST"})
        await answer(scope, receive, send)


def respond(problem: Problem, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """*problem* as a response, in the dialect of *request*."""
    call_id, dialect = new_call_id(), dialect_of(request.url.path, dict(request.headers.raw))
    own = [(CALL_ID, call_id.encode()), (dialect.id_header, call_id.encode()), *about_problem(problem)]
    told = {**(headers or {}), **{name.decode(): value.decode() for name, value in own}}
    return Response(dialect.refusal(problem, call_id), problem.status, told, media_type=dialect.refusal_type.decode())


async def _refused(request: Request, error: Exception) -> Response:
    """What a route's framework refuses: a path that leads nowhere, a method that it does not answer."""
    if getattr(error, "status_code", 404) == 405:
        return respond(wrong_method(request.method, request.url.path), request, getattr(error, "headers", None))
    return respond(NOT_FOUND, request)


HANDLERS: Mapping[Any, Any] = {404: _refused, 405: _refused}


def wrong_method(method: str, path: str) -> Problem:
    """A path that there is, asked in a way that there is not."""
    message = f"{path} does not answer {method[:20]}."
    return Problem(status=405, kind="invalid_request_error", code="method_not_allowed", message=message, hopeless=True)


NOT_FOUND = Problem(
    status=404,
    kind="invalid_request_error",
    code="not_found",
    message="this server has no such route.",
    hopeless=True,
)

NOT_COUNTED = Problem(
    status=501,
    kind="invalid_request_error",
    code="not_supported",
    message="this gateway cannot count tokens without asking the model: each provider counts in its own way.",
    hopeless=True,
)
