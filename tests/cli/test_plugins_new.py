"""`llmhub plugins new`: what it writes and refuses. tests/end_to_end/test_new_plugins.py installs what it writes."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from llmhub.cli.new_plugin import KINDS, LONGEST_NAME, new_plugin
from llmhub.hookspecs import HOOKS_BY_KIND
from llmhub.host.entry_points import GROUPS

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(command_line: Callable[..., CompletedProcess[str]], tmp_path: Path) -> Run:
    return lambda *arguments: command_line(tmp_path, dict(os.environ), "plugins", "new", *arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plugin_of_every_kind_is_written_whole(kind: str, run: Run, tmp_path: Path) -> None:
    ended = run(kind, "price-list")
    assert (ended.returncode, ended.stderr) == (0, "")
    folder = tmp_path / f"llmhub-{kind}-price-list"
    package = folder.name.replace("-", "_")
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {
        ".gitignore",
        "README.md",
        "pyproject.toml",
        f"src/{package}/__init__.py",
        f"src/{package}/py.typed",
        "tests/test_installed.py",
        f"tests/test_{package}.py",
    }
    assert 'pip install . "llmhub[testing]" && pytest' in ended.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_templates_language_is_left_over(kind: str) -> None:
    for place, text in new_plugin(kind, "price-list").files.items():
        assert not re.search(r"\$\{\w+\}|\$\$", text), place
        if place.endswith(".py"):
            ast.parse(text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_entry_point_stands_in_the_group_of_its_hook(kind: str) -> None:
    project = tomllib.loads(new_plugin(kind, "price-list").files["pyproject.toml"])["project"]
    ((group, entries),) = project["entry-points"].items()
    assert KINDS[kind].hook in HOOKS_BY_KIND[GROUPS[group]]
    name = "price-list" if kind == "command" else "price_list"
    assert entries == {name: f"llmhub_{kind.replace('-', '_')}_price_list"}


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Price List", "price-list"),
        ("price_list", "price-list"),
        ("2fast", "fast"),
        ("-list", "list"),
        ("a" * (LONGEST_NAME + 1), "a" * LONGEST_NAME),
        ("../escape", "escape"),
        ("...", None),
        ("", None),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(
    name: str, proposed: str | None, run: Run, tmp_path: Path
) -> None:
    ended = run("source", "--", name)
    assert ended.returncode == 1
    assert f"{name!r} cannot name a plugin" in ended.stderr
    assert (f"Did you mean {proposed!r}?" in ended.stderr) == (proposed is not None)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_an_installed_plugin_has_is_refused_and_its_owner_named(run: Run, tmp_path: Path) -> None:
    ended = run("source", "models-dev")
    assert ended.returncode == 1
    assert "there is a plugin named 'models_dev' already, in llmhub" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_command_of_llmhub_is_refused(run: Run) -> None:
    ended = run("command", "doctor")
    assert ended.returncode == 1
    assert "`llmhub doctor` is there already" in ended.stderr


def test_a_folder_that_is_there_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "llmhub-source-price-list" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    ended = run("source", "price-list")
    assert ended.returncode == 1
    assert "is there already; take another name, or another folder with --into" in ended.stderr
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]


def test_it_is_written_into_another_folder_which_need_not_be_there(run: Run, tmp_path: Path) -> None:
    assert run("scorer", "loyal", "--into", "plugins/ours").returncode == 0
    assert (tmp_path / "plugins" / "ours" / "llmhub-scorer-loyal" / "pyproject.toml").is_file()


def test_a_folder_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("scorer", "loyal", "--into", "file/below")
    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr


def test_a_kind_that_is_none_is_a_mistake_of_use(run: Run) -> None:
    ended = run("sauce", "price-list")
    assert ended.returncode == 2
    assert "source" in ended.stderr
