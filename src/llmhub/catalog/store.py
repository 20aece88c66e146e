"""The catalog's file: one versioned JSON document, written whole or not at all, and read in milliseconds.

Models are made from it one by one, when they are looked at. Each is a row of values; what many models share (scores,
provenance, prices, tags) stands once, and the row holds its number.
"""

from __future__ import annotations

import contextlib
import glob
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import evolve, fields

from llmhub.catalog.catalog import Catalog
from llmhub.catalog.layout import Lines, laid_out, taken_apart, value
from llmhub.catalog.migrations import FORMAT, migrated
from llmhub.config.files import write_atomically
from llmhub.errors import CatalogError, ConfigError
from llmhub.records.foreign import shown
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    Link,
    Price,
    Provenance,
    ProviderListing,
    Score,
    SourceState,
)
from llmhub.records.model_json import from_plain, to_plain
from llmhub.records.shape import checked

__all__ = ["catalog_text"]


def write_catalog(catalog: Catalog, path: Path) -> None:
    """Replace the catalog at *path*, making its folder if need be.

    Raises:
        CatalogError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, catalog_text(catalog))
    except ConfigError as error:
        raise CatalogError(str(error)) from error
    except OSError as error:
        raise CatalogError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error


def catalog_text(catalog: Catalog) -> str:
    """*catalog* as its file holds it."""
    rows, shared = _rows(catalog.models.values())
    return laid_out(
        {
            "format": FORMAT,
            "built_at": catalog.built_at,
            "fingerprint": catalog.fingerprint,
            "through": catalog.through,
            "statistics": to_plain(catalog.statistics),
            "sources": [to_plain(state) for state in catalog.sources],
            "listings": [to_plain(listing) for listing in catalog.listings],
            "unlinked": dict(catalog.unlinked),
            "unlinked_because": dict(catalog.unlinked_because),
            "hidden": list(catalog.hidden),
            "warnings": list(catalog.warnings),
            "columns": COLUMNS,
            "record_columns": {column: _names(column) for column in _RECORDS},
            "models": rows,
            "shared": shared,
        }
    )


def read_catalog(path: Path) -> Catalog | None:
    """The catalog at *path*; `None` when there is no such file.

    Raises:
        CatalogError: the file is damaged, or a later version of LLM Hub wrote it.
    """
    try:
        document = _document(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CatalogError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, RecursionError) as error:
        raise CatalogError(f"{path} is damaged: {error}") from error
    return catalog_of(document, str(path))


def catalog_of(document: Any, place: str) -> Catalog:
    """The catalog that a *document* from *place* is.

    Raises:
        CatalogError: it is none, is damaged, or a later version of LLM Hub wrote it.
    """
    if not isinstance(document, dict):
        raise CatalogError(f"{place} is damaged: a {type(document).__name__}, where a catalog should be")
    try:
        document = migrated(document)
    except ValueError as error:
        raise CatalogError(f"{place} {error}") from error
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CatalogError(f"{place} is damaged: {error!r}") from error
    try:
        return _catalog(document, place)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CatalogError(f"{place} is damaged: {error!r}") from error


def _document(content: bytes) -> Any:
    """The document, in parts not parsed yet where that may wait."""
    document = taken_apart(content)
    # A step from an earlier format may have to do with any part of it.
    return json.loads(content) if document is None or document.get("format") != FORMAT else document


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be used, so that it is neither in the way nor lost; returns its new name."""
    aside = path.with_name(f"{path.name}.set-aside")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.set-aside-{number}")
    path.replace(aside)
    return aside


def sweep_drafts(path: Path) -> None:
    """Remove what processes that were killed while writing *path* left beside it. For its only writer."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        with contextlib.suppress(OSError):
            draft.unlink()


def _rows(models: Iterable[CanonicalModel]) -> tuple[dict[str, list[Any]], list[Any]]:
    """One row of values per model, in the order of the columns, and the values that rows only number."""
    shared: list[Any] = []
    numbers: dict[object, int] = {}

    def number(column: str, value: Any) -> int | None:
        if not value:
            return None
        place = (column, tuple(value.items()) if isinstance(value, Mapping) else value)
        known = numbers.setdefault(place, len(shared))
        if known == len(shared):
            shared.append(_plain(column, value))
        return known

    rows = {}
    for model in models:
        values = ((column, getattr(model, column)) for column in COLUMNS)
        rows[model.canonical_id] = [number(column, value) if column in _SHARED else value for column, value in values]
    return rows, shared


COLUMNS = tuple(
    attribute.name
    for attribute in fields(CanonicalModel)
    if attribute.name not in ("canonical_id", "provider", "model_id")  # the row's key says these
)
_COLUMN_NAMES = frozenset(COLUMNS)
_SHARED = frozenset(
    {"input_modalities", "links", "output_modalities", "price", "provenance", "scores", "tags", "tier_reasons"}
)
_RECORDS: Mapping[str, type[Any]] = {"links": Link, "provenance": Provenance, "scores": Score}
"""Columns with many small records: each is written as the list of its values."""


def _plain(column: str, value: Any) -> Any:
    if column in _RECORDS:
        names = _names(column)
        return [[getattr(record, name) for name in names] for record in value]
    return to_plain(value) if column == "price" else value


def _names(column: str) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in fields(_RECORDS[column]))


def _catalog(document: Mapping[str, Any], place: str) -> Catalog:
    if not isinstance(document["models"], dict) or not isinstance(document["shared"], list):
        raise TypeError("models or shared values are not what they should be")
    statistics = document["statistics"]
    quantiles = {name: tuple(cuts) for name, cuts in statistics.get("quantiles", {}).items()}
    built_at = str(document["built_at"])
    if datetime.fromisoformat(built_at).tzinfo is None:
        raise ValueError(f"built_at is {built_at}, of no time zone")
    catalog = Catalog(
        models=_StoredModels(document, place),
        statistics=from_plain(CatalogStatistics, {**statistics, "quantiles": quantiles}),
        sources=tuple(from_plain(SourceState, state) for state in document["sources"]),
        listings=tuple(from_plain(ProviderListing, listing) for listing in document["listings"]),
        unlinked=dict(document["unlinked"]),
        unlinked_because=dict(document.get("unlinked_because", {})),
        hidden=tuple(document.get("hidden", ())),
        warnings=tuple(document["warnings"]),
        built_at=built_at,
        fingerprint=str(document["fingerprint"]),
        through=str(document.get("through", "")),
    )
    checked(evolve(catalog, models={}))
    return catalog


class _StoredModels(Mapping[str, CanonicalModel]):
    """The stored models, made when they are first looked at."""

    def __init__(self, document: Mapping[str, Any], place: str) -> None:
        self._rows: dict[str, Any] = document["models"]
        self._intact = isinstance(self._rows, Lines)
        self._shared: list[Any] = document["shared"]
        self._columns: list[str] = document["columns"]
        self._unknown = [column for column in self._columns if column not in _COLUMN_NAMES]
        self._record_columns: Mapping[str, list[str]] = document["record_columns"]
        self._place = place
        self._models: dict[str, CanonicalModel] = {}
        self._values: dict[int, Any] = {}
        self._records: dict[tuple[Any, ...], Any] = {}

    def __getitem__(self, key: str) -> CanonicalModel:
        model = self._models.get(key)
        if model is None:
            row = self._rows[key]
            try:
                made = self._model(key, value(row))
                # The types of what was written need no second look: that would take longer than making it.
                model = self._models[key] = made if self._intact else checked(made)
            except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
                raise CatalogError(
                    f"{self._place} is damaged at {key!r} ({error}). Run `llmhub catalog refresh`."
                ) from error
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def _model(self, key: str, row: Sequence[Any]) -> CanonicalModel:
        provider, _, model_id = key.partition(":")
        if not provider or not model_id:
            raise ValueError("no canonical id")
        values = {column: stored for column, stored in zip(self._columns, row, strict=True) if stored is not None}
        for column in self._unknown:
            values.pop(column, None)
        for column in values.keys() & _SHARED:
            values[column] = self._value(column, values[column])
        return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, **values)

    def _value(self, column: str, number: int) -> Any:
        """A value that several models share: made once, for all of them."""
        if type(number) is not int or number < 0:
            raise ValueError(f"{column} has no number: {shown(number)}")
        if number not in self._values:
            self._values[number] = self._made(column, value(self._shared[number]))
        return self._values[number]

    def _made(self, column: str, plain: Any) -> Any:
        if column in _RECORDS:
            return tuple(self._record(column, tuple(one)) for one in plain)
        if column == "price":
            return from_plain(Price, plain)
        return tuple(plain) if isinstance(plain, list) else plain

    def _record(self, column: str, values: tuple[Any, ...]) -> Any:
        """One of the small records, which are mostly the same, too: where a fact is from, how a name was recognised."""
        key = (column, *values)
        record = self._records.get(key)
        if record is None:
            names = self._record_columns[column]
            record = self._records[key] = _RECORDS[column](**dict(zip(names, values, strict=True)))
        return record
