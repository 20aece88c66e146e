"""Stands before all routes: who may not ask, asks too much or asks while all places are taken is answered here."""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
import logging
import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: TID253 - imported by the worker

from llmhub_server.access import origin
from llmhub_server.access.permission import needed
from llmhub_server.access.principal import ANYBODY, SCOPE, Principal
from llmhub_server.access.refusal import BUSY, ENDING, NO_KEY, not_allowed
from llmhub_server.access.ring import KeyRing
from llmhub_server.gateway.asked import CALL_ID, new_call_id
from llmhub_server.gateway.dialect import dialect_of
from llmhub_server.gateway.headers import about_problem, plain_headers
from llmhub_server.gateway.problem import Problem, ProblemError
from llmhub_server.process.bodies import ClientLeft, Room, take_in, throw_away
from llmhub_server.settings import Settings

OPEN = frozenset({"/healthz", "/readyz"})
"""What whoever watches over the process may ask without a key."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""What every answer says, where its route says nothing else. An answer is data: no browser may take it for a page."""


class Door:
    """The application behind its checks. Without a *ring* anybody may ask, by any name for this machine."""

    def __init__(self, app: ASGIApp, settings: Settings, ring: KeyRing | None) -> None:
        self._app, self._settings, self._ring = app, settings, ring
        self._allowed = frozenset(each.lower() for each in settings.cors_origins)
        self._room = Room(most=settings.max_bodies)
        self._log = logging.getLogger("llmhub.server.access") if settings.access_log else None
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        began = time.monotonic()
        try:
            await self._take(scope, receive, answer)
        except ProblemError as turned:
            await _refuse(turned.problem, scope, receive, answer)
        except ClientLeft:
            pass
        except asyncio.CancelledError:
            # Only the end of the worker cancels what got here: the gateway sees to clients that go away.
            await _refuse(ENDING, scope, receive, answer)
        finally:
            if self._log is not None:
                self._tell(scope, answer.status, time.monotonic() - began)

    async def _take(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        headers = dict(scope["headers"])
        principal = self._admit(scope["path"], headers)
        scope[SCOPE] = principal
        if scope["method"] != "POST":
            await self._app(scope, receive, answer.send)
            return
        settings = self._settings
        body, again = await take_in(receive, headers, self._room, settings.max_body, settings.body_timeout)
        try:
            if self.under_way >= settings.max_calls:
                raise ProblemError(BUSY)
            self.under_way += 1
            try:
                await self._app(scope, again, answer.send)
            finally:
                self.under_way -= 1
        finally:
            self._room.taken -= len(body)

    def _admit(self, path: str, headers: Mapping[bytes, bytes]) -> Principal:
        """Raises:
        ProblemError: this request may not be made.
        """
        ring = self._ring
        if ring is None or path in OPEN:
            return ANYBODY
        principal = ring.principal(headers)
        if principal is None:
            raise ProblemError(NO_KEY)
        if principal is ANYBODY:
            why = origin.refusal(headers, self._allowed)
            if why is not None:
                raise ProblemError(why)
        permission = needed(path)
        if permission is not None and permission not in principal.permissions:
            raise ProblemError(not_allowed(permission))
        return principal

    def _tell(self, scope: Scope, status: int | None, seconds: float) -> None:
        # The path as it was sent, percent-encoded: it cannot break the line. Neither query, headers nor body.
        path = scope.get("raw_path") or scope["path"].encode()
        who = scope.get(SCOPE, ANYBODY).name
        assert self._log is not None
        self._log.info(
            "%s %s %s %.1f ms%s",
            scope["method"],
            path[:200].decode("ascii", "backslashreplace"),
            status or "-",
            1000 * seconds,
            f" key={who}" if who else "",
        )


class _Answer:
    """Sends an answer on, with what every answer says."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message.get("headers", ()))
            names = {name for name, _ in given}
            given.extend(pair for pair in HEADERS if pair[0] not in names)
            message["headers"] = given
        await self._send(message)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, answer: _Answer) -> None:
    if answer.status is not None:
        return  # uvicorn breaks the connection of an answer that was begun and has no end
    dialect = dialect_of(scope["path"], dict(scope["headers"]))
    call_id = new_call_id()
    body = dialect.refusal(problem, call_id)
    named = [(CALL_ID, call_id.encode()), (dialect.id_header, call_id.encode())]
    headers = plain_headers(dialect.refusal_type, len(body), [*named, *about_problem(problem)])
    if problem.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    # Read whole before, or not wanted.
    unread = problem not in (BUSY, ENDING)
    if problem is not BUSY:
        headers.append((b"connection", b"close"))
    await answer.send({"type": "http.response.start", "status": problem.status, "headers": headers})
    # All of the answer first. A connection that is closed over unread bytes is reset, and the answer lost with it.
    await answer.send({"type": "http.response.body", "body": body, "more_body": unread})
    if unread:
        await throw_away(receive)
        await answer.send({"type": "http.response.body", "body": b""})
