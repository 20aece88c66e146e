"""What a connection may do before, between and after requests: the part that no application gets to see.

uvicorn bounds neither how long a request's head may take nor how long it may be, and waits for whoever reads nothing
of his answer. So its protocol is put into this one, which passes everything on, counts, and keeps time. Times are
looked at once a second for all connections together: a timer for each would cost each request one.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
from typing import Any

from attrs import define, field

from llmhub_server.settings import Settings

LONGEST_HEAD = 64 * 1024
"""Bytes of a request line and headers together."""

_TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n"
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\n"
_REST = b"content-length: 0\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"


@define(eq=False)
class Connections:
    """All connections of one worker. `retired`: each answer is the last one on its connection."""

    settings: Settings
    open: set[Connection] = field(factory=set)
    retired: bool = False

    def look(self, now: float) -> None:
        """End what takes too long at the time *now* of the event loop."""
        for connection in tuple(self.open):
            connection.look(now)

    def retire(self) -> None:
        """From now on every answer says that it is the last one on its connection."""
        self.retired = True
        for connection in self.open:
            connection.retire()


class Connection(asyncio.Protocol):
    """uvicorn's protocol *inner*, within bounds."""

    def __init__(self, inner: Any, connections: Connections, loop: asyncio.AbstractEventLoop) -> None:
        self._inner, self._all, self._now = inner, connections, loop.time
        self._transport: Any = None
        self._turn: Any = None
        self._head = 0
        self._waiting_since: float | None = None
        self._stuck_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        if len(self._all.open) >= self._all.settings.max_connections:
            self._end(_TOO_MANY)
            return
        self._all.open.add(self)
        self._waiting_since = self._now()
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self not in self._all.open:
            return
        turn = self._inner.cycle
        between = turn is None or turn.response_complete
        if between and not self._may_be_head(data):
            self._end(_TOO_LONG)
            return
        self._inner.data_received(data)
        turn = self._inner.cycle
        if turn is not self._turn:
            self._turn, self._head, self._waiting_since = turn, 0, None
            if self._all.retired:
                turn.keep_alive = False
        elif between and self._waiting_since is None:
            self._waiting_since = self._now()

    def eof_received(self) -> bool | None:
        found: bool | None = self._inner.eof_received()
        return found

    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._all.open:
            self._all.open.discard(self)
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._stuck_since = self._now()
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._stuck_since = None
        self._inner.resume_writing()

    def look(self, now: float) -> None:
        """End it where it has kept us waiting for too long."""
        settings = self._all.settings
        if self._stuck_since is not None and now - self._stuck_since > settings.read_timeout:
            self._transport.abort()
        elif self._waiting_since is not None and now - self._waiting_since > settings.head_timeout:
            self._end(_TOO_SLOW if self._head else b"")

    @property
    def at_work(self) -> bool:
        """Whether a request is under way."""
        turn = self._inner.cycle
        return turn is not None and not turn.response_complete

    def retire(self) -> None:
        """The answer under way, if there is one, is the last."""
        if self.at_work:
            self._inner.cycle.keep_alive = False

    def close(self) -> None:
        """End it, once what was written has been sent."""
        self._transport.close()

    def _may_be_head(self, data: bytes) -> bool:
        """Whether a head that goes on with *data* is no longer than allowed."""
        end = data.find(b"\r\n\r\n", 0, LONGEST_HEAD)
        self._head += len(data) if end < 0 else end
        return self._head <= LONGEST_HEAD

    def _end(self, status: bytes) -> None:
        if status:
            self._transport.write(status + _REST)
        self._transport.close()
