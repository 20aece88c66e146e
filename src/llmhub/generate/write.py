"""Puts a generated file in its place."""

from __future__ import annotations

from pathlib import Path

from llmhub.config.files import read_text, replace_text

__all__ = ["present_text"]


def present_text(path: Path) -> str | None:
    """The text of the file that is to be replaced, line ends as they are; `None` when there is none.

    Raises:
        ConfigError: it cannot be read.
    """
    return read_text(path, "") if path.exists() else None


def write(path: Path, before: str | None, text: str) -> bool:
    """Write *text* to *path*, whole or not at all, where *before* was read or no file was (`None`).

    Returns whether anything changed; an equal file is left alone.

    Raises:
        ConfigError: somebody changed the file meanwhile; or it, or its folder, may not be written.
    """
    if before == text:
        return False
    replace_text(path, before, text)
    return True
