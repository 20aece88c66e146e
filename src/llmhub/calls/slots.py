"""So many calls at once to one provider, over all threads and event loops of a hub; further ones wait in line.

`asyncio.Semaphore` belongs to one event loop, and a synchronous call has a loop of its own: a limit has to reach
across them.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import threading
from collections import deque

from llmhub.records.calls import ProviderLoad


class Slots:
    """A provider's places. Who waits is served first come, first served."""

    def __init__(self, provider: str, limit: int) -> None:
        self.provider = provider
        self.limit = limit
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()

    async def take(self) -> None:
        """Wait for a place, for as long as the task is not cancelled. Every `take` is followed by a `give_back`."""
        with self._lock:
            if self._running < self.limit:
                self._running += 1
                return
            loop = asyncio.get_running_loop()
            turn: asyncio.Future[None] = loop.create_future()
            self._waiting.append((loop, turn))
        try:
            await turn
        except asyncio.CancelledError:
            with self._lock:
                still_in_line = (loop, turn) in self._waiting
                if still_in_line:
                    self._waiting.remove((loop, turn))
            if not still_in_line:
                # The place was handed over in the same moment.
                self.give_back()
            raise

    def give_back(self) -> None:
        """Hand the place to whoever waits longest."""
        with self._lock:
            while self._waiting:
                loop, turn = self._waiting.popleft()
                try:
                    loop.call_soon_threadsafe(_grant, turn)
                except RuntimeError:
                    # Its loop was closed under it: nobody is there to use the place.
                    continue
                return
            self._running -= 1

    def load(self) -> ProviderLoad:
        """How busy the provider is."""
        with self._lock:
            return ProviderLoad(
                provider=self.provider, limit=self.limit, running=self._running, waiting=len(self._waiting)
            )

    def forget(self) -> None:
        """In a forked child: nobody runs, nobody waits."""
        self._lock = threading.Lock()
        self._running = 0
        self._waiting = deque()


def _grant(turn: asyncio.Future[None]) -> None:
    # One that was cancelled meanwhile has seen that it stood in line no more, and gives the place back itself.
    if not turn.done():
        turn.set_result(None)
