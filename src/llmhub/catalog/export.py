"""Every known model as plain values, for programs: JSON and CSV of the same rows. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from llmhub.catalog.availability import availability
from llmhub.records.model import CanonicalModel, ProviderListing

__all__ = ["COLUMNS", "LINK_KEYS", "as_csv", "as_json", "detailed_row", "row"]

Row = dict[str, Any]

COLUMNS = (*(field.name for field in attrs.fields(CanonicalModel)), "callable", "callable_reason")
"""The keys of a row, in their order."""

LINK_KEYS = ("source", "name", "relation", "mode", "rule", "reason")
"""The keys of each of a row's `links`; `mode` is empty for a link to the plain model."""


def detailed_row(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> Row:
    """All fields of *model*, `callable` and `callable_reason`. *listings* by provider say what can be called from here.

    `None` is unknown, and empty where several values could stand.
    """
    return {**attrs.asdict(model), "links": _links(model), **_availability(model, listings)}


def row(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> Row:
    """The same without `provenance`, which is longer than all the rest."""
    fields = attrs.asdict(model, filter=lambda field, _: field.name != "provenance")
    return {**fields, "links": _links(model), **_availability(model, listings)}


def as_json(rows: Iterable[Row]) -> str:
    """A JSON list, one row to a line, so that two exports can be compared line by line."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def as_csv(rows: Iterable[Row]) -> str:
    """A table with a header line. Unknown is empty; several words stand side by side, and records as JSON."""
    written = io.StringIO()
    stated = list(rows)
    names = list(stated[0]) if stated else [name for name in COLUMNS if name != "provenance"]
    table = csv.writer(written, lineterminator="\n")
    table.writerow(names)
    table.writerows([_cell(one[name]) for name in names] for one in stated)
    return written.getvalue()


def _links(model: CanonicalModel) -> list[Row]:
    return [{key: getattr(link, key) for key in LINK_KEYS} for link in model.links]


def _availability(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> Row:
    here = availability(model, listings)
    return {"callable": here.callable, "callable_reason": here.reason}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    if isinstance(value, (list, tuple, Mapping)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
