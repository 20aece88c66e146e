"""One change to the text of a YAML file, at the place the parser reported. Pure; `edit` verifies what comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from attrs import frozen

from llmhub.config.document import Entry, MappingNode, Node, ScalarNode, SequenceNode
from llmhub.config.emit import entry_lines, inline, inline_key, item_lines
from llmhub.config.faults import Path


class Removal(Enum):
    """`REMOVED` as a value takes the key, or the item of a list, away."""

    REMOVED = "removed"


REMOVED = Removal.REMOVED


@frozen
class Insertion:
    """As a value at the path of a list's item: *value* goes before that item, or to the end of the list."""

    value: Any


class Impossible(Exception):
    """The layout at this place is beyond what can be changed by itself; the text, if any, says why."""


def spliced(text: str, root: MappingNode, path: Path, value: Any) -> str:
    """*text*, whose content is *root*, with *value* at *path*.

    Raises:
        Impossible, IndexError, ValueError: this layout cannot be changed at that place.
    """
    parent: Node = root
    holder: Entry | None = None
    for depth, segment in enumerate(path):
        rest = path[depth + 1 :]
        if isinstance(parent, SequenceNode):
            if not isinstance(segment, int):
                raise Impossible("a list is there, whose items have numbers and no names")
            if not rest:
                return _changed_item(text, parent, segment, value, holder)
            parent, holder = parent.items[segment], None
            continue
        if not isinstance(parent, MappingNode):
            return _replace_value(text, holder, parent, _nested(path[depth:], value))
        entry = parent.entries.get(str(segment))
        if entry is None:
            key, item_value = str(segment), _nested(rest, value)
            if parent.entries:
                return _insert_key(text, parent, key, item_value)
            return _replace_value(text, holder, parent, {key: item_value})
        if not rest:
            if value is not REMOVED:
                return _replace_value(text, entry, entry.node, value)
            if parent is root and len(parent.entries) == 1:
                raise Impossible("it is all that the file holds")
            return _remove_key(text, parent, str(segment), holder)
        parent, holder = entry.node, entry
    raise Impossible


def holds_comment(text: str, node: Node) -> bool:
    """Whether replacing *node* as a whole would take a comment with it. A `#` within text counts as one."""
    return "#" in text[node.place.offset : _end(text, node)]


def _nested(path: Path, value: Any) -> Any:
    if (value is REMOVED or isinstance(value, Insertion)) and path:
        raise Impossible
    if any(isinstance(segment, int) for segment in path):
        raise Impossible("no list is there to hold an item")
    for segment in reversed(path):
        value = {segment: value}
    return value


# --- values ---------------------------------------------------------------------------------------------------------


def _replace_value(text: str, entry: Entry | None, node: Node, value: Any) -> str:
    if entry is None:
        return _replace_span(text, node, value)
    # Inside brackets everything stays on its line; so does whatever is short by nature.
    start, end = node.place.offset, _end(text, node)
    line_start = _line_start(text, entry.key_place.offset)
    own_line = not text[line_start : entry.key_place.offset].strip(" -")
    if isinstance(value, Mapping) and value and own_line:
        colon = text.index(":", entry.key_end) + 1
        column = entry.key_place.column - 1
        newline = _newline(text)
        lines = entry_lines("k", value, column)[1:]
        comment = _trailing_comment(text, end) if not _is_block(node) else ""
        line_end = _line_end(text, end)
        return text[:colon] + comment + newline + newline.join(lines) + text[line_end:]
    if start == entry.key_end or _is_block(node):
        colon = text.index(":", entry.key_end) + 1
        end = max(end, colon)
        between, beside = _comments_between(text, colon, start), _trailing_comment(text, end)
        if between and beside:
            # Below the others on a line of its own: behind one of them it would be part of that one.
            between += f"{_newline(text)}{' ' * (node.place.column - 1)}{beside.lstrip()}"
            end = _line_end(text, end)
        return f"{text[:colon]} {inline(value)}{between}{text[end:]}"
    return text[:start] + inline(value) + text[end:]


def _comments_between(text: str, colon: int, block: int) -> str:
    """What stands between a key and the block below it, when that is comments: they outlive the block."""
    between = text[colon : _line_start(text, block)].rstrip() if block > colon else ""
    return between if between.lstrip().startswith("#") else ""


def _replace_span(text: str, node: Node, value: Any) -> str:
    if _is_block(node) and holds_comment(text, node):
        raise Impossible("a comment inside would be lost")
    return text[: node.place.offset] + inline(value) + text[_end(text, node) :]


# --- keys -----------------------------------------------------------------------------------------------------------


def _insert_key(text: str, parent: MappingNode, key: str, value: Any) -> str:
    own = [entry for entry in parent.entries.values() if not entry.inherited]
    last = max(own, key=lambda entry: entry.key_place.offset)
    end = _entry_end(text, last)
    if parent.flow:
        return f"{text[:end]}, {inline_key(key)}: {inline(value)}{text[end:]}"
    newline = _newline(text)
    lines = newline.join(entry_lines(key, value, last.key_place.column - 1))
    line_end = _line_end(text, end)
    return text[:line_end] + newline + lines + text[line_end:]


def _remove_key(text: str, parent: MappingNode, key: str, holder: Entry | None) -> str:
    own = [name for name, entry in parent.entries.items() if not entry.inherited]
    entry = parent.entries[key]
    if entry.inherited:
        raise Impossible("it comes through a merge key (`<<`)")
    if len(parent.entries) == 1:
        return _replace_value(text, holder, parent, {})
    index, end = own.index(key), _entry_end(text, entry)
    start = entry.key_place.offset
    if parent.flow and index:
        return _cut(text, _entry_end(text, parent.entries[own[index - 1]]), end)
    if parent.flow:
        return _cut(text, start, parent.entries[own[1]].key_place.offset)
    if not text[_line_start(text, start) : start].strip():
        return _without_lines(text, start, end)
    # The first key of a list's item shares its line with the dash, which the next key takes over.
    following = parent.entries[own[1]].key_place.offset
    if text[_line_end(text, end) : following].strip():
        raise Impossible("a comment stands between it and what takes its place")
    return text[:start] + text[following:]


# --- items of lists -------------------------------------------------------------------------------------------------


def _changed_item(text: str, parent: SequenceNode, index: int, value: Any, holder: Entry | None) -> str:
    if isinstance(value, Insertion):
        if not parent.items:
            return _replace_value(text, holder, parent, [value.value])
        return _insert_item(text, parent, index, value.value)
    if value is not REMOVED:
        return _replace_span(text, parent.items[index], value)
    if len(parent.items) == 1:
        return _replace_value(text, holder, parent, [])
    return _remove_item(text, parent, index)


def _insert_item(text: str, parent: SequenceNode, index: int, value: Any) -> str:
    if parent.flow:
        if index:
            end = _end(text, parent.items[index - 1])
            return f"{text[:end]}, {inline(value)}{text[end:]}"
        start = parent.items[0].place.offset
        return f"{text[:start]}{inline(value)}, {text[start:]}"
    newline = _newline(text)
    lines = newline.join(item_lines([value], parent.place.column - 1))
    if index:
        line_end = _line_end(text, _end(text, parent.items[index - 1]))
        return text[:line_end] + newline + lines + text[line_end:]
    start = _line_start(text, _dash(text, parent, 0))
    return text[:start] + lines + newline + text[start:]


def _remove_item(text: str, parent: SequenceNode, index: int) -> str:
    item = parent.items[index]
    if parent.flow:
        if index:
            return _cut(text, _end(text, parent.items[index - 1]), _end(text, item))
        return _cut(text, item.place.offset, parent.items[1].place.offset)
    dash = _dash(text, parent, index)
    if text[_line_start(text, dash) : dash].strip():
        raise Impossible("it shares its line with the list around it")
    return _without_lines(text, dash, max(dash + 1, _end(text, item)))


def _dash(text: str, parent: SequenceNode, index: int) -> int:
    """Where the dash of an item stands: the parser reports where its content does."""
    dash = parent.place.offset
    marker = re.compile(rf"^ {{{parent.place.column - 1}}}-(?=\s|\Z)", re.MULTILINE)
    for before in parent.items[:index]:
        found = marker.search(text, max(dash + 1, _end(text, before)))
        if found is None:
            raise Impossible
        dash = found.end() - 1
    if text[dash] != "-":
        raise Impossible
    return dash


# --- places in the text ---------------------------------------------------------------------------------------------


def _cut(text: str, start: int, end: int) -> str:
    if "#" in text[start:end]:
        raise Impossible("a comment stands beside it inside the brackets")
    return text[:start] + text[end:]


def _without_lines(text: str, start: int, end: int) -> str:
    line_end = _line_end(text, end)
    return text[: _line_start(text, start)] + text[min(len(text), line_end + len(_newline(text))) :]


def _entry_end(text: str, entry: Entry) -> int:
    end = _end(text, entry.node)
    return text.index(":", entry.key_end) + 1 if end == entry.key_end else end


def _end(text: str, node: Node) -> int:
    """Where the node's own text ends: a block's end as parsers report it lies beyond comments that follow."""
    if isinstance(node, MappingNode) and not node.flow and node.entries:
        return _entry_end(text, max(node.entries.values(), key=_own_offset))
    if isinstance(node, SequenceNode) and not node.flow and node.items:
        return _end(text, node.items[-1])
    # A literal block (`|`) ends where the next line begins.
    end = node.end
    while isinstance(node, ScalarNode) and end > node.place.offset and text[end - 1] in "\r\n":
        end -= 1
    return end


def _own_offset(entry: Entry) -> int:
    return -1 if entry.inherited else entry.key_place.offset


def _is_block(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and not node.flow


def _trailing_comment(text: str, end: int) -> str:
    rest = text[end : _line_end(text, end)].rstrip()
    return rest if rest.lstrip().startswith("#") else ""


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1] == "\r" and end > offset else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
