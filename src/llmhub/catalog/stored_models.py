"""The stored catalog for whoever prices a call: one model at a time, without fetching or building anything."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from llmhub.catalog.identity import identify
from llmhub.errors import HubError
from llmhub.records.model import CanonicalModel

__all__ = ["same_model"]

Mark = tuple[str, int, int, int] | None
"""What changes when a file is put in another's place, or another holds: path, time, size, inode; `None`: no file."""


class StoredModels:
    """Provider and model id to what the stored catalog knows; `None` where it knows nothing, or nothing is stored.

    *start* lies in the project whose catalog is meant, if any. Its file is read when it is first asked, and kept. Safe
    from any thread.
    """

    def __init__(self, environ: Mapping[str, str], start: Path | None = None) -> None:
        self._environ, self._start = environ, start
        self._lock = threading.Lock()
        self._models: Mapping[str, CanonicalModel] | None = None
        self._mark: Mark = None

    def __call__(self, provider: str, model: str) -> CanonicalModel | None:
        with self._lock:
            if self._models is None:
                path = self._path()
                self._mark, self._models = _marked(path), self._read(path) or {}
            models = self._models
        return models.get(f"{provider}:{model}")

    def renew(self) -> bool:
        """Read the file again where another was stored since; whether that gave another catalog.

        A look costs microseconds. Where the new file cannot be read, or is none, what was known before holds.
        """
        if self._models is None:
            return False
        try:
            path = self._path()
        except (HubError, OSError):
            return False  # a folder that cannot be looked into now must not hold up the ledger, which asks
        mark = _marked(path)
        if mark == self._mark:
            return False
        # Outside the lock: calls are priced by what was there before until all of it is read.
        models = self._read(path)
        with self._lock:
            self._mark = mark
            if models is not None:
                self._models = models
        return models is not None

    def _path(self) -> Path:
        from llmhub.catalog.own import catalog_environ
        from llmhub.config.paths import catalog_file

        return catalog_file(catalog_environ(self._environ, self._start))

    def _read(self, path: Path) -> Mapping[str, CanonicalModel] | None:
        from llmhub.catalog.store import read_catalog
        from llmhub.errors import CatalogError

        try:
            catalog = read_catalog(path)
        except CatalogError as error:
            import logging

            logging.getLogger("llmhub").warning("calls are priced without what the stored catalog says: %s", error)
            return None
        return catalog.models if catalog else None


def _marked(path: Path) -> Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def same_model(name: str, other: str) -> bool:
    """Whether both names are known to mean the same model, as the catalog's identities have it; a date may be left out.

    >>> same_model("claude-3-5-sonnet-20241022", "claude-3-5-sonnet")
    True
    >>> same_model("claude-sonnet-4-5-fast", "claude-sonnet-4-5")
    False
    """
    mine, theirs = identify(name), identify(other)
    if mine is None or theirs is None or mine.stem != theirs.stem or mine.mode != theirs.mode:
        return False
    if mine.date is not None and theirs.date is not None:
        return mine.date.agrees_with(theirs.date)
    return mine.pinned and theirs.pinned
