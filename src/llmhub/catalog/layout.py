"""How the catalog's document lies in its file: JSON, with a line of its own for every model and every shared value.

So whoever looks at three models takes three lines apart, and not 1.5 MB. Checksums over the lines and over what stands
before them tell at once if one is missing or damaged. A file that has lost this layout, through an editor or `jq`, is
read like any other JSON.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

_BEFORE_LAYOUT = '"layout":'
_BEFORE_SHARED = ',"shared":['
_BEFORE_MODELS = '],"models":{'
_END = "}}"


def laid_out(document: Mapping[str, Any]) -> str:
    """*document* as JSON, its `shared` values and then its `models` by key a line each."""
    before, body = _head(document), _body(document)
    comma = "," if before != "{" else ""
    return f"{before}{comma}{_BEFORE_LAYOUT}{_json(_layout(document, before, body))}{_BEFORE_SHARED}\n{body}"


def is_intact(document: Mapping[str, Any]) -> bool:
    """Whether a *document* that was parsed whole is, line by line, what its checksums were made of."""
    content = {name: part for name, part in document.items() if name != "layout"}
    return bool(document.get("layout") == _layout(content, _head(content), _body(content)))


def taken_apart(content: bytes) -> dict[str, Any] | None:
    """The document, its shared values and rows left as the lines they are; `None` when it has no such layout.

    `value` makes one of them.

    Raises:
        ValueError: it has this layout, and is not as it was written.
    """
    head, _, body = content.partition(b"\n")
    if not head.endswith(_BEFORE_SHARED.encode()):
        return None
    document: dict[str, Any] = json.loads(head.removesuffix(_BEFORE_SHARED.encode()) + b"}")
    layout = document.get("layout")
    before = head.rpartition(b"," + _BEFORE_LAYOUT.encode())[0]
    if not isinstance(layout, dict) or layout.get("checksum") != zlib.crc32(body):
        raise ValueError("a line is missing, or not as it was written")
    # The first catalogs had no checksum over their head.
    lines, count = body.decode("ascii").split("\n"), layout.get("shared")
    if layout.get("head", zlib.crc32(before)) != zlib.crc32(before) or lines.index(_BEFORE_MODELS) != count:
        raise ValueError("its head is not as it was written")
    document["shared"] = lines[:count]
    document["models"] = Lines(map(_row, lines[count + 1 : -1]))
    return document


class Lines(dict[str, str]):
    """Rows by key, each still the line that it is, and known to be as it was written."""


def _head(document: Mapping[str, Any]) -> str:
    return _json({name: part for name, part in document.items() if name not in ("shared", "models")})[:-1]


def _body(document: Mapping[str, Any]) -> str:
    shared = _lines(map(_json, document["shared"]))
    models = _lines(f"{_json(key)}:{_json(row)}" for key, row in document["models"].items())
    return "\n".join((*shared, _BEFORE_MODELS, *models, _END))


def _layout(document: Mapping[str, Any], before: str, body: str) -> Mapping[str, int]:
    shared = len(document["shared"])
    return {"shared": shared, "checksum": zlib.crc32(body.encode()), "head": zlib.crc32(before.encode())}


def value(stored: Any) -> Any:
    """A shared value or row, parsed if it is a line still.

    Raises:
        ValueError: it is a line, and no JSON.
    """
    return _parse(stored.removesuffix(",")) if isinstance(stored, str) else stored


_parse = json.JSONDecoder().decode


def _lines(values: Iterable[str]) -> list[str]:
    lines = list(values)
    return [*(f"{line}," for line in lines[:-1]), *lines[-1:]]


def _json(plain: Any) -> str:
    return json.dumps(plain, separators=(",", ":"))


def _row(line: str) -> tuple[str, str]:
    key, _, row = line.partition('":[')
    if "\\" in key:  # an escape, perhaps of the very quotation mark that was taken for the end
        ((name, _),) = _parse(f"{{{line.removesuffix(',')}}}").items()
        return name, line[len(_json(name)) + 1 :]
    return key[1:], f"[{row}"
