"""Whether a request's client is still there: a call for nobody costs money."""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up

from starlette.types import Receive  # noqa: TID253

PATIENCE = 0.02
"""Seconds until a client is watched: most short calls end without a task for it, and none is worth breaking off."""


class Presence:
    """Cancels the running task when the client behind *receive* goes away, unless `end` came first."""

    def __init__(self, receive: Receive) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._receive = task, receive
        self._watcher: asyncio.Task[None] | None = None
        self._over = False
        self.gone = False
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(PATIENCE, self._begin)

    def end(self) -> None:
        """Watch no longer."""
        self._over = True
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()

    def forgive(self) -> None:
        """The task has met its cancellation, and goes on."""
        self._task.uncancel()

    def _begin(self) -> None:
        self._watcher = self._loop.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if not self._over:
            self.gone = True
            self._task.cancel()
