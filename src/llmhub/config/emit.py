"""Plain values as YAML that people like to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmhub.config.faults import Path
from llmhub.config.scalars import quoted, written

_LINE = 100
"""A list of words goes on one line up to this width."""


def dump_document(
    mapping: Mapping[str, Any], header_comment: str = "", comments: Mapping[Path, str] | None = None
) -> str:
    """*mapping* as a YAML document, keys in the order given, one per line, quotes only where they are needed.

    *comments* go above the key at their path, *header_comment* above everything.

    Raises:
        TypeError: a value is no text, number, boolean, `None`, list or mapping, or a key is no text.
    """
    lines = [*_comment(header_comment, 0), *([""] if header_comment else [])]
    lines.extend(block_lines(mapping, 0, comments or {}) if mapping else ["{}"])
    return "\n".join(lines) + "\n"


def block_lines(mapping: Mapping[str, Any], indent: int, comments: Mapping[Path, str], path: Path = ()) -> list[str]:
    """The lines of a block mapping whose keys stand *indent* columns in."""
    lines: list[str] = []
    for key, value in mapping.items():
        lines.extend(_comment(comments.get((*path, key), ""), indent))
        lines.extend(entry_lines(key, value, indent, comments, (*path, key)))
    return lines


def entry_lines(
    key: str, value: Any, indent: int, comments: Mapping[Path, str] | None = None, path: Path = ()
) -> list[str]:
    """The lines of one `key: value` that stands *indent* columns in."""
    head = f"{' ' * indent}{written_key(key)}:"
    if isinstance(value, Mapping) and value:
        return [head, *block_lines(value, indent + 2, comments or {}, path)]
    if isinstance(value, list | tuple) and value and not _fits_one_line(value, len(head)):
        return [head, *item_lines(value, indent + 2, comments or {}, path)]
    return [f"{head} {inline(value) if isinstance(value, Mapping | list | tuple) else written(value)}"]


def inline(value: Any) -> str:
    """*value* on one line, lists and mappings in brackets, and safe to stand in brackets itself."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{inline_key(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return quoted(value) if isinstance(value, str) and ":" in value else written(value)


def inline_key(key: Any) -> str:
    """*key* as YAML within brackets, where many parsers end a word at any colon."""
    return quoted(key) if isinstance(key, str) and ":" in key else written_key(key)


def written_key(key: Any) -> str:
    """*key* as YAML.

    Raises:
        TypeError: the key is no text.
    """
    if not isinstance(key, str):
        raise TypeError(f"a key is a {type(key).__name__}; keys must be text")
    return written(key)


def item_lines(
    items: list[Any] | tuple[Any, ...], indent: int, comments: Mapping[Path, str] | None = None, path: Path = ()
) -> list[str]:
    """The lines of a list's items, one per line, whose dashes stand *indent* columns in."""
    comments = comments or {}
    lines: list[str] = []
    dash = " " * indent + "- "
    for index, item in enumerate(items):
        at = (*path, index)
        lines.extend(_comment(comments.get(at, ""), indent))
        if isinstance(item, Mapping) and item:
            # A comment above the first key must not come between it and its dash.
            first = comments.get((*at, next(iter(item))), "")
            lines.extend(_comment(first, indent))
            inner = block_lines(item, indent + 2, _without_first(comments, at, item), at)
            lines.extend([dash + inner[0][indent + 2 :], *inner[1:]])
        else:
            lines.append(dash + (inline(item) if isinstance(item, Mapping | list | tuple) else written(item)))
    return lines


def _without_first(comments: Mapping[Path, str], path: Path, item: Mapping[str, Any]) -> Mapping[Path, str]:
    first = (*path, next(iter(item)))
    return {at: text for at, text in comments.items() if at != first} if first in comments else comments


def _fits_one_line(items: list[Any] | tuple[Any, ...], used: int) -> bool:
    if any(isinstance(item, Mapping | list | tuple) for item in items):
        return False
    return used + len(inline(items)) < _LINE


def _comment(text: str, indent: int) -> Iterator[str]:
    for line in text.splitlines():
        yield f"{' ' * indent}# {line}".rstrip()
