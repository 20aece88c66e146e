"""Fuzz targets: files that people write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmhub.anyllm.providers import PROVIDERS
from llmhub.builtin.overrides.entries import read_entries
from llmhub.catalog.user_files import read_yaml
from llmhub.config.converter import unstructure
from llmhub.config.document import MappingNode, ScalarNode
from llmhub.config.edit import REMOVED, edit
from llmhub.config.emit import dump_document
from llmhub.config.env_file import example_with, load_env_file, load_named_env_file, variables_in
from llmhub.config.load import load_config, load_measurements, load_spec, structure_config, structure_spec
from llmhub.config.yaml import read_document
from llmhub.errors import ConfigError, InvalidFileError


def spec(content: bytes, folder: Path) -> None:
    """A `llmhub.spec.yaml` is read, or refused with its problems; what was read means the same when it is written."""
    file = _written(folder / "llmhub.spec.yaml", content)
    try:
        read = load_spec(file, known_providers=PROVIDERS)
    except ConfigError as error:
        _readable(error)
        return
    again = structure_spec(_through_text(unstructure(read)), known_providers=PROVIDERS)
    assert repr(again) == repr(read)


def config(content: bytes, folder: Path) -> None:
    """The same for a `llmhub.yaml`."""
    file = _written(folder / "llmhub.yaml", content)
    try:
        read = load_config(file, known_providers=PROVIDERS)
    except ConfigError as error:
        _readable(error)
        return
    again = structure_config(_through_text(unstructure(read)), known_providers=PROVIDERS)
    assert repr(again) == repr(read)


def measured(content: bytes, folder: Path) -> None:
    """A `llmhub.measured.yaml` is read, or refused with its problems."""
    try:
        load_measurements(_written(folder / "llmhub.measured.yaml", content))
    except ConfigError as error:
        _readable(error)


def overrides(content: bytes, folder: Path) -> None:
    """An overrides file gives entries that make sense, and problems with their places."""
    try:
        entries, problems = read_entries(read_yaml(_written(folder / "overrides.yaml", content)))
    except ConfigError as error:
        _readable(error)
        return
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        str(problem).encode()
    for model, entry in entries.items():
        assert ":" in model
        price = entry.facts.price
        amounts = (price.input, price.output) if price else ()
        assert all(amount is not None and 0 <= amount < float("inf") for amount in amounts)
        assert all(tier in range(1, 6) for tier in entry.override.tiers.values())


CHANGES: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("project",), "another"),
    (("roles", "llm.inference", "description"), "A text: with # signs, 'quotes' and \"more\""),
    (("roles", "llm.inference", "preferences", "cost"), REMOVED),
    (("roles", "new.role"), {"kind": "chat", "preferences": {"quality": "high", "providers": ["openai"]}}),
    (("roles", "llm.inference"), REMOVED),
    (("defaults", "providers"), ["openai"]),
    (("defaults", "providers", 0), REMOVED),
    (("x-note",), [1, 1.0, True, None, "true", "1", "", "\u2028"]),
)


def editing(content: bytes, folder: Path) -> None:
    """An edit says what was asked for and leaves the text around a value as it was, or is refused in words.

    The first byte picks the change.
    """
    path, value = CHANGES[content[0] % len(CHANGES)] if content else CHANGES[0]
    try:
        text = content[1:].decode()
        before = read_document(text, "spec")
        after = edit(text, {path: value}, "spec")
    except UnicodeDecodeError:
        return
    except ConfigError as error:
        _readable(error)
        return
    _same_but_at(before.value, read_document(after, "spec").value, path, value)
    node: Any = before.root
    for segment in path:
        entry = node.entries.get(segment) if isinstance(node, MappingNode) else None
        if entry is None or entry.inherited:
            return
        node = entry.node
    if isinstance(node, ScalarNode) and isinstance(value, str):
        mark = len(text) - len(text.removeprefix("\ufeff"))
        assert after.startswith(text[: node.place.offset + mark].rstrip(" "))


def _same_but_at(before: Any, after: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Beside *path* nothing changed, and at *path* stands *value*."""
    if not path:
        assert repr(after) == repr(value)
        return
    head, rest = path[0], path[1:]
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        others = [{key: item for key, item in values.items() if key != head} for values in (before, after)]
        assert repr(others[0]) == repr(others[1])
        if value is REMOVED and not rest:
            assert head not in after
        elif head in after:
            _same_but_at(before.get(head), after[head], rest, value)


def env_file(content: bytes, folder: Path) -> None:
    """A `.env` sets variables of this process, or passes over what it cannot; named, it is refused in words."""
    file = _written(folder / ".env", content)
    before = dict(os.environ)
    try:
        added = load_env_file(folder, os.environ)
        assert {name: os.environ.get(name) for name in before} == before
        assert set(os.environ) == {*before, *added}
    finally:
        os.environ.clear()
        os.environ.update(before)
    try:
        assert set(load_named_env_file(file, dict(before))) <= {*added}
    except ConfigError as error:
        _readable(error)
    text = content.decode("utf-8", errors="replace")
    names = variables_in(text)
    if all(name.isidentifier() for name in names):
        assert {*names, "LLMHUB_WANTED"} == set(variables_in(example_with(text, [*names, "LLMHUB_WANTED"])))


def _through_text(values: Mapping[str, Any]) -> Any:
    return read_document(dump_document(values), "written").value


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def _readable(error: ConfigError) -> None:
    """What a user is told can be shown, and each problem has a place in the file."""
    str(error).encode()
    for problem in error.problems if isinstance(error, InvalidFileError) else ():
        assert problem.line >= 1
        assert problem.column >= 1
