"""Keeps several workers alive: one that died, or has said nothing for a while, is replaced.

Why not uvicorn's own supervisor: docs/decisions/0005-workers.md.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by `llmhub serve`, never at start-up
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from attrs import define, field

from llmhub.errors import HubError
from llmhub_server.observation.shared_figures import forget_worker
from llmhub_server.process.worker import READY, Order
from llmhub_server.settings import Settings

HANGS = 10.0
"""Seconds after which a worker that says nothing is taken to hang. It says something each second."""
BEGINS = 60.0
"""Seconds that a worker may take to begin to serve."""
GRACE = 5.0
"""Seconds beyond those for draining until a worker that does not end is ended."""
PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a worker is replaced, by how many in a row never served."""

_LOG = logging.getLogger("llmhub.server")


@define(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    life: int
    heard: float
    ready: bool = False
    over: asyncio.Event = field(factory=asyncio.Event)


class Supervisor:
    """Runs `settings.workers` workers of the project at *start* on *listener*, with the environment *environ*."""

    def __init__(
        self,
        start: str,
        env: str | None,
        listener: socket.socket,
        settings: Settings,
        environ: Mapping[str, str],
    ) -> None:
        self._start, self._env, self._listener = start, env, listener
        self._settings, self._environ = settings, environ
        self._workers: list[_Worker] = []
        self._served = False
        self._failures = 0
        self._signals = 0
        self._ending: asyncio.Event

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until a signal says to end. *ready* is called once, when all workers serve.

        Raises:
            HubError: no worker could begin; it has said why.
        """
        asyncio.run(self._run(ready))

    async def _run(self, ready: Callable[[], None]) -> None:
        self._ending = asyncio.Event()
        self._mind_signals()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._settings.workers):
                group.create_task(self._keep_one())
            group.create_task(self._tell(ready))
            group.create_task(self._look())
            await self._ending.wait()
            self._listener.close()
        if not self._served and not self._signals:
            raise HubError("no worker could begin to serve.")

    async def _keep_one(self) -> None:
        """A worker, and another when it has ended, until all end."""
        while not self._ending.is_set():
            await self._one_life()
            if not self._served:
                self._ending.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PAUSES[min(self._failures, len(PAUSES) - 1)]):
                    await self._ending.wait()

    async def _one_life(self) -> None:
        """Begin a worker, and wait for its end."""
        try:
            worker = self._begin()
        except OSError as error:  # no memory, or too many files and processes: that passes, and the others serve
            _LOG.error("a worker cannot be started: %s", error)
            self._failures += 1
            return
        await worker.over.wait()
        code = worker.process.wait()
        self._workers.remove(worker)
        os.close(worker.life)
        forget_worker(worker.process.pid, self._environ)
        self._failures = 0 if worker.ready else self._failures + 1
        if self._served and not self._ending.is_set():
            _LOG.warning("worker %d ended (%s) and is replaced", worker.process.pid, _cause(code))

    def _begin(self) -> _Worker:
        mine, its = os.pipe()
        order = Order(
            start=self._start, env=self._env, settings=self._settings, listener=self._listener.fileno(), life=its
        )
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "llmhub_server.process.worker"],
                stdin=subprocess.PIPE,
                env=dict(self._environ),
                pass_fds=(self._listener.fileno(), its),
                # Ctrl-C reaches all programs of a terminal's group: the workers are told by us, in good order.
                start_new_session=True,
            )
        except OSError:
            os.close(mine)
            raise
        finally:
            os.close(its)
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead already, which its `life` tells
            os.write(process.stdin.fileno(), order.text().encode() + b"\n")
        worker = _Worker(process=process, life=mine, heard=time.monotonic())
        self._workers.append(worker)
        asyncio.get_running_loop().add_reader(mine, self._hear, worker)
        return worker

    def _hear(self, worker: _Worker) -> None:
        told = os.read(worker.life, 1024)
        worker.heard = time.monotonic()
        if READY in told:
            worker.ready = True
            _LOG.info("worker %d serves", worker.process.pid)
        if not told:
            asyncio.get_running_loop().remove_reader(worker.life)
            worker.over.set()

    async def _tell(self, ready: Callable[[], None]) -> None:
        while not self._ending.is_set():
            if len(self._workers) == self._settings.workers and all(worker.ready for worker in self._workers):
                self._served = True
                ready()
                return
            await asyncio.sleep(0.02)

    async def _look(self) -> None:
        """End workers that hang, and, at the end, those that do not end."""
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self._ending.wait()
            for worker in self._workers:
                silent = time.monotonic() - worker.heard
                if silent > (HANGS if worker.ready else BEGINS):
                    _LOG.error("worker %d has said nothing for %.0f s and is ended", worker.process.pid, silent)
                    worker.process.kill()
        self._send(signal.SIGTERM)
        end = time.monotonic() + self._settings.drain + GRACE
        while self._workers:
            await asyncio.sleep(0.05)
            if time.monotonic() > end or self._signals > 2:
                self._send(signal.SIGKILL)

    def _mind_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._send, signal.SIGHUP)

    def _end(self) -> None:
        self._signals += 1
        if self._ending.is_set():
            self._send(signal.SIGTERM)
        self._ending.set()

    def _send(self, number: int) -> None:
        for worker in self._workers:
            if number != signal.SIGHUP or worker.ready:
                worker.process.send_signal(number)


def _cause(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
