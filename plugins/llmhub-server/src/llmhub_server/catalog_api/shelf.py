"""The stored catalog, kept in memory as long as the file it came from stands."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from llmhub_server.catalog_api.columns import COLUMNS, measured

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.model import CanonicalModel, ProviderListing
    from llmhub.workspace import Workspace

Stamp = tuple[int, int, int]
"""What tells one file of a name from the next: time of change, size, inode."""

PAUSE = timedelta(minutes=10)
"""So long a stale catalog serves before its refresh is asked for again."""


@frozen(kw_only=True, eq=False)
class Kept:
    """One catalog with every model made. `tag` differs whenever anything that can be told of it does."""

    catalog: Catalog
    models: tuple[CanonicalModel, ...] = field(repr=False)
    listings: Mapping[str, ProviderListing] = field(repr=False)
    tag: str
    stamp: Stamp | None
    read_at: datetime
    _orders: dict[str, tuple[Sequence[CanonicalModel], Sequence[CanonicalModel]]] = field(factory=dict, repr=False)
    _worked_out: dict[Any, Any] = field(factory=dict, repr=False)

    @property
    def models_by_id(self) -> Mapping[str, CanonicalModel]:
        """The models by canonical id."""
        return self.catalog.models

    def ordered(self, column: str, *, descending: bool) -> Sequence[CanonicalModel]:
        """All models by *column*; those of which it is unknown come last in either direction, equals by their id."""
        if column not in self._orders:
            found = sorted(self.models, key=lambda model: model.canonical_id)
            values = {model.canonical_id: measured(column, model, self) for model in found}
            known = [model for model in found if values[model.canonical_id] is not None]
            unknown = [model for model in found if values[model.canonical_id] is None]
            known.sort(key=lambda model: values[model.canonical_id])
            # Backwards, equals stand by their id all the same: a reversed stable sort would turn them round.
            self._orders[f"-{column}"] = (
                sorted(known, key=lambda model: values[model.canonical_id], reverse=True),
                unknown,
            )
            self._orders[column] = (known, unknown)
        known_first, last = self._orders[f"-{column}" if descending else column]
        return [*known_first, *last]

    def once(self, key: Any, work: Any) -> Any:
        """What *work* gives, done once for this catalog and *key*; the last 256 are remembered. Safe in any thread."""
        found = self._worked_out.get(key)
        if found is None:
            found = work()
            for oldest in list(self._worked_out)[: 1 - REMEMBERED]:
                self._worked_out.pop(oldest, None)
            self._worked_out[key] = found
        return found


REMEMBERED = 256


class Shelf:
    """The catalog of one project for a process that lives long. Safe to ask from many threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._kept: Kept | None = None

    def current(self) -> Kept:
        """The catalog that is stored now: read when first asked for, and again when another took its place.

        A stale one serves while its refresh runs in a process of its own, as everywhere.

        Raises:
            NoCatalogError: nothing is stored, and none can be built.
        """
        kept, now = self._kept, datetime.now(UTC)
        if kept is not None and self._holds(kept, now):
            return kept
        with self._lock:
            if self._kept is None or not self._holds(self._kept, now):
                self._kept = self._read(now)
            return self._kept

    def _holds(self, kept: Kept, now: datetime) -> bool:
        if kept.stamp != self._stamp():
            return False
        return now - kept.read_at < PAUSE or not kept.catalog.is_stale(now)

    def _stamp(self) -> Stamp | None:
        try:
            found = self._workspace.catalog_path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self, now: datetime) -> Kept:
        from llmhub.catalog.availability import by_provider

        stamp = self._stamp()
        catalog = self._workspace.catalog()
        # What was just built was stored meanwhile.
        stamp = self._stamp() if stamp is None else stamp
        models = dict(catalog.models)
        return Kept(
            catalog=evolve(catalog, models=models),
            models=tuple(models.values()),
            listings=by_provider(catalog.listings),
            tag=_tag(catalog),
            stamp=stamp,
            read_at=now,
        )


def _tag(catalog: Catalog) -> str:
    """16 hexadecimal digits over the content and all that is told beside it: dates, states, who answers from here."""
    from llmhub import __version__

    told = (catalog.fingerprint, catalog.built_at, catalog.sources, catalog.listings, COLUMNS, __version__)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]
