"""Each third-party library has a home: replacing it, or keeping it out of start-up, is a matter of one room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

HOMES = {
    "any_llm": ["anyllm/*"],
    "cattrs": ["config/converter.py"],
    "click": ["cli/*", "builtin/*/commands.py"],
    "filelock": ["catalog/lock.py"],
    "genai_prices": ["builtin/genai_prices/*", "spend/published.py"],
    "httpx": ["catalog/download.py"],
    "opentelemetry": ["builtin/otel/*"],
    "platformdirs": ["config/paths.py"],
    "pluggy": ["hookspecs.py", "host/*"],
    "rich": ["cli/render.py", "cli/render/*"],
    "ruamel": ["config/yaml.py"],
    "starlette": ["testing/*"],
    "uvicorn": ["testing/*"],
}
"""Library to the only files that may import it, inside functions or out. What is imported for types alone is free."""


@cache
def imported_libraries(source: str) -> set[str]:
    """The top-level packages that *source* imports anywhere when it runs."""
    return {name.partition(".")[0] for name in _imports(ast.parse(source))}


def strays(package: Path, library: str) -> list[str]:
    """The files of *package* that import *library* and are not its home."""
    return [
        file
        for file in sorted(path.relative_to(package).as_posix() for path in package.rglob("*.py"))
        if library in imported_libraries((package / file).read_text(encoding="utf-8"))
        and not any(fnmatch(file, home) for home in HOMES[library])
    ]


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        yield node.module
    elif isinstance(node, ast.Call) and _is_import_module(node.func) and node.args:
        if isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for child in node.orelse:
            yield from _imports(child)
        return
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def _is_import_module(function: ast.expr) -> bool:
    return ast.unparse(function) in ("importlib.import_module", "import_module", "__import__")


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_in_its_home_only(package: Path, library: str) -> None:
    assert strays(package, library) == []


@pytest.mark.parametrize("library", sorted(HOMES))
def test_an_import_anywhere_else_is_noticed(tmp_path: Path, library: str) -> None:
    (tmp_path / "stray.py").write_text(f"def late():\n    from {library}.deep import name\n")
    assert strays(tmp_path, library) == ["stray.py"]


@pytest.mark.parametrize(
    ("source", "libraries"),
    [
        ("import httpx", {"httpx"}),
        ("import httpx.client as h, rich", {"httpx", "rich"}),
        ("try:\n    from httpx import Client\nexcept ImportError: ...", {"httpx"}),
        ("class A:\n    def f(self):\n        import httpx", {"httpx"}),
        ("import importlib\nimportlib.import_module('httpx.client')", {"importlib", "httpx"}),
        ("if TYPE_CHECKING:\n    import httpx\nelse:\n    import rich", {"rich"}),
        ("from . import httpx", set()),
        ("'import httpx'", set()),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, libraries: set[str]) -> None:
    assert imported_libraries(source) == libraries
