"""One request and its response, for every operation alike: read, call, answer or stream, or say what went wrong.

A plain ASGI application: no framework stands between a chunk of a provider and the socket of a client.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
import logging
from typing import Any

from attrs import define
from starlette.types import Receive, Scope, Send  # noqa: TID253

from llmhub_server.access.principal import SCOPE, Principal
from llmhub_server.gateway import roles
from llmhub_server.gateway.asked import Asked, asked, call_id_of, new_call_id
from llmhub_server.gateway.dialect import EVENTS, JSON
from llmhub_server.gateway.elsewhere import wrong_method
from llmhub_server.gateway.headers import Headers, about_call, about_problem, last_comment, plain_headers
from llmhub_server.gateway.operation import Operation
from llmhub_server.gateway.presence import Presence
from llmhub_server.gateway.problem import Problem, problem_of
from llmhub_server.gateway.witness import Witness, summon
from llmhub_server.service import Service


class Exchange:
    """Answers the requests for one operation."""

    def __init__(self, service: Service, operation: Operation) -> None:
        self._service, self._operation = service, operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        turn = _Turn(self._service, self._operation, send, summon())
        if scope["method"] != "POST":
            await turn.refuse(wrong_method(scope["method"], self._operation.path), [(b"allow", b"POST")])
            return
        try:
            await turn.meet(scope, receive)
        except asyncio.CancelledError:
            if turn.presence is None or not turn.presence.gone:
                raise
            turn.presence.forgive()
        finally:
            if turn.presence is not None:
                turn.presence.end()


@define(eq=False)
class _Turn:
    service: Service
    operation: Operation
    send: Send
    witness: Witness
    call_id: str = ""
    role: str | None = None
    presence: Presence | None = None
    started: bool = False
    last_chunk: Any = None

    async def meet(self, scope: Scope, receive: Receive) -> None:
        """Answer the request, or say why not."""
        try:
            await self.take(scope, receive)
        except Exception as error:
            problem = problem_of(error)
            if problem.code == "internal_error":
                _log(self.call_id, error)
            await self.refuse(problem)

    async def take(self, scope: Scope, receive: Receive) -> None:
        """Answer the request, or raise why not."""
        headers, operation, hub = scope["headers"], self.operation, self.service.hub
        principal: Principal = scope[SCOPE]
        self.call_id = call_id_of(headers)
        body = (await receive())["body"]  # all of it, as the door has taken it in
        given = asked(operation.document(body, dict(headers)), headers, self.call_id, principal.labels)
        self.role = given.role
        roles.admit(principal, given.role)
        roles.check(hub, given.role, operation.method, serve_defaults=self.service.settings.serve_defaults)
        self.presence = Presence(receive)
        answer = await operation.begin(hub, given)
        if given.stream:
            await self._relay(answer, given)
        else:
            worded = operation.answer(given, answer)
            await self._respond(200, worded.content_type, worded.body, [])

    async def refuse(self, problem: Problem, headers: Headers | None = None) -> None:
        """Say what went wrong: in a response of its own, or as the last event of the stream that was under way."""
        self.call_id = self.call_id or new_call_id()
        dialect = self.operation.dialect
        if self.started:
            await self._end(dialect.broken(problem, self.call_id, self.last_chunk) + last_comment(self.witness))
            return
        body = dialect.refusal(problem, self.call_id)
        await self._respond(problem.status, JSON, body, [*(headers or []), *about_problem(problem)])

    async def _respond(self, status: int, content_type: bytes, body: bytes, headers: Headers) -> None:
        await self._start(status, plain_headers(content_type, len(body), headers))
        await self._end(body)

    async def _relay(self, chunks: Any, given: Asked) -> None:
        word, event, send = self.operation.chunk, self.operation.dialect.chunk, self.send
        assert word is not None
        try:
            await self._start(200, _STREAM_HEADERS)
            async for chunk in chunks:
                self.last_chunk = chunk
                text = word(given, chunk)
                if text is not None:
                    body = event(chunk, text).encode()
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        finally:
            await chunks.aclose()
        await self._end(last_comment(self.witness) + self.operation.dialect.done)

    async def _start(self, status: int, headers: Headers) -> None:
        told = [*headers, *about_call(self.witness, self.call_id, self.role)]
        told.append((self.operation.dialect.id_header, self.call_id.encode()))
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": told})

    async def _end(self, body: bytes) -> None:
        if self.presence is not None:
            self.presence.end()
        await self.send({"type": "http.response.body", "body": body})


_STREAM_HEADERS: Headers = [
    (b"content-type", EVENTS),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


def _log(call_id: str, error: Exception) -> None:
    logging.getLogger("llmhub").error("request %s failed", call_id, exc_info=error, extra={"call_id": call_id})
