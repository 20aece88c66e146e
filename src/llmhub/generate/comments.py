"""The comments of a YAML file, taken from one text and put into another that says the same or nearly so. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from attrs import field, frozen

from llmhub.config.document import Document, MappingNode, Node, Place, ScalarNode, SequenceNode
from llmhub.config.faults import Path


@frozen
class Comments:
    """Lines of comment (with their `#`) by the path of the key or item they stand above, or beside; and at the end."""

    above: Mapping[Path, tuple[str, ...]] = field(factory=dict)
    beside: Mapping[Path, str] = field(factory=dict)
    at_end: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.above or self.beside or self.at_end)


def comments_in(text: str, document: Document, without: Collection[str] = ()) -> Comments:
    """The comments of *text*, which was read as *document*; lines that are among *without* are left out.

    A comment on a line of its own belongs to the key below it, or, where it is indented further than that one, to the
    last key before it of its own indentation.
    """
    if "#" not in text:
        return Comments()
    anchors = sorted(_anchors(document.root, ()), key=lambda anchor: (anchor.place.offset, len(anchor.path)))
    above: dict[Path, list[str]] = {}
    beside: dict[Path, str] = {}
    at_end: list[str] = []
    for line in _commented_lines(text, document):
        if line.comment in without:
            continue
        after = next((anchor for anchor in anchors if anchor.place.line > line.number), None)
        before = [anchor for anchor in anchors if anchor.place.line <= line.number]
        same_line = next((anchor for anchor in before if anchor.place.line == line.number), None)
        if not line.alone:
            owner = same_line or (before[-1] if before else after)
            if owner is not None:
                known = beside.get(owner.path)
                beside[owner.path] = f"{known} {line.comment}" if known else line.comment
            continue
        level = [anchor for anchor in before if anchor.place.column == line.column]
        if level and (after is None or line.column > after.place.column) and line.column > 1:
            above.setdefault(level[-1].path, []).append(line.comment)
        elif after is not None:
            above.setdefault(after.path, []).append(line.comment)
        else:
            at_end.append(line.comment)
    return Comments({path: tuple(lines) for path, lines in above.items()}, beside, tuple(at_end))


def with_comments(text: str, document: Document, comments: Comments) -> str:
    """*text*, which reads as *document*, with *comments* at their places.

    A comment on a key that is there no longer goes to what held the key; one on a role or provider that is gone, or on
    a section, goes with it.
    """
    if not comments:
        return text
    lines = text.removesuffix("\n").split("\n")
    places = {anchor.path: anchor.place.line for anchor in _anchors(document.root, ())}
    inserted: dict[int, list[str]] = {}
    for path, remarks in comments.above.items():
        line = _surviving(path, places)
        if line is not None:
            indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
            inserted.setdefault(line, []).extend(f"{indent}{remark}" for remark in remarks)
    for path, remark in comments.beside.items():
        line = _surviving(path, places)
        if line is not None:
            lines[line - 1] += f"  {remark}"
    woven = [one for number, line_text in enumerate(lines, start=1) for one in (*inserted.get(number, ()), line_text)]
    return "\n".join([*woven, *comments.at_end]) + "\n"


class _Anchor(NamedTuple):
    path: Path
    place: Place


class _Line(NamedTuple):
    number: int
    column: int
    comment: str
    alone: bool


def _anchors(node: Node, path: Path) -> Iterator[_Anchor]:
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            if not entry.inherited:
                yield _Anchor((*path, key), entry.key_place)
                yield from _anchors(entry.node, (*path, key))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.items):
            yield _Anchor((*path, index), item.place)
            yield from _anchors(item, (*path, index))


def _surviving(path: Path, places: Mapping[Path, int]) -> int | None:
    """The line of *path*, else of the nearest that held it; a section as a whole takes in nothing."""
    if path in places:
        return places[path]
    return next((places[path[:end]] for end in range(len(path) - 1, 1, -1) if path[:end] in places), None)


def _commented_lines(text: str, document: Document) -> Iterator[_Line]:
    """Every line with a comment. A `#` within a key or a value is none."""
    spans = sorted(_spans(document.root))
    starts = [start for start, _ in spans]
    offset = 0
    for number, line in enumerate(text.split("\n"), start=1):
        at = line.find("#")
        while at >= 0:
            within = bisect_right(starts, offset + at) - 1
            if (at == 0 or line[at - 1] in " \t") and (within < 0 or spans[within][1] <= offset + at):
                yield _Line(number, at + 1, line[at:].rstrip(), not line[:at].strip())
                break
            at = line.find("#", at + 1)
        offset += len(line) + 1


def _spans(node: Node) -> Iterator[tuple[int, int]]:
    if isinstance(node, ScalarNode):
        yield node.place.offset, node.end
    elif isinstance(node, MappingNode):
        for entry in node.entries.values():
            if not entry.inherited:
                yield entry.key_place.offset, entry.key_end
                yield from _spans(entry.node)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _spans(item)
