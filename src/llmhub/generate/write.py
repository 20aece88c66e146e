"""Puts a generated file in its place."""

from __future__ import annotations

from pathlib import Path

from llmhub.config.files import write_atomically


def write(path: Path, text: str) -> bool:
    """Write *text* to *path*, whole or not at all. Returns whether anything changed; an equal file is left alone.

    Raises:
        ConfigError: the folder is missing, full or may not be written.
    """
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_atomically(path, text)
    return True
