"""One process that serves: from the reading of its files to the last answer.

As a program (`python -m llmhub_server.process.worker`) it is a worker of a supervisor, which writes an `Order` to its
standard input and keeps that open: its end is the supervisor's, and the worker ends, too.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from llmhub_server.access.origin import is_this_machine
from llmhub_server.process.connection import Connection, Connections
from llmhub_server.process.draining import drain
from llmhub_server.process.listening import BACKLOG, make_room_for_connections, most_connections
from llmhub_server.process.reloading import FILES_EVERY, KEYS_EVERY, Reloading
from llmhub_server.settings import Settings

if TYPE_CHECKING:
    import uvicorn

    from llmhub import Hub
    from llmhub.workspace import Workspace
    from llmhub_server.service import Service

READY, ALIVE = b"r", b"."
"""What a worker writes to its supervisor: once when it serves, and then once a second."""


@frozen(kw_only=True)
class Order:
    """What a supervisor asks of a worker. `listener` and `life` are file descriptors that it was given."""

    start: str
    env: str | None
    settings: Settings
    listener: int
    life: int

    def text(self) -> str:
        """As one line."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> Order:
        """What `text` wrote."""
        stated = json.loads(line)
        settings = stated.pop("settings")
        settings["cors_origins"] = tuple(settings["cors_origins"])
        settings["models"] = tuple(settings["models"])
        return cls(settings=Settings(**settings), **stated)


def run_worker(workspace: Workspace, listener: socket.socket, settings: Settings, ready: Callable[[Hub], None]) -> None:
    """Serve the project of *workspace* on *listener* until a signal says to end. *ready* is told once it serves.

    Raises:
        HubError: the files have problems.
    """
    make_room_for_connections()
    settings = evolve(settings, max_connections=most_connections(settings.max_connections))
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_Worker(workspace, listener, settings).serve(ready))


class _Worker:
    def __init__(self, workspace: Workspace, listener: socket.socket, settings: Settings) -> None:
        from llmhub_server.application import application
        from llmhub_server.observation.state import State
        from llmhub_server.service import Service, keep_to_catalog, serving_hub

        keep_to_catalog(workspace)
        self._listener, self._settings = listener, settings
        state = State()
        self._reloading = Reloading(
            workspace,
            always=not is_this_machine(settings.host),
            models=settings.models,
            note=lambda outcome: state.meters.reloads.labels(outcome).inc(),
        )
        hub = serving_hub(self._reloading.config, workspace.host, state)
        ring = self._reloading.ring
        self._service: Service = Service(hub=hub, workspace=workspace, settings=settings, ring=ring, state=state)
        self._connections = Connections(settings=settings)
        self._server = _uvicorn_server(application(self._service), self._connections)
        self._ending, self._hurry = asyncio.Event(), asyncio.Event()

    async def serve(self, ready: Callable[[Hub], None]) -> None:
        _warm(self._service.hub)
        server = self._server
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        self._mind_signals()
        await server.startup(sockets=[self._listener])
        ready(self._service.hub)
        chores = [asyncio.create_task(self._tick()), asyncio.create_task(self._watch())]
        await self._ending.wait()
        self._service.state.draining = True
        for chore in chores[1:]:
            chore.cancel()
        await drain(server, self._listener, self._connections, self._hurry)
        chores[0].cancel()

    def end(self) -> None:
        """Begin to end; a second time: end at once."""
        (self._hurry if self._ending.is_set() else self._ending).set()

    def _mind_signals(self) -> None:
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGBREAK):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.end))
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        loop.add_signal_handler(signal.SIGHUP, self._reload_now)

    def _reload_now(self) -> None:
        self._reload_task = asyncio.create_task(self._reloading.reload(self._service.hub))

    async def _tick(self) -> None:
        """What uvicorn does each second (the Date header), and what it does not."""
        loop = asyncio.get_running_loop()
        while True:
            await self._server.on_tick(0)
            self._connections.look(loop.time())
            await asyncio.sleep(1.0)

    async def _watch(self) -> None:
        """Keys in any case: one that is revoked has to stop."""
        looks = round(FILES_EVERY / KEYS_EVERY)
        while True:
            for _ in range(looks):
                await asyncio.sleep(KEYS_EVERY)
                await self._look(self._reloading.look_at_keys)
            if self._settings.reload:
                await self._look(self._reloading.look_at_files)

    async def _look(self, look: Callable[[Hub], Awaitable[None]]) -> None:
        try:
            await look(self._service.hub)
        except Exception:  # whatever it is: a worker that looks no longer would serve revoked keys until it ends
            logging.getLogger("llmhub.server").exception("changes could not be looked at")


def _warm(hub: Hub) -> None:
    """Import what the first call needs, and open the ledger that budgets need, before anybody waits for it."""
    import gc

    from llmhub.anyllm.clients import import_any_llm

    import_any_llm()
    hub.health()
    # What was imported lives as long as the process: no collection need look at it again.
    gc.collect()
    gc.freeze()


def _uvicorn_server(app: Any, connections: Connections) -> uvicorn.Server:
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    inner: Any = AutoHTTPProtocol

    def protocol(_loop: asyncio.AbstractEventLoop | None = None, **told: Any) -> Connection:
        loop = _loop or asyncio.get_running_loop()
        return Connection(inner(_loop=loop, **told), connections, loop)

    made: Any = protocol
    settings = connections.settings
    config = uvicorn.Config(
        app,
        http=made,
        ws="none",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=round(settings.keep_alive),
    )
    return uvicorn.Server(config)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def main() -> int:
    """Serve as a supervisor orders it. Returns the exit code."""
    from llmhub.errors import HubError
    from llmhub.workspace import Workspace
    from llmhub_server.process.logs import log_to_stderr

    log_to_stderr()
    order = Order.parse(sys.stdin.readline())
    listener = socket.socket(fileno=order.listener)

    def ready(_: Hub) -> None:
        os.write(order.life, READY)
        loop = asyncio.get_running_loop()
        loop.add_reader(0, _orphaned, loop)
        loop.call_later(1.0, _beat, loop, order.life)

    try:
        run_worker(Workspace(Path(order.start), env=order.env), listener, order.settings, ready)
    except HubError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.exit_code
    return 0


def _beat(loop: asyncio.AbstractEventLoop, life: int) -> None:
    try:
        os.write(life, ALIVE)
    except OSError:
        return
    loop.call_later(1.0, _beat, loop, life)


def _orphaned(loop: asyncio.AbstractEventLoop) -> None:
    """The supervisor has closed its end, or is no more."""
    if not os.read(0, 1024):
        loop.remove_reader(0)
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
