"""Reading YAML with the place of every key and value: the only home of ruamel.yaml.

Only its event parser is used. Events carry exact places, cost a fifth of what its node tree costs, and leave to us
what a configuration file may hold: no tags, no duplicate keys, bounded nesting and bounded aliases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from llmhub.config.document import (
    MAX_DEPTH,
    AliasNode,
    Document,
    Entry,
    MappingNode,
    Node,
    Place,
    ScalarNode,
    SequenceNode,
    dereferenced,
    dotted,
)
from llmhub.config.faults import Path, named, without_secrets
from llmhub.config.scalars import joined, resolved
from llmhub.config.syntax import explain
from llmhub.errors import InvalidFileError, nearest
from llmhub.records.problems import Problem

MAX_NODES = 500_000
"""Values in one document once aliases are followed: some twenty times a file of 1,000 roles."""

MAX_CHARACTERS = 2_000_000
"""Of one document: four times a file of 1,000 roles. The slower parser reads 30,000 in a second."""

SUGGESTED = 20
"""Problems that are told with what may have been meant; to compare each of thousands with thousands takes hours."""

_TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})


def parse_events(text: str) -> Iterator[Any]:
    """Events from the C parser where it is installed, from the one in Python where it is not."""
    from ruamel.yaml import YAML

    return iter(YAML(typ="safe", pure=False).parse(text))


def parse_events_in_python(text: str) -> Iterator[Any]:
    """The same events, some 25 times slower, from the parser that every platform has."""
    from ruamel.yaml import YAML

    return iter(YAML(typ="safe", pure=True).parse(text))


Parser: TypeAlias = Callable[[str], Iterator[Any]]


def read_document(text: str, file: str, parsers: Sequence[Parser] = (parse_events, parse_events_in_python)) -> Document:
    """Parse *text*, which came from *file* (a name for messages).

    Problems that leave the rest readable, such as duplicate keys, are in `Document.problems`. What one of the
    *parsers* refuses is tried with the next: the C parser knows an older YAML, in which `{model: llama3:8b}` and
    `{api_base: http://localhost}` are errors.

    Raises:
        InvalidFileError: the syntax is broken, or the document is empty or no mapping.
    """
    from ruamel.yaml.error import YAMLError

    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        raise _Reader(file).fatal(
            Place(1, 1, 0), (), f"the file has {len(text):,} characters", f"{MAX_CHARACTERS:,} at most"
        )
    problems: list[Problem] = []
    for parse in parsers:
        reader = _Reader(file)
        try:
            root = reader.read(parse(text))
        except YAMLError as error:
            line, column, message = explain(error, text)
            broken = Problem(file=file, line=line, column=column, path="", message=message)
            problems = [*reader.problems, broken]
        else:
            return Document(file=file, root=root, problems=tuple(reader.problems))
    raise InvalidFileError(file, problems)


class _Reader:
    """Builds nodes from events; one per document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.events: Iterator[Any] = iter(())

    def read(self, events: Iterator[Any]) -> MappingNode:
        self.events = (event for event in events if type(event).__name__ not in _STREAM_EVENTS)
        start = next(self.events, None)
        if start is None:
            raise self.fatal(Place(1, 1, 0), (), "the file is empty", "a mapping with at least `project`")
        root = self.node(start, ())
        # The next document would be merged by no one, and silently leaving it out would lose what it says.
        second = next(self.events, None)
        if second is not None:
            raise self.fatal(_place(second), (), "a second document starts here; remove the `---` line above it")
        mapping = dereferenced(root)
        if isinstance(mapping, MappingNode):
            return mapping
        if isinstance(mapping, ScalarNode) and mapping.value is None:
            raise self.fatal(Place(1, 1, 0), (), "the file is empty", "a mapping with at least `project`")
        kind = "a list" if isinstance(mapping, SequenceNode) else "a single value"
        raise self.fatal(mapping.place, (), f"the file holds {kind}", "a mapping (`key: value`)")

    def node(self, event: Any, path: Path) -> Node:
        if len(path) > MAX_DEPTH:
            raise self.fatal(_place(event), path[:3], f"nested more than {MAX_DEPTH} levels deep")
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self.alias(event, path)
        if event.anchor:
            self.anchors[event.anchor] = None
        node = (
            self.scalar(event, path)
            if kind == "ScalarEvent"
            else self.sequence(event, path)
            if kind == "SequenceStartEvent"
            else self.mapping(event, path)
        )
        if event.anchor:
            self.anchors[event.anchor] = node
        if node.size > MAX_NODES:
            raise self.fatal(node.place, path, f"aliases multiply this to more than {MAX_NODES:,} values")
        return node

    def scalar(self, event: Any, path: Path) -> ScalarNode:
        place, end = _place(event), event.end_mark.index
        if not event.implicit[0]:
            if event.tag not in _TEXT_TAGS and event.tag is not None:
                self.refuse_tag(event, path)
            return ScalarNode(place, end, self.text(event, path))
        try:
            return ScalarNode(place, end, resolved(event.value))
        except ValueError:
            self.problem(place, path, "a number with too many digits")
            return ScalarNode(place, end, event.value)

    def text(self, event: Any, path: Path) -> str:
        try:
            return joined(event.value)
        except ValueError:
            self.problem(_place(event), path, "half a character: escapes from \\ud800 to \\udfff stand in pairs only")
            return "\ufffd"

    def sequence(self, event: Any, path: Path) -> SequenceNode:
        self.refuse_tag(event, path)
        node = SequenceNode(_place(event), 0, bool(event.flow_style))
        for inner in self.events:
            if type(inner).__name__ == "SequenceEndEvent":
                node.end = inner.end_mark.index
                break
            item = self.node(inner, (*path, len(node.items)))
            node.items.append(item)
            node.size += item.size
        return node

    def mapping(self, event: Any, path: Path) -> MappingNode:
        self.refuse_tag(event, path)
        node = MappingNode(_place(event), 0, bool(event.flow_style))
        merged: list[MappingNode] = []
        seen: dict[str, Place] = {}
        for inner in self.events:
            if type(inner).__name__ == "MappingEndEvent":
                node.end = inner.end_mark.index
                break
            key = self.key(inner, path)
            value = self.node(next(self.events), (*path, key or "?"))
            if isinstance(value, ScalarNode) and value.place.offset == value.end:
                # The two parsers disagree where nothing stands; right after the key suits everyone.
                value.place, value.end = _end_place(inner), inner.end_mark.index
            node.size += value.size
            if key is None:
                continue
            place = _place(inner)
            if key in seen:
                message = f"{named(key)} is given twice, on line {seen[key].line} and on line {place.line}"
                self.problem(place, (*path, key), message, "one of them only")
                continue
            seen[key] = place
            if key == "<<" and inner.implicit[0]:
                merged.extend(self.merge_sources(value, path))
            else:
                node.entries[key] = Entry(place, inner.end_mark.index, value)
        for source in merged:
            for key, entry in source.entries.items():
                if key not in node.entries:
                    node.entries[key] = Entry(entry.key_place, entry.key_end, entry.node, inherited=True)
        return node

    def key(self, event: Any, path: Path) -> str | None:
        if type(event).__name__ == "ScalarEvent":
            if event.tag not in _TEXT_TAGS:
                self.refuse_tag(event, path)
            return self.text(event, path)
        message = "a key must be plain text; a template such as {{ name }} must be put in quotes"
        self.problem(_place(event), path, message)
        self.node(event, (*path, "?"))
        return None

    def merge_sources(self, value: Node, path: Path) -> list[MappingNode]:
        node = dereferenced(value)
        sources = node.items if isinstance(node, SequenceNode) else [value]
        for source in sources:
            if not isinstance(dereferenced(source), MappingNode):
                self.problem(source.place, (*path, "<<"), "only mappings can be merged", "an alias such as `*name`")
        return [inner for source in sources if isinstance(inner := dereferenced(source), MappingNode)]

    def alias(self, event: Any, path: Path) -> Node:
        name, place, end = event.anchor, _place(event), event.end_mark.index
        target = self.anchors.get(name)
        if target is not None:
            return AliasNode(place, end, target, target.size)
        if name in self.anchors:
            self.problem(
                place, path, without_secrets(f"*{name} stands inside what &{name} marks, so it would contain itself")
            )
        else:
            close = nearest(name, list(self.anchors)) if len(self.problems) < SUGGESTED else None
            self.problem(
                place, path, without_secrets(f"*{name} refers to nothing: no &{name} stands above it"), suggestion=close
            )
        return ScalarNode(place, end, None)

    def refuse_tag(self, event: Any, path: Path) -> None:
        if event.tag is not None:
            self.problem(
                _place(event), path, without_secrets(f"tags such as {event.tag} have no meaning here"), "plain YAML"
            )

    def problem(
        self, place: Place, path: Path, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        self.problems.append(
            Problem(
                file=self.file,
                line=place.line,
                column=place.column,
                path=dotted(path),
                message=message,
                expected=expected,
                suggestion=suggestion,
            )
        )

    def fatal(self, place: Place, path: Path, message: str, expected: str | None = None) -> InvalidFileError:
        self.problem(place, path, message, expected)
        return InvalidFileError(self.file, self.problems)


_STREAM_EVENTS = frozenset({"StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"})


def _place(event: Any) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1, mark.index)


def _end_place(event: Any) -> Place:
    mark = event.end_mark
    return Place(mark.line + 1, mark.column + 1, mark.index)
