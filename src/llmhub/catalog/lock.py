"""One writer at a time: processes that store a catalog wait for one another. The only home of filelock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from llmhub.errors import CatalogError

PATIENCE = 20.0
"""Seconds to wait. Whoever holds the lock writes one file, which takes a fraction of a second."""


@contextmanager
def only_writer(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Within it nobody else writes *path*, by the operating system's lock on `<name>.lock` beside it.

    A process that dies, by whatever cause, lets go of it. Readers need none: files are replaced whole.

    Raises:
        CatalogError: another process has held it for *patience* seconds, or it cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=patience)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CatalogError(f"another process has been writing {path} for {patience:g} s") from error
    except (OSError, NotImplementedError) as error:  # a read-only folder; a file system without locks
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise CatalogError(f"cannot write {path}: {reason}") from error
    try:
        yield
    finally:
        lock.release()
