"""The end of a worker: no new connections, calls under way to their end, and no client surprised.

An idle connection that is closed may cross with a request that its client has just sent. So idle ones stay open for a
moment in which whoever asks is answered, and told by `connection: close` to ask the next time on another.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
import logging
import socket
from typing import TYPE_CHECKING

from llmhub_server.process.connection import Connections

if TYPE_CHECKING:
    import uvicorn

COURTESY = 1.0
"""Seconds that idle connections stay open: busy clients ask again within."""
_TICK = 0.02


async def drain(
    server: uvicorn.Server, listener: socket.socket, connections: Connections, hurry: asyncio.Event
) -> None:
    """Bring *server* to its end, within the seconds that its settings give, or at once when *hurry* is set."""
    for accepting in server.servers:
        accepting.close()
    listener.close()
    connections.retire()
    loop = asyncio.get_running_loop()
    end = loop.time() + connections.settings.drain
    courtesy = min(loop.time() + COURTESY, end)
    tasks = server.server_state.tasks
    while (connections.open or tasks) and not hurry.is_set() and loop.time() < end:
        connections.look(loop.time())
        if loop.time() >= courtesy:
            _close_idle(connections)
        await asyncio.sleep(_TICK)
    if tasks:
        logging.getLogger("llmhub.server").warning("%d calls under way were broken off", len(tasks))
        for task in tuple(tasks):
            task.cancel()
        await asyncio.wait(tuple(tasks), timeout=2.0)
    for connection in tuple(connections.open):
        connection.close()
    await server.lifespan.shutdown()


def _close_idle(connections: Connections) -> None:
    for connection in tuple(connections.open):
        if not connection.at_work:
            connection.close()
