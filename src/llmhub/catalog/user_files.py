"""The files of users that a catalog source may ask for, read without it knowing how."""

from __future__ import annotations

from pathlib import Path

from llmhub.config.files import read_text
from llmhub.config.yaml import read_document
from llmhub.records.context import YamlFile


def read_yaml(path: Path) -> YamlFile:
    """The YAML file at *path*.

    Raises:
        ConfigError: it cannot be read; `InvalidFileError` when it is no YAML, or no mapping.
    """
    document = read_document(read_text(path, "Name one that is there, or remove the setting."), str(path))

    def place(of: tuple[str | int, ...]) -> tuple[int, int]:
        found = document.key_place(of)
        return found.line, found.column

    return YamlFile(file=str(path), value=document.value, place=place, problems=document.problems)
