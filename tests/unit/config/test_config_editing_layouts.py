"""Whatever the layout of a file, an edit changes the lines of the value it is about, and no comment is lost."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from hypothesis import event, given, settings
from hypothesis import strategies as st

from llmhub.config.edit import REMOVED, edit
from llmhub.config.emit import inline
from llmhub.config.yaml import read_document
from llmhub.errors import ConfigError

Path = tuple[str | int, ...]
WORDS = ["x", "two words", "it's", 7, 0.5, True, None, "a: b", "é日本😀"]
NEW = st.just(REMOVED) | st.none() | st.integers(-9, 99) | st.sampled_from(["x", "yes", "a: b", "l1\nl2", "", "é"])


@frozen
class Line:
    """A line as a person wrote it, and the path of the value that stands on it or begins there."""

    text: str
    owner: Path
    is_comment: bool = False


class Author:
    """Writes documents in any layout: block and flow, quotes of each kind, blank lines, comments everywhere.

    With *anchors*, values are also named (`&a1`) and referred to (`*a1`).
    """

    def __init__(self, draw: Any, *, anchors: bool = False) -> None:
        self.draw = draw
        self.comments = 0
        self.anchors = 0 if anchors else None

    def block(self, indent: int, path: Path, levels: int) -> Iterator[Line]:
        for index in range(self.draw(st.integers(1, 3))):
            here = (*path, f"k{index}")
            yield from self.above(indent, here)
            yield from self.entry(f"{' ' * indent}k{index}:", indent, here, levels)

    def entry(self, head: str, indent: int, path: Path, levels: int) -> Iterator[Line]:
        kind = self.draw(st.sampled_from(["flow", "block", "list", "text"])) if levels else "flow"
        if kind == "flow":
            yield Line(f"{head} {self.named_or_shared()}{self.beside()}", path)
        elif kind == "text":
            yield Line(f"{head} |", path)
            yield Line(f"{' ' * (indent + 2)}- looks like: an item", path)
        else:
            yield Line(f"{head}{self.beside()}", path)
            if kind == "block":
                yield from self.block(indent + self.draw(st.sampled_from([1, 2, 4])), path, levels - 1)
            else:
                yield from self.items(indent + self.draw(st.sampled_from([0, 2])), path)

    def items(self, indent: int, path: Path) -> Iterator[Line]:
        for index in range(self.draw(st.integers(1, 3))):
            yield from self.above(indent, (*path, index))
            yield Line(f"{' ' * indent}- {self.flow(1)}{self.beside()}", (*path, index))

    def named_or_shared(self) -> str:
        way = "plain" if self.anchors is None else self.draw(st.sampled_from(["plain", "named", "shared"]))
        if way == "shared" and self.anchors:
            return f"*a{self.draw(st.integers(1, self.anchors))}"
        if way == "named":
            value = self.flow(2)
            self.anchors += 1
            return f"&a{self.anchors} {value}"
        return self.flow(2)

    def flow(self, levels: int) -> str:
        kind = self.draw(st.sampled_from(["word", "list", "mapping"])) if levels else "word"
        if kind == "word":
            return self.word()
        gap = self.draw(st.sampled_from([", ", ",  ", " , "]))
        inner = [self.flow(levels - 1) for _ in range(self.draw(st.integers(0, 3)))]
        if kind == "list":
            return f"[{gap.join(inner)}]"
        return f"{{{gap.join(f'k{index}: {word}' for index, word in enumerate(inner))}}}"

    def word(self) -> str:
        value = self.draw(st.sampled_from(WORDS))
        if not isinstance(value, str):
            return inline(value)
        escaped = value.replace("'", "''")
        return str(self.draw(st.sampled_from([inline(value), f"'{escaped}'", f'"{value}"'])))

    def above(self, indent: int, owner: Path) -> Iterator[Line]:
        if self.draw(st.booleans()):
            yield Line(f"{' ' * indent}{self.comment()}", owner, is_comment=True)
        if self.draw(st.integers(0, 4)) == 0:
            yield Line("", owner, is_comment=True)

    def beside(self) -> str:
        return f"  {self.comment()}" if self.draw(st.booleans()) else ""

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}: é 😀"


@st.composite
def changes(draw: Any, *, anchors: bool = False) -> tuple[list[Line], Path, Any]:
    """A document, a path in it, and what to put there."""
    lines = list(Author(draw, anchors=anchors).block(0, (), 3))
    content = read_document(text_of(lines), "f").value
    return lines, draw(st.sampled_from([path for path in paths_of(content) if path])), draw(NEW)


@given(changes() | changes(anchors=True))
@settings(max_examples=120)
def test_only_the_lines_of_the_changed_value_change(change):
    lines, path, value = change
    try:
        after = edit(text_of(lines), {path: value}).splitlines()
    except ConfigError:
        event("refused")
        return
    # Blank lines aside, which may go with an only child.
    # A value inside brackets shares its line; an only child that goes takes its parent's line along.
    line_of_value = path
    while line_of_value not in {line.owner for line in lines}:
        line_of_value = line_of_value[:-1]
    touched = [line for line in lines if not line.is_comment and line.owner[: len(line_of_value)] == line_of_value]
    touched += [line for line in lines if value is REMOVED and line.owner == path[:-1] and not line.is_comment]
    inside = [
        line for line in lines if line.is_comment and len(line.owner) > len(path) and line.owner[: len(path)] == path
    ]
    stays = [line.text for line in lines if line.text and line not in touched + inside]
    assert is_within(stays, after)


@given(changes() | changes(anchors=True))
@settings(max_examples=120)
def test_the_result_says_what_was_asked_for(change):
    lines, path, value = change
    expected = unshared(read_document(text_of(lines), "f").value)
    put(expected, path, value)
    try:
        after = edit(text_of(lines), {path: value})
    except ConfigError:
        return
    assert read_document(after, "f").value == expected


@given(changes() | changes(anchors=True))
@settings(max_examples=120)
def test_a_change_made_twice_is_the_same_as_made_once(change):
    lines, path, value = change
    try:
        once = edit(text_of(lines), {path: value})
    except ConfigError:
        return
    if value is REMOVED and isinstance(path[-1], int):
        return  # the next item has its number now
    assert edit(once, {path: value}) == once


@given(changes() | changes(anchors=True))
@settings(max_examples=120)
def test_line_ends_and_a_missing_last_one_stay_as_they_are(change):
    lines, path, value = change
    text = text_of(lines)
    try:
        after = edit(text, {path: value})
    except ConfigError:
        return
    assert edit(text.replace("\n", "\r\n"), {path: value}) == after.replace("\n", "\r\n")
    assert edit(text.removesuffix("\n"), {path: value}).removesuffix("\n") == after.removesuffix("\n")


ADDED = st.sampled_from(["x", 3, None, [1, "é"], {"kind": "chat", "preferences": {"cost": "low", "needs": ["tools"]}}])


@given(changes() | changes(anchors=True), ADDED)
@settings(max_examples=120)
def test_what_is_added_and_removed_again_leaves_every_byte(change, value):
    lines, path, _ = change
    text = text_of(lines)
    holder = read_document(text, "f").value
    for segment in path[:-1]:
        holder = holder[segment]
    if isinstance(holder, list):
        return
    added = (*path[:-1], "added")
    try:
        after = edit(text, {added: value})
    except ConfigError:
        event("refused")
        return
    assert edit(after, {added: REMOVED}) == text


def test_no_layout_is_refused_but_for_a_reason():
    """The properties above would hold, too, if everything were refused."""
    refusals = []

    @given(changes())
    @settings(max_examples=150, database=None, derandomize=True)
    def tried(change):
        lines, path, value = change
        try:
            edit(text_of(lines), {path: value})
        except ConfigError as refusal:
            refusals.append(str(refusal))

    tried()
    known = ("it is all that the file holds", "a comment inside would be lost")
    assert [refusal for refusal in refusals if not any(reason in refusal for reason in known)] == []


def text_of(lines: list[Line]) -> str:
    return "".join(f"{line.text}\n" for line in lines)


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths_of(item, (*path, key))


def put(content: Any, path: Path, value: Any) -> None:
    for segment in path[:-1]:
        content = content[segment]
    if value is REMOVED:
        del content[path[-1]]
    else:
        content[path[-1]] = value


def unshared(content: Any) -> Any:
    """*content* without the objects that aliases share."""
    if isinstance(content, dict):
        return {key: unshared(item) for key, item in content.items()}
    return [unshared(item) for item in content] if isinstance(content, list) else content


def is_within(these: list[str], among: list[str]) -> bool:
    """Whether *these* all stand in *among*, in this order."""
    remaining = iter(among)
    return all(any(line == other for other in remaining) for line in these)
