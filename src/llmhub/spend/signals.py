"""Writes what is left when a signal ends the process.

A handler of the application's own is never replaced: only where a signal would end the process at once (the system's
default) does ours stand in for it, write what is left, and let the signal do what it would have done. Signals belong
to the whole process, and so does what is kept here.

A handler runs between any two steps of the main thread, which may hold the very locks that writing takes. So it only
has a thread begin to write; the main thread goes on, lets its locks go, and ends when that thread is done.
"""

from __future__ import annotations

import os
import signal
import threading
import weakref
from typing import Any, Protocol

PATIENCE = 2.0
"""Seconds that a signal waits for what is left to be written."""


class Flushable(Protocol):
    """Something with work left."""

    def flush(self, timeout: float) -> bool: ...


_open: weakref.WeakSet[Any] = weakref.WeakSet()


class _Farewell:
    """How far the end has come. Plain flags: a lock could be held by what the handler interrupts, even by itself."""

    begun = False
    done = False


_farewell = _Farewell()


def flush_on_signals(writer: Flushable) -> None:
    """Have *writer* flushed before SIGTERM or SIGHUP ends the process. Does nothing off the main thread, where Python
    lets nobody handle signals."""
    _open.add(writer)
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _flush_then_end)


def _flush_then_end(number: int, _frame: object) -> None:
    if _farewell.done:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    elif not _farewell.begun:
        _farewell.begun = True
        threading.Thread(target=_flush, args=(number,), name="llmhub-farewell", daemon=True).start()


def _flush(number: int) -> None:
    try:
        for writer in list(_open):
            writer.flush(PATIENCE)
    finally:
        _farewell.done = True
        os.kill(os.getpid(), number)  # once more, to the main thread: only there can the default be restored
