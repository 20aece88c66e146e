"""A store that one thread uses at a time, opened when it is first needed, and never shared with a forked child."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar


class Closeable(Protocol):
    """What holds files or connections."""

    def close(self) -> None: ...


Store = TypeVar("Store", bound=Closeable)


class Guarded(Generic[Store]):
    """Lends the store that *open_store* opens.

    A fork waits until nobody uses it: a database library that is forked in mid-work leaves its locks shut in the
    child. The child opens a store of its own; the parent's is kept unused there, since closing it would touch what
    both share.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open = open_store
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._inherited: list[Store] = []
        self._held = False
        if hasattr(os, "register_at_fork"):
            mine = weakref.ref(self)
            os.register_at_fork(
                before=lambda: _if_there(mine, Guarded._hold_still),
                after_in_parent=lambda: _if_there(mine, Guarded._go_on),
                after_in_child=lambda: _if_there(mine, Guarded._begin_as_child),
            )

    @contextmanager
    def use(self) -> Iterator[Store]:
        """The store, for this thread alone.

        Raises:
            LedgerError: it cannot be opened.
        """
        with self._lock:
            if self._store is None:
                self._store = self._open()
            yield self._store

    def close(self) -> None:
        """Close the store, if it was opened; the next use opens it again."""
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                store.close()

    def _hold_still(self) -> None:
        self._held = self._lock.acquire(timeout=5)

    def _go_on(self) -> None:
        if self._held:
            self._lock.release()

    def _begin_as_child(self) -> None:
        self._lock = threading.Lock()
        if self._store is not None:
            self._inherited.append(self._store)
            self._store = None


def _if_there(reference: weakref.ref[Guarded[Any]], act: Callable[[Guarded[Any]], None]) -> None:
    guarded = reference()
    if guarded is not None:
        act(guarded)
