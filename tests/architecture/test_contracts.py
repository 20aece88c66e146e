"""Who may import whom: import-linter's contracts in pyproject.toml hold, and each of them can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

LAYERS = "Rooms know only the rooms below them"
BUILTIN = "Nobody imports a built-in plugin"
STRANGER = "Built-in plugins are written as a stranger would write them"
ANYLLM = "Only the any-llm source may ask the any-llm room"
APART = "Built-in plugins do not know each other"

VIOLATIONS = [
    (LAYERS, "records/model.py", "import llmhub.host"),
    (LAYERS, "errors/base.py", "import llmhub.hookspecs"),
    (LAYERS, "host/host.py", "import llmhub.config"),
    (LAYERS, "spend/__init__.py", "import llmhub.calls"),
    (LAYERS, "catalog/__init__.py", "import llmhub.generate"),
    (LAYERS, "hub/life.py", "def late():\n    import llmhub.cli"),
    (LAYERS, "a_new_room.py", "'A room with no place in the layers.'"),
    (BUILTIN, "cli/root.py", "import llmhub.builtin.tiers"),
    (BUILTIN, "testing/__init__.py", "import llmhub.builtin.heuristic"),
    (STRANGER, "builtin/tiers/__init__.py", "import llmhub.catalog"),
    (STRANGER, "builtin/heuristic/__init__.py", "def late():\n    import llmhub.host"),
    (ANYLLM, "builtin/models_dev/__init__.py", "import llmhub.anyllm"),
    (APART, "builtin/tiers/__init__.py", "import llmhub.builtin.lmarena"),
]

Lint = Callable[[Path], str]


@pytest.fixture(scope="session")
def lint() -> Lint:
    def lint(folder: Path) -> str:
        """What import-linter says of the source tree in *folder*, on one line per contract."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
            timeout=100,
        )
        return done.stdout + done.stderr

    return lint


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the source tree to do wrong in."""
    shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def contracts(root: Path) -> list[str]:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def test_all_contracts_hold(root: Path, lint: Lint) -> None:
    said = lint(root)
    assert [f"{name} KEPT" for name in contracts(root) if f"{name} KEPT" not in said] == [], said


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_violation_is_noticed(copy: Path, lint: Lint, contract: str, module: str, line: str) -> None:
    with (copy / "src" / "llmhub" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    said = lint(copy)
    assert f"{contract} BROKEN" in said, said


def test_every_contract_has_a_violation_here(root: Path) -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(contracts(root))
