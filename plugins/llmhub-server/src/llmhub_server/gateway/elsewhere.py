"""Requests under `/v1/` for what the gateway does not answer: told in the same shape as every other problem."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server.gateway.asked import new_call_id
from llmhub_server.gateway.dialect import CHAT, JSON, MESSAGES
from llmhub_server.gateway.headers import about_problem, plain_headers
from llmhub_server.gateway.problem import Problem


class Elsewhere:
    """Answers a request with one problem, in the dialect that it is asked in."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        anthropic = any(name == b"anthropic-version" for name, _ in scope["headers"])
        call_id = new_call_id()
        body = (MESSAGES if anthropic else CHAT).refusal(self._problem, call_id)
        headers = [(b"x-llmhub-call-id", call_id.encode()), *about_problem(self._problem)]
        started = {"status": self._problem.status, "headers": plain_headers(JSON, len(body), headers)}
        await send({"type": "http.response.start", **started})
        await send({"type": "http.response.body", "body": body})


NOT_FOUND = Problem(
    status=404,
    kind="invalid_request_error",
    code="not_found",
    message="this gateway has no such route. docs/how-to/serve.md lists those it has.",
    hopeless=True,
)

NOT_COUNTED = Problem(
    status=501,
    kind="invalid_request_error",
    code="not_supported",
    message="this gateway cannot count tokens without asking the model: each provider counts in its own way.",
    hopeless=True,
)
