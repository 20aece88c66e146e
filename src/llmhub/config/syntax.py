"""Broken YAML in words that say what to do about it."""

from __future__ import annotations

import re
from typing import Any


def explain(error: Any, text: str) -> tuple[int, int, str]:
    """Line and column (from 1) of a parser's *error* in *text*, and what to tell the user."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _unprintable(text)
    line, column = mark.line + 1, mark.column + 1
    context = str(getattr(error, "context", None) or "")
    opened = getattr(error, "context_mark", None) or mark
    where = f"on line {opened.line + 1}, column {opened.column + 1}"
    lines = text.splitlines()
    rest = lines[mark.line][mark.column :] if mark.line < len(lines) else ""
    if "quoted scalar" in context:
        if "escape" in str(error.problem):
            return line, column, "unknown escape after a backslash; write it twice, or use single quotes"
        return opened.line + 1, opened.column + 1, "this quote is never closed"
    if rest.startswith("\t") or (rest.strip() and _indented_by_tab(lines[mark.line])):
        return line, column, "a tab; YAML indents with spaces only"
    if rest[:1] in ("@", "`", "%"):
        return line, column, f"a value cannot begin with {rest[0]!r}; put it in quotes"
    if "mapping values are not allowed" in str(error.problem):
        return line, column, "a second ': ' on this line; put the value in quotes, or begin a new line"
    if "flow sequence" in context:
        return line, column, f"expected ',' or ']' for the list opened {where}"
    if "flow mapping" in context:
        return line, column, f"expected ',' or '}}' for the mapping opened {where}"
    if "block mapping" in context:
        return line, column, f"this does not line up with the mapping that begins {where}; check the indentation"
    if "block collection" in context or "block sequence" in context:
        return line, column, f"this does not line up with the list that begins {where}; check the indentation"
    if "simple key" in context:
        return opened.line + 1, opened.column + 1, "this is no `key: value`: the ':' is missing"
    return line, column, f"broken YAML: {error.problem or 'it cannot be read from here on'}"


_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _unprintable(text: str) -> tuple[int, int, str]:
    # The parser gives only an offset here, in bytes or characters depending on which of the two it is.
    found = _FORBIDDEN.search(text)
    if found is None:
        return 1, 1, "characters that cannot stand in YAML"
    before = text[: found.start()]
    column = found.start() - (before.rfind("\n") + 1) + 1
    message = f"a character that cannot stand in YAML (code {ord(found[0]):#04x}); remove it"
    return before.count("\n") + 1, column, message


def _indented_by_tab(line: str) -> bool:
    return "\t" in line[: len(line) - len(line.lstrip())]
