"""What is wrong with a user's file, and where."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Problem:
    """One fault in one file, told so that it can be mended without looking anything up.

    `line` and `column` count from 1, as editors do; 0 when the values came from memory and not from a file.
    `path` is the dotted place in the document.
    `expected` is a noun phrase ("one of low, medium, high"); `suggestion` the nearest valid name.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    found: str | None = None
    expected: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f". Did you mean {self.suggestion!r}?"
        return text
