"""A small project in the shape of this one, in a git repository of its own."""

import subprocess
from pathlib import Path

import pytest

PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[project]
name = "llmhub"
dynamic = ["version"]

[tool.hatch.version]
path = "src/llmhub/__init__.py"
"""
PLUGIN = """\
[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[project]
name = "llmhub-extra"
version = "0.1.0"
"""


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "src" / "llmhub").mkdir(parents=True)
    (root / "plugins" / "llmhub-extra").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / "src" / "llmhub" / "__init__.py").write_text('"""A."""\n\n__version__ = "0.1.0"\n', encoding="utf-8")
    (root / "plugins" / "llmhub-extra" / "pyproject.toml").write_text(PLUGIN, encoding="utf-8")
    (root / ".gitignore").write_text(".env\n__pycache__/\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=first")
    return root
