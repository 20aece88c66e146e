"""A dotted key as a person types it, `roles.llm.inference.kind`, as the path it means. Pure.

Names hold dots themselves, so the file's schema and what stands in the file decide where a name ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llmhub.config.faults import Path, named
from llmhub.errors import ConfigError, nearest


def key_path(key: str, schema: Mapping[str, Any], values: Any) -> Path:
    """The path that *key* means in a document of this JSON *schema* that holds *values* now.

    A name that is there already is preferred, the longest first; else the shortest that leaves valid keys.

    Raises:
        ConfigError: there can be nothing at this key; says what could be.
    """
    segments = key.split(".")
    if not all(segments):
        raise ConfigError(f"{key!r} is no key; write it like roles.llm.inference.kind")
    return _below(schema, schema, segments, values, ())


def _below(
    schema: Mapping[str, Any], root: Mapping[str, Any], segments: Sequence[str], values: Any, path: Path
) -> Path:
    if not segments:
        return path
    schema = _resolved(schema, root)
    head, rest = segments[0], segments[1:]
    if "items" in schema:
        index = _index(head, values, path)
        return _below(schema["items"], root, rest, values[index] if index < _length(values) else None, (*path, index))
    if isinstance(schema.get("additionalProperties"), Mapping):
        return _below_a_name(schema["additionalProperties"], root, segments, values, path)
    if "properties" in schema:
        if head in schema["properties"]:
            return _below(schema["properties"][head], root, rest, _inside(values, head), (*path, head))
        if not head.startswith("x-"):
            raise _unknown(head, schema["properties"], path)
    elif schema and schema.get("type") not in _OPEN:
        raise ConfigError(f"{_shown(path)} holds a single value: nothing can stand below it")
    free: list[str | int] = []
    for segment in segments:
        free.append(_index(segment, values, (*path, *free)) if isinstance(values, list) else segment)
        values = _inside(values, free[-1])
    return (*path, *free)


_OPEN: tuple[Any, ...] = ("object", ["object", "null"])


def _below_a_name(
    schema: Mapping[str, Any], root: Mapping[str, Any], segments: Sequence[str], values: Any, path: Path
) -> Path:
    refusal: ConfigError | None = None
    lengths = range(1, len(segments) + 1)
    known = [length for length in reversed(lengths) if _holds(values, ".".join(segments[:length]))]
    for length in [*known, *(length for length in lengths if length not in known)]:
        # A misspelt key below a known name is a mistake, not a new name.
        if length == len(segments) and refusal is not None and known:
            break
        name = ".".join(segments[:length])
        try:
            return _below(schema, root, segments[length:], _inside(values, name), (*path, name))
        except ConfigError as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    while True:
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        elif "anyOf" in schema:
            schema = schema["anyOf"][0]
        else:
            return schema


def _index(segment: str, values: Any, path: Path) -> int:
    count = _length(values)
    if not segment.isdecimal():
        raise ConfigError(f"{_shown(path)} is a list: name its items by number, from 0")
    if int(segment) > count:
        raise ConfigError(f"{_shown(path)} has {count} item{'' if count == 1 else 's'}; {count} is the next number")
    return int(segment)


def _unknown(head: str, valid: Mapping[str, Any], path: Path) -> ConfigError:
    close = nearest(head, list(valid))
    hint = f" Did you mean {close!r}?" if close else ""
    return ConfigError(f"unknown key {named(head)} in {_shown(path)}.{hint} Valid: {', '.join(valid)}.")


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the file"


def _length(values: Any) -> int:
    return len(values) if isinstance(values, list) else 0


def _holds(values: Any, name: str) -> bool:
    return isinstance(values, Mapping) and name in values


def _inside(values: Any, segment: str | int) -> Any:
    try:
        return values[segment]
    except (KeyError, IndexError, TypeError):
        return None
