"""Changing single values in a YAML file while every other byte stays as its author wrote it.

A change is made in the text, at the place the parser reports, and the result is read again: unless it says exactly
what was asked for, nothing is returned. A round-trip emitter would re-indent and re-wrap lines nobody touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from llmhub.config.document import AliasNode, MappingNode, Node, SequenceNode, dotted
from llmhub.config.emit import inline_key, written_key
from llmhub.config.faults import Path
from llmhub.config.splice import REMOVED, Impossible, Insertion, holds_comment, spliced
from llmhub.errors import ConfigError

__all__ = ["REMOVED", "edit", "renamed"]


def edit(text: str, changes: Mapping[Path, Any], file: str = "<document>") -> str:
    """*text* with the values at some paths changed, added, or taken away (`REMOVED`); comments and layout stay.

    A mapping over a mapping changes only the keys that differ, a list over a list only the items. Missing parents are
    made. The number behind a list's last item adds one.

    Raises:
        InvalidFileError: the text itself is no valid document.
        ConfigError: the place cannot be changed without touching others, such as one shared by an anchor.
    """
    byte_order_mark = "\ufeff" if text.startswith("\ufeff") else ""
    draft = _draft(text.removeprefix(byte_order_mark), file)
    for path, value in changes.items():
        draft = _brought(draft, path, value, file)
    return byte_order_mark + draft.text


def renamed(text: str, path: Path, name: str, file: str = "<document>") -> str:
    """*text* with the last key of *path* called *name*; its value, its place and every comment stay.

    Raises:
        InvalidFileError: the text itself is no valid document.
        ConfigError: there is no such key, another one is called *name*, or it comes through a merge key.
    """
    byte_order_mark = "\ufeff" if text.startswith("\ufeff") else ""
    draft = _draft(text.removeprefix(byte_order_mark), file)
    parent = _node(draft.root, path[:-1])
    entry = parent.entries.get(str(path[-1])) if isinstance(parent, MappingNode) else None
    if not isinstance(parent, MappingNode) or entry is None or entry.inherited:
        raise _refusal(file, path, "there is no such key to rename")
    if name == path[-1]:
        return text
    if name in parent.entries:
        raise _refusal(file, path, f"there is another {name!r} already")
    key = inline_key(name) if parent.flow else written_key(name)
    after = _draft(f"{draft.text[: entry.key_place.offset]}{key}{draft.text[entry.key_end :]}", file)
    _, siblings = _lookup(draft.values, path[:-1])
    expected = {name if one == path[-1] else one: value for one, value in siblings.items()}
    if not _same(after.values, _with(draft.values, path[:-1], expected)):
        raise _refusal(file, path, "")
    return byte_order_mark + after.text


class _Draft(NamedTuple):
    text: str
    root: MappingNode
    values: dict[str, Any]


def _draft(text: str, file: str) -> _Draft:
    from llmhub.config.yaml import read_document

    document = read_document(text, file)
    return _Draft(text, document.root, document.value)


def _brought(draft: _Draft, path: Path, value: Any, file: str) -> _Draft:
    """The draft with *value* at *path*, by the smallest changes that lead there."""
    present, old = _lookup(draft.values, path)
    if (value is REMOVED and not present) or (present and _same(old, value)):
        return draft
    if isinstance(old, Mapping) and old and isinstance(value, Mapping) and value:
        part_by_part = _mapping_brought
    elif isinstance(old, list) and old and isinstance(value, list | tuple) and value:
        part_by_part = _list_brought
    else:
        return _changed(draft, path, Insertion(value) if _is_next_item(draft, path, present) else value, file)
    try:
        return part_by_part(draft, path, old, value, file)
    except ConfigError:
        # What an anchor shares, or brackets hold, may give way as a whole, but no comment may go with it.
        node = _node(draft.root, path)
        if node is None or (not isinstance(node, AliasNode) and holds_comment(draft.text, node)):
            raise
        return _changed(draft, path, value, file)


def _mapping_brought(draft: _Draft, path: Path, old: Any, new: Any, file: str) -> _Draft:
    for key, item in new.items():
        draft = _brought(draft, (*path, key), item, file)
    for key in old:
        if key not in new:
            draft = _brought(draft, (*path, key), REMOVED, file)
    return draft


def _list_brought(draft: _Draft, path: Path, old: Sequence[Any], new: Sequence[Any], file: str) -> _Draft:
    """Items that stay at either end are left alone; between them items change, then go or come."""
    shorter = min(len(old), len(new))
    first = next((index for index in range(shorter) if not _same(old[index], new[index])), shorter)
    kept = next((back for back in range(shorter - first) if not _same(old[-1 - back], new[-1 - back])), shorter - first)
    until, old_until, new_until = shorter - kept, len(old) - kept, len(new) - kept
    for index in range(first, until):
        draft = _brought(draft, (*path, index), new[index], file)
    for index in reversed(range(until, old_until)):
        draft = _changed(draft, (*path, index), REMOVED, file)
    for index in range(until, new_until):
        draft = _changed(draft, (*path, index), Insertion(new[index]), file)
    return draft


def _changed(draft: _Draft, path: Path, value: Any, file: str) -> _Draft:
    expected = _with(draft.values, path, value)
    try:
        after = _draft(spliced(draft.text, draft.root, path, value), file)
    except (Impossible, ConfigError, IndexError, ValueError) as reason:
        raise _refusal(file, path, str(reason) if isinstance(reason, Impossible) else "") from reason
    if not _same(after.values, expected):
        raise _refusal(file, path, "")
    return after


def _refusal(file: str, path: Path, reason: str) -> ConfigError:
    why = reason or "that would touch what is around it, such as what an anchor shares"
    return ConfigError(f"{file}: {dotted(path)} cannot be changed here: {why}; edit it by hand")


def _is_next_item(draft: _Draft, path: Path, present: bool) -> bool:
    if present or not path or not isinstance(path[-1], int):
        return False
    _, parent = _lookup(draft.values, path[:-1])
    return isinstance(parent, list) and path[-1] == len(parent)


def _lookup(values: Any, path: Path) -> tuple[bool, Any]:
    for segment in path:
        try:
            values = values[segment]
        except (KeyError, IndexError, TypeError):
            return False, None
    return True, values


def _node(node: Node, path: Path) -> Node | None:
    """The node at *path*, when it stands there itself and not behind an alias or a merge."""
    for segment in path:
        if isinstance(node, MappingNode) and segment in node.entries and not node.entries[str(segment)].inherited:
            node = node.entries[str(segment)].node
        elif isinstance(node, SequenceNode) and isinstance(segment, int):
            node = node.items[segment]
        else:
            return None
    return node


def _with(values: Any, path: Path, value: Any) -> Any:
    if not path:
        return _as_read(value)
    head, rest = path[0], path[1:]
    if isinstance(values, list) and isinstance(head, int):
        return _list_with(values, head, rest, value)
    mapping = dict(values) if isinstance(values, Mapping) else {}
    if value is REMOVED and not rest:
        mapping.pop(str(head), None)
    else:
        mapping[str(head)] = _with(mapping.get(str(head)), rest, value)
    return mapping


def _list_with(items: list[Any], index: int, rest: Path, value: Any) -> list[Any]:
    if not rest and isinstance(value, Insertion):
        return [*items[:index], _as_read(value.value), *items[index:]]
    if not rest and value is REMOVED:
        return [*items[:index], *items[index + 1 :]]
    return [_with(item, rest, value) if at == index else item for at, item in enumerate(items)]


def _as_read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_read(item) for key, item in value.items()}
    return [_as_read(item) for item in value] if isinstance(value, list | tuple) else value


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same types: 1, 1.0 and true are three values in a file."""
    return repr(_as_read(one)) == repr(_as_read(other)) or (
        isinstance(one, Mapping)
        and isinstance(other, Mapping)
        and one.keys() == other.keys()
        and all(_same(one[key], other[key]) for key in one)
    )
