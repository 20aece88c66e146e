"""Work that is done in batches on one background thread, off the path of every call.

Putting something in costs a call about a microsecond. What is put in is done within a tenth of a second, and at the
latest when the writer is closed, the program ends, or a signal ends it; only a process that is killed outright loses
what had not been done yet.
"""

from __future__ import annotations

import functools
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Mark(threading.Event):
    """Stands in the queue, and is set when all before it is done."""


WINDOW = 0.1
"""Seconds in which what is put in is gathered into one batch."""
BATCH = 1000
WAITING = 100_000
"""So much may wait while the work fails; what comes beyond is dropped, counted and told in the log."""
PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between tries of a batch that fails."""


class BatchWriter(Generic[T]):
    """Hands what is `put` to *work*, in order, in batches, one at a time. Safe from any thread, and across a fork.

    A batch whose work raises is tried again, until it succeeds or the writer is closed.
    """

    def __init__(self, work: Callable[[Sequence[T]], None], *, window: float = WINDOW) -> None:
        self._work = work
        self._window = window
        self._begin_afresh()
        if hasattr(os, "register_at_fork"):
            # What was put in before a fork is the parent's to do.
            os.register_at_fork(after_in_child=functools.partial(_begin_afresh, weakref.ref(self)))

    def _begin_afresh(self) -> None:
        self._queue: deque[T | _Mark] = deque()
        self._pending: list[T] = []
        self._marks: list[_Mark] = []
        self._something = threading.Event()
        self._hurry = threading.Event()
        self._at_work = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._dropped = 0

    @property
    def waiting(self) -> int:
        """How much was put in and is not yet in a batch."""
        return len(self._queue)

    def put(self, item: T) -> None:
        """Have *item* worked on soon. Never waits, never raises."""
        if len(self._queue) >= WAITING:
            self._dropped += 1
            return
        self._queue.append(item)
        if not self._something.is_set():
            self._something.set()
        if self._thread is None:
            self._start()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that was put in before is done; false when that takes longer than *timeout* seconds."""
        if self._thread is None or not self._thread.is_alive():
            return self._do_all()
        mark = _Mark()
        self._queue.append(mark)
        self._hurry.set()
        self._something.set()
        return mark.wait(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Do what is left, and end the thread. What cannot be done within *timeout* seconds is lost, and told."""
        thread = self._thread
        self._closing = True
        self._hurry.set()
        self._something.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
        if thread is None or not thread.is_alive():
            self._do_all()
        lost = len(self._queue) + len(self._pending) + self._dropped
        if lost:
            _log(f"{lost} entries were not written", None)
        self._thread = None
        self._closing = False
        if self._queue:
            self._start()  # put in between the last look and now, by a call that took the thread for alive

    # --- the thread -------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                try:
                    self._thread = threading.Thread(target=self._run, name="llmhub-ledger", daemon=True)
                    self._thread.start()
                except RuntimeError:  # the interpreter is ending: `close` does what is left
                    self._thread = None

    def _run(self) -> None:
        me, failures = threading.current_thread(), 0
        while self._thread is me:
            self._something.wait()
            if not self._closing and not failures:
                self._hurry.wait(self._window)
            self._hurry.clear()
            self._something.clear()
            if self._do_all():
                failures = 0
            elif not self._closing:
                self._hurry.wait(PATIENCE[min(failures, len(PATIENCE) - 1)])
                failures += 1
                self._something.set()
            if self._closing:
                return

    def _do_all(self) -> bool:
        """Work until nothing is left; false when a batch failed, which is then kept."""
        with self._at_work:
            while self._pending or self._queue:
                while self._queue and len(self._pending) < BATCH:
                    item = self._queue.popleft()
                    if isinstance(item, _Mark):
                        self._marks.append(item)
                        break
                    self._pending.append(item)
                try:
                    if self._pending:
                        self._work(self._pending)
                except Exception as error:
                    _log("the ledger cannot be written; what is to be written waits", error)
                    return False
                self._pending = []
                while self._marks:
                    self._marks.pop().set()
        return True


def _begin_afresh(reference: weakref.ref[BatchWriter[Any]]) -> None:
    writer = reference()
    if writer is not None:
        writer._begin_afresh()


def _log(message: str, error: Exception | None) -> None:
    import logging

    logging.getLogger("llmhub").error("%s%s", message, f": {error}" if error else "", exc_info=error)
