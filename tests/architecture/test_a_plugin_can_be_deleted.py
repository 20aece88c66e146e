"""The test of a plugin architecture: delete a built-in and its entry-point line, and nothing else notices."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

DELETABLE = ["lmarena", "models_dev", "anyllm", "genai_prices", "sqlite_ledger", "otel"]


@pytest.fixture(params=DELETABLE)
def without(request, root: Path, tmp_path: Path) -> Path:
    """A copy of the package as if it had been installed without one of its built-ins."""
    name: str = request.param
    site = tmp_path / "site"
    shutil.copytree(root / "src" / "llmhub", site / "llmhub", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(site / "llmhub" / "builtin" / name)
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    shortened, lines = re.subn(rf'^\w+ = "llmhub\.builtin\.{name}"\n', "", text, flags=re.MULTILINE)
    assert lines == 1, "a built-in stands in one line of pyproject.toml"
    assert f"builtin.{name}" not in shortened.replace(f"builtin.{name}.* ->", ""), "and nothing else there names it"
    info = site / "llmhub-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: llmhub\nVersion: 0\n", encoding="utf-8")
    groups = tomllib.loads(shortened)["project"]["entry-points"]
    (info / "entry_points.txt").write_text(
        "\n".join(
            line
            for group, entries in groups.items()
            for line in (f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()), "")
        ),
        encoding="utf-8",
    )
    return site


def test_without_one_of_its_sources_a_catalog_is_built_and_models_are_chosen(without: Path, tmp_path: Path):
    (tmp_path / "llmhub.spec.yaml").write_text(
        "project: p\nproviders:\n  openai: {enabled: true}\nroles:\n  chat: {kind: chat}\n", encoding="utf-8"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(without),
        "LLMHUB_CACHE_DIR": str(tmp_path / "cache"),
        "LLMHUB_OFFLINE": "1",
    }
    for arguments in (["plugins"], ["catalog", "show", "--provider", "openai"], ["generate", "--yes"], ["roles"]):
        ended = subprocess.run(
            [sys.executable, "-m", "llmhub", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert "failed" not in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr


def test_no_other_module_imports_it(without: Path, package: Path):
    gone = next(
        path.name for path in (package / "builtin").iterdir() if not (without / "llmhub/builtin" / path.name).exists()
    )
    named = [
        path.relative_to(without)
        for path in without.rglob("*.py")
        if f"builtin.{gone}" in path.read_text(encoding="utf-8")
    ]
    assert named == []
