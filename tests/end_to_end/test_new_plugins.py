"""A plugin of every kind as `llmhub plugins new` writes it: installed with pip, its tests run, its style checked."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from llmhub.cli.new_plugin import KINDS, LONGEST_NAME, new_plugin, write_plugin

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SHORT, LONG = "price-list", "-".join(["abcdefghi"] * 3)
"""An ordinary name, and one as long as may be: with it every line stays within its limit, too."""


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One of each kind; no two by one name, since all are installed together."""
    folder = tmp_path_factory.mktemp("new-plugins")
    return [write_plugin(new_plugin(kind, f"{kind}-x"), folder) for kind in KINDS]


@pytest.fixture(scope="module")
def python(distributions: list[Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of a fresh environment with all of them installed.

    What they and LLM Hub depend on is borrowed from the environment that runs the tests.
    """
    folder = tmp_path_factory.mktemp("new-plugins-venv") / "venv"
    venv.create(folder)
    paths = {"base": str(folder), "platbase": str(folder)}
    site_packages = Path(sysconfig.get_path("purelib", vars=paths))
    # With what lies in its own .pth files, so that an editable installation of LLM Hub counts.
    borrowed = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (site_packages / "borrowed.pth").write_text(borrowed)
    interpreter = str(Path(sysconfig.get_path("scripts", vars=paths)) / Path(sys.executable).name)
    # One backend for all instead of a fresh one for each: that is most of the time.
    for command in (
        ["hatchling>=1.25"],
        ["--no-deps", "--no-build-isolation", *map(str, distributions)],
    ):
        _succeed(sys.executable, "-m", "pip", "--python", interpreter, "install", "--no-compile", "--quiet", *command)
    return interpreter


def _succeed(*command: str, folder: Path | None = None) -> str:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("LLMHUB_", "PYTHON", "PYTEST"))
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environ, timeout=300)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_their_tests_pass(python: str, distributions: list[Path]) -> None:
    # In one process: to import LLM Hub nine times would take longer than all the tests.
    told = _succeed(
        *(
            python,
            "-m",
            "pytest",
            "-q",
            "-rA",
            "-W",
            "error",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            ".",
            "--import-mode=importlib",
        ),
        *(each.name for each in distributions),
        folder=distributions[0].parent,
    )
    for each in distributions:
        assert f"PASSED {each.name}/tests/test_installed.py::test_llm_hub_loads_it_without_a_complaint" in told
        assert told.count(f"PASSED {each.name}/tests/test_llmhub_") > 3
    assert "FAILED" not in told


@pytest.mark.parametrize("name", [SHORT, LONG])
def test_their_style_is_ruffs(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed, so their style is not looked at")
    assert len(name) <= LONGEST_NAME
    for kind in KINDS:
        folder = write_plugin(new_plugin(kind, name), tmp_path)
        _succeed(sys.executable, "-m", "ruff", "check", "--no-cache", ".", folder=folder)
        _succeed(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".", folder=folder)
