"""Event loops for callers that have none.

A synchronous call borrows an idle private loop, runs on it in its own thread, and gives it back with its connections
still open. There are as many loops as there were calls at once, not as threads ever lived: threads that come and go
find warm connections. Running the loop in the calling thread spares the two thread switches that handing the call to
a runner thread costs; only a caller whose thread already runs a loop (a notebook) needs one.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import contextlib
import contextvars
import selectors
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class PrivateLoops:
    """Lends event loops, last returned first, so that few stay warm rather than many lukewarm."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[asyncio.AbstractEventLoop] = []
        self._selectors: dict[asyncio.AbstractEventLoop, selectors.BaseSelector | None] = {}
        self._runners: ThreadPoolExecutor | None = None
        self._inherited: list[asyncio.AbstractEventLoop] = []
        self._closed = False

    def borrow(self) -> asyncio.AbstractEventLoop:
        """A loop that nobody else runs until it is given back."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        loop, selector = _new_loop()
        with self._lock:
            self._selectors[loop] = selector
        return loop

    def give_back(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make *loop* available to the next caller; once there will be none, close it."""
        with self._lock:
            # A loop that a parent process lent does not belong to its forked child.
            if loop in self._selectors:
                self._idle.append(loop)
        if self._closed:
            self.close()

    def run(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
        """Run *work* on a borrowed loop to its end, and block until then; a Ctrl-C cancels it first."""
        if not _inside_a_running_loop():
            return _run_here(loop, work)
        # This thread is busy with a loop of its own, and one thread cannot run two.
        context = contextvars.copy_context()
        return self._runner_threads().submit(context.run, _run_here, loop, work).result()

    def close(self) -> None:
        """Close every idle loop with its connections, and one that is at work when it is given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for loop in idle:
                self._selectors.pop(loop, None)
            runners, self._runners = self._runners, None
        if not _inside_a_running_loop():
            _close_all(idle)
        elif idle:
            with ThreadPoolExecutor(1) as thread:
                thread.submit(_close_all, idle).result()
        if runners is not None:
            runners.shutdown(wait=False)

    def forget_inherited(self) -> None:
        """In a forked child: let go of the parent's loops.

        A child shares its parent's epoll sets. Closing an inherited loop, which its collection would do, takes the
        loop's wake-up pipe out of the set for both, and the parent's next name look-up hangs. So each loop first gets
        a selector of the child's own; then closing it touches nothing shared.
        """
        self._lock = threading.Lock()
        self._idle = []
        self._runners = None
        inherited, self._selectors = self._selectors, {}
        self._inherited.extend(inherited)
        for loop, selector in inherited.items():
            if selector is None or loop.is_running():
                continue
            selector.close()
            type(selector).__init__(selector)
            loop.close()

    def _runner_threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._runners is None:
                self._runners = ThreadPoolExecutor(thread_name_prefix="llmhub-runner")
            return self._runners


def _new_loop() -> tuple[asyncio.AbstractEventLoop, selectors.BaseSelector | None]:
    if sys.platform == "win32":
        return asyncio.new_event_loop(), None
    selector = selectors.DefaultSelector()
    return asyncio.SelectorEventLoop(selector), selector


def _run_here(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    task = loop.create_task(work)
    try:
        return loop.run_until_complete(task)
    finally:
        if not task.done():
            # Interrupted from outside (Ctrl-C): end the work now, so that the next borrower finds a quiet loop.
            task.cancel()
            loop.run_until_complete(asyncio.wait([task]))


def _inside_a_running_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _close_all(loops: list[asyncio.AbstractEventLoop]) -> None:
    for loop in loops:
        loop.run_until_complete(loop.shutdown_asyncgens())
        # It waits for the loop's threads on one more, which cannot be begun once the interpreter ends; they have ended.
        with contextlib.suppress(RuntimeError):
            loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
