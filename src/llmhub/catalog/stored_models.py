"""The stored catalog for whoever prices a call: one model at a time, without fetching or building anything."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from llmhub.catalog.identity import identify
from llmhub.records.model import CanonicalModel

__all__ = ["same_model"]


class StoredModels:
    """Provider and model id to what the stored catalog knows; `None` where it knows nothing, or nothing is stored.

    The file is read when it is first asked, and kept.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._lock = threading.Lock()
        self._models: Mapping[str, CanonicalModel] | None = None

    def __call__(self, provider: str, model: str) -> CanonicalModel | None:
        with self._lock:
            if self._models is None:
                self._models = self._read()
        return self._models.get(f"{provider}:{model}")

    def _read(self) -> Mapping[str, CanonicalModel]:
        from llmhub.catalog.store import read_catalog
        from llmhub.config.paths import catalog_file
        from llmhub.errors import CatalogError

        try:
            catalog = read_catalog(catalog_file(self._environ))
        except CatalogError as error:
            import logging

            logging.getLogger("llmhub").warning("calls are priced without the stored catalog: %s", error)
            return {}
        return catalog.models if catalog else {}


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
