"""A uvicorn server on a thread of its own: started, watched and ended without a trace in the process around it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final

from llmhub.testing.app import ProviderApp
from llmhub.testing.counters import Connections

if TYPE_CHECKING:
    import asyncio
    import logging
    import socket

    import uvicorn

_KEEP_ALIVE: Final = 75
"""Seconds an idle connection stays open: longer than clients keep one, so that the server never closes first."""


class RunningServer:
    """A uvicorn server on a thread and an event loop of its own, from its first moment to its last."""

    def __init__(self, listener: socket.socket, app: ProviderApp, connections: Connections) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener, self._connections = listener, connections
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started: Future[None] = Future()
        self._server = _uvicorn_server(app, connections, self._note_start)
        self._thread = threading.Thread(target=self._run, name="llmhub-provider", daemon=True)
        self._thread.start()
        self._started.result()

    def stop(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join()

    def _end(self) -> None:
        self._server.should_exit = True
        # uvicorn would wait for answers that hang on purpose.
        self._connections.abort_all()

    async def _note_start(self) -> None:
        if not self._started.done():
            self._started.set_result(None)

    def _run(self) -> None:
        import asyncio
        import logging

        logger, quiet = logging.getLogger("uvicorn.error"), _only_warnings_of(threading.get_ident())
        logger.addFilter(quiet)
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(self._serve())
        except BaseException as problem:
            if self._started.done():
                raise
            self._started.set_exception(problem)
        finally:
            logger.removeFilter(quiet)
            self._listener.close()

    async def _serve(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._listener])


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 and *port*; 0 takes a free one. Raises `OSError` when the port is taken."""
    import socket

    # The protocol is named because asyncio sets TCP_NODELAY only on sockets that name it; without, an answer in two
    # writes waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def _uvicorn_server(
    app: ProviderApp, connections: Connections, note_start: Callable[[], Awaitable[None]]
) -> uvicorn.Server:
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    config = uvicorn.Config(
        app,
        http=_counted(AutoHTTPProtocol, connections),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        backlog=2048,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=1,
        # Called on the first tick after the socket listens, and every half minute from then on.
        callback_notify=note_start,
    )
    return uvicorn.Server(config)


def _counted(protocol: type[asyncio.Protocol], connections: Connections) -> type[asyncio.Protocol]:
    """uvicorn's protocol class with *connections* told of each connection made and lost."""

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        self.llmhub_peer = connections.made(transport)
        protocol.connection_made(self, transport)

    def connection_lost(self: Any, problem: Exception | None) -> None:
        connections.lost(self.llmhub_peer)
        protocol.connection_lost(self, problem)

    members = {"connection_made": connection_made, "connection_lost": connection_lost}
    return type("CountedProtocol", (protocol,), members)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    import asyncio

    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _only_warnings_of(thread: int) -> Callable[[logging.LogRecord], bool]:
    # A server within a test or a demo has nothing to say about its comings and goings; another uvicorn in the same
    # process keeps its voice.
    return lambda record: record.thread != thread or record.levelno >= 30
