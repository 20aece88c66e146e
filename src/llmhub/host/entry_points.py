"""Which plugins the installed distributions name, found without importing anything.

This does what `importlib.metadata.entry_points` does for the folders on `sys.path`, for our groups alone. It is written
out because importing importlib.metadata costs about three times a whole `python -c pass`, and `llmhub --help` needs
the names of commands. Distributions inside zip archives and old `.egg` folders are not looked into.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from llmhub.records.plugins import PluginKind

GROUPS: dict[str, PluginKind] = {
    "llmhub.catalog": "catalog",
    "llmhub.generate": "generate",
    "llmhub.call": "call",
    "llmhub.commands": "commands",
    "llmhub.doctor": "doctor",
}
"""Entry-point group to the kind of plugin it holds."""


class EntryPoint(NamedTuple):
    """One line of a distribution's entry points: `name = module:attribute [extras]` in the group of a kind.

    A tuple rather than an attrs class, so that listing commands does not pay for importing attrs.
    """

    kind: PluginKind
    name: str
    value: str
    distribution: str
    version: str


def entry_points(path: Sequence[str]) -> tuple[EntryPoint, ...]:
    """The entry points of our groups in the distributions on *path* (as `sys.path`), in the order of *path*.

    Of several distributions with the same normalised name the first wins, as it does for imports. A distribution that
    cannot be read is passed over.
    """
    seen: set[str] = set()
    found: list[EntryPoint] = []
    for folder in dict.fromkeys(path):
        for entry in _metadata_folders(folder):
            name = normalised(_name_and_version_in(entry.name)[0])
            if name not in seen:
                seen.add(name)
                found.extend(_entry_points_of(entry))
    return tuple(found)


def normalised(name: str) -> str:
    """A distribution's name in the form in which two spellings of it are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _metadata_folders(folder: str) -> Sequence[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as entries:
            return [entry for entry in entries if entry.name.lower().endswith((".dist-info", ".egg-info"))]
    except OSError:
        return ()


def _name_and_version_in(folder_name: str) -> tuple[str, str]:
    name, _, version = folder_name.rpartition(".")[0].partition("-")
    return name, version.partition("-")[0]


def _entry_points_of(folder: os.DirEntry[str]) -> Iterator[EntryPoint]:
    text = _read(f"{folder.path}/entry_points.txt")
    if "[llmhub." not in text:
        return
    ours = [(GROUPS[group], name, value) for group, name, value in _sections(text) if group in GROUPS]
    if ours:
        distribution, version = _name_and_version(folder)
        for kind, name, value in ours:
            yield EntryPoint(kind, name, value, distribution, version)


def _read(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as stream:  # noqa: PTH123 - pathlib would be half the time of the scan
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return ""


def _sections(text: str) -> Iterator[tuple[str, str, str]]:
    group = ""
    for line in map(str.strip, text.splitlines()):
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            group = line.strip("[]")
            continue
        name, equals, value = line.partition("=")
        if equals and name.strip():
            yield group, name.strip(), value.strip()


def _name_and_version(folder: os.DirEntry[str]) -> tuple[str, str]:
    headers: dict[str, str] = {}
    text = _read(f"{folder.path}/METADATA") or _read(f"{folder.path}/PKG-INFO")
    for line in text.splitlines():
        if not line:
            break
        key, colon, value = line.partition(":")
        if colon:
            headers.setdefault(key.lower(), value.strip())
    name, version = _name_and_version_in(folder.name)
    return headers.get("name", name), headers.get("version", version)
