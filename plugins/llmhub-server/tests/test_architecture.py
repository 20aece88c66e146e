"""The server is built on public names of LLM Hub alone, and each of its rooms on few libraries."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import llmhub_server

ROOT = Path(llmhub_server.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LONGEST = 400
PUBLIC = ("llmhub.errors", "llmhub.hookspecs", "llmhub.records", "llmhub.testing")
"""Whole packages that are promises; of all others only what stands in a module's `__all__`."""

HOMES = {"nicegui": ("page", "commands/ui.py"), "mcp": ("mcp_server", "commands/mcp.py")}
"""Libraries that an extra brings, and the only places that may import them."""


def imports(path: Path) -> Iterator[tuple[str, str | None]]:
    """Every module that a file imports, with each name that it takes out of it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, None) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, name.name) for name in node.names)


def is_public(module: str, name: str | None) -> bool:
    if module == "llmhub_server" or not (module == "llmhub" or module.startswith("llmhub.")):
        return True
    if any(module == package or module.startswith(f"{package}.") for package in PUBLIC):
        return name is None or not name.startswith("_")
    return name in getattr(importlib.import_module(module), "__all__", ())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_takes_only_public_names_of_the_core(path):
    assert [taken for taken in imports(path) if not is_public(*taken)] == []


def test_a_name_that_is_not_public_is_found():
    assert not is_public("llmhub.spend.writer", "BatchWriter")
    assert not is_public("llmhub.catalog", "_HOME")
    assert is_public("llmhub.records.config", "HubConfig")
    assert is_public("llmhub", "Hub")


@pytest.mark.parametrize("library", HOMES)
def test_what_an_extra_brings_is_imported_in_its_own_room_alone(library):
    users = {
        path.relative_to(ROOT) for path in MODULES for module, _ in imports(path) if module.split(".")[0] == library
    }
    assert users
    assert {str(user) for user in users if not str(user).startswith(HOMES[library])} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_enough_to_be_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
