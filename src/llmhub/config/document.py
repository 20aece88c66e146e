"""A parsed document: values that remember where in the file they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from attrs import define, evolve, field, frozen

from llmhub.config.faults import Fault, Path, looks_like_a_secret
from llmhub.records.problems import Problem

MAX_DEPTH = 100
"""Deeper nesting is a mistake or an attack; Python's own recursion limit lies at ten times this."""


class Place(NamedTuple):
    """`line` and `column` count from 1 and are 0 for a value that came from no file; `offset` counts characters."""

    line: int
    column: int
    offset: int


NOWHERE = Place(0, 0, 0)


@define
class ScalarNode:
    place: Place
    end: int
    value: Any
    size: int = 1


@define
class SequenceNode:
    place: Place
    end: int
    flow: bool
    items: list[Node] = field(factory=list)
    size: int = 1


@define
class Entry:
    """One key with its value. `inherited` through a merge key (`<<`), so that it stands elsewhere in the file."""

    key_place: Place
    key_end: int
    node: Node
    inherited: bool = False


@define
class MappingNode:
    place: Place
    end: int
    flow: bool
    entries: dict[str, Entry] = field(factory=dict)
    size: int = 1


@define
class AliasNode:
    """`*name`: stands at its own place, means the node that was anchored."""

    place: Place
    end: int
    target: Node
    size: int = 1


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode | AliasNode


@frozen(kw_only=True)
class Document:
    """A file's content with the problems that were found while reading it."""

    file: str
    root: MappingNode
    problems: tuple[Problem, ...] = ()

    @property
    def value(self) -> dict[str, Any]:
        """The content as plain dicts, lists, strings, numbers, booleans and `None`."""
        return {key: plain(entry.node) for key, entry in self.root.entries.items()}

    def key_place(self, path: Path) -> Place:
        """Where the last key of *path* stands; of its nearest ancestor when the document lacks it."""
        return self._places(path)[0]

    def value_place(self, path: Path) -> Place:
        """Where the value at *path* stands; that of its key when the value is empty or missing."""
        return self._places(path)[1]

    def problem(self, path: Path, fault: Fault) -> Problem:
        place = self.key_place(path) if fault.at_key else self.value_place(path)
        return Problem(
            file=self.file,
            line=place.line,
            column=place.column,
            path=dotted(path),
            message=fault.message,
            found=fault.found,
            expected=fault.expected,
            suggestion=fault.suggestion,
        )

    def _places(self, path: Path) -> tuple[Place, Place]:
        node: Node = self.root
        key_place = value_place = node.place
        for segment in path:
            inner = dereferenced(node)
            if isinstance(inner, MappingNode) and segment in inner.entries:
                entry = inner.entries[str(segment)]
                key_place, node = entry.key_place, entry.node
            elif isinstance(inner, SequenceNode) and isinstance(segment, int) and segment < len(inner.items):
                node = inner.items[segment]
                key_place = node.place
            else:
                return key_place, key_place
            value_place = key_place if isinstance(node, ScalarNode) and node.value is None else node.place
        return key_place, value_place


def plain(node: Node) -> Any:
    """The node's content as plain Python values, without places."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return plain(node.target)


def dereferenced(node: Node) -> ScalarNode | SequenceNode | MappingNode:
    while isinstance(node, AliasNode):
        node = node.target
    return node


def overlaid(base: Node, over: Node) -> Node:
    """*over* laid upon *base*: mappings merge key by key, anything else replaces. Every value keeps its place.

    An empty value over a mapping says nothing, so the mapping stays.
    """
    lower, upper = dereferenced(base), dereferenced(over)
    if not isinstance(lower, MappingNode):
        return over
    if not isinstance(upper, MappingNode):
        return base if isinstance(upper, ScalarNode) and upper.value is None else over
    entries = dict(lower.entries)
    for key, entry in upper.entries.items():
        below = entries.get(key)
        entries[key] = evolve(entry, node=overlaid(below.node, entry.node)) if below else entry
    return evolve(lower, entries=entries)


def document_of(values: Mapping[str, Any], file: str) -> Document:
    """A document made of values in memory; its places are all `NOWHERE`."""
    problems: list[Problem] = []
    root = _node(values, (), file, problems)
    if not isinstance(root, MappingNode):
        problems.append(_nowhere(file, (), "found no mapping"))
        root = MappingNode(NOWHERE, 0, flow=False)
    return Document(file=file, root=root, problems=tuple(problems))


def dotted(path: Path) -> str:
    """`("roles", "llm.inference", "fallbacks", 0)` as `roles.llm.inference.fallbacks.0`; a key in it is not shown."""
    return ".".join("(not shown)" if looks_like_a_secret(str(segment)) else str(segment) for segment in path)


def _node(value: Any, path: Path, file: str, problems: list[Problem]) -> Node:
    if isinstance(value, Mapping | list | tuple) and len(path) > MAX_DEPTH:
        problems.append(_nowhere(file, path[:3], f"nested more than {MAX_DEPTH} levels deep"))
        return ScalarNode(NOWHERE, 0, None)
    if isinstance(value, Mapping):
        mapping = MappingNode(NOWHERE, 0, flow=False)
        for key, item in value.items():
            if not isinstance(key, str):
                problems.append(_nowhere(file, path, f"a key is a {type(key).__name__}; keys must be text"))
            else:
                mapping.entries[key] = Entry(NOWHERE, 0, _node(item, (*path, key), file, problems))
        return mapping
    if isinstance(value, list | tuple):
        items = [_node(item, (*path, index), file, problems) for index, item in enumerate(value)]
        return SequenceNode(NOWHERE, 0, flow=False, items=items)
    return ScalarNode(NOWHERE, 0, value)


def _nowhere(file: str, path: Path, message: str) -> Problem:
    return Problem(file=file, line=0, column=0, path=dotted(path), message=message)
