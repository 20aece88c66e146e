"""Every example in README and docs runs: YAML loads, Python answers, commands exist.

A Python example runs in a folder that holds the latest spec and configuration shown before it on the same page, with
the providers' public addresses turned to the loopback server by any-llm's own environment variables.

A console example is typed into a shell there, all those of a page one after the other. What follows a `$ ` line is what
must come of it on stdout, and of a command that fails on stderr, where `...` stands for anything.
"""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from attrs import field, frozen

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin.overrides.entries import read_entries
from llmhub.catalog.user_files import read_yaml
from llmhub.cli.root import llmhub
from llmhub.config.load import load_config, load_spec

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"`(llmhub(?: [^`]*)?)`")


@frozen
class Example:
    page: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        """The name of the file that a YAML example shows."""
        if self.text.startswith("models:"):
            return "llmhub.overrides.yaml"
        return "llmhub.spec.yaml" if "kind:" in self.text else "llmhub.yaml"

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    return [Example(page, text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in FENCE.finditer(text)]


ALL = [example for page in PAGES for example in examples(page)]
YAML = [example for example in ALL if example.language == "yaml"]
PYTHON = [example for example in ALL if example.language == "python"]
CONSOLE = [example for example in ALL if example.language == "console"]
TYPED = [
    (line.removeprefix("$ "), example.page.relative_to(ROOT))
    for example in ALL
    if example.language in ("", "console")
    for line in example.text.splitlines()
    if re.match(r"(\$ )?llmhub [a-z-]", line)
    and (example.language == "console" or "docs/reference" not in str(example.page))
]
COMMANDS = sorted(
    {(found, page.relative_to(ROOT)) for page in PAGES for found in COMMAND.findall(page.read_text(encoding="utf-8"))}
    | set(TYPED)
)
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@frozen
class Shell:
    """A terminal in one folder, on a machine with two keys, no network, and nothing of an earlier run."""

    folder: Path
    environ: dict[str, str] = field(factory=dict)

    def type(self, line: str) -> str:
        ended = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env={**os.environ, **self.environ},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
            check=False,
        )
        # Warnings about the network, which is not there, would stand before every answer.
        brought = ended.stdout + ended.stderr if ended.returncode else ended.stdout
        return brought.replace(f"{self.folder.resolve()}/", "")


@pytest.fixture
def environ(tmp_path, provider_server):
    return {
        "OPENAI_API_KEY": "sk-loopback-0123456789",
        "ANTHROPIC_API_KEY": "sk-loopback-0123456789",
        "OPENAI_BASE_URL": provider_server.openai_base,
        "ANTHROPIC_BASE_URL": provider_server.anthropic_base,
        "LLMHUB_CACHE_DIR": str(tmp_path / "cache"),
        "LLMHUB_OFFLINE": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


def write_yaml(example: Example, folder: Path) -> None:
    (folder / example.file).write_text(example.text, encoding="utf-8")


def typed_and_expected(text: str) -> list[tuple[str, str]]:
    """Each line after a `$ ` with the lines that must come of it."""
    return [(command, wanted) for command, _, wanted in (part.partition("\n") for part in text.split("$ ")[1:])]


@pytest.mark.parametrize("example", YAML, ids=str)
def test_a_yaml_example_is_a_valid_file(example, tmp_path):
    path = tmp_path / example.file
    path.write_text(example.text, encoding="utf-8")
    if example.file == "llmhub.overrides.yaml":
        entries, problems = read_entries(read_yaml(path))
        assert entries
        assert not problems
        return
    load = load_spec if example.file == "llmhub.spec.yaml" else load_config
    assert load(path, known_providers=PROVIDER_NAMES).project


@pytest.mark.parametrize("example", PYTHON, ids=str)
def test_a_python_example_runs_and_prints(example, tmp_path, environ):
    for before in YAML:
        if before.page == example.page and before.line < example.line:
            write_yaml(before, tmp_path)
    program = tmp_path / "example.py"
    program.write_text(example.text, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, program],
        cwd=tmp_path,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


@pytest.mark.parametrize("page", sorted({example.page for example in CONSOLE}), ids=lambda page: page.name)
def test_what_a_page_types_into_a_shell_brings_what_it_says(page, tmp_path, environ):
    folder = tmp_path / "shop"
    folder.mkdir()
    shell = Shell(folder, environ)
    for example in ALL:
        if example.page == page and example.language == "yaml":
            write_yaml(example, folder)
        if example.page != page or example.language != "console":
            continue
        for line, wanted in typed_and_expected(example.text):
            brought = shell.type(line)
            assert doctest.OutputChecker().check_output(wanted, brought, LOOSE), f"{example}: $ {line}\n{brought}"


@pytest.mark.parametrize(("command", "page"), COMMANDS, ids=lambda value: str(value))
def test_a_command_that_a_page_names_exists_with_its_options(command, page):
    # The group's own options stand before the command.
    words = re.sub(r"^llmhub( --(env|project) \S+)*", "", command.partition(" && ")[0]).split()
    found: click.Command = llmhub
    for word in words:
        if not isinstance(found, click.Group) or word.startswith("-"):
            break
        inner = found.get_command(click.Context(found), word)
        assert inner is not None or found is not llmhub, f"no command {word!r}"
        found = inner or found
    known = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)}
    asked = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert asked <= known | {"--help", "-h"}


def test_a_command_that_no_longer_exists_is_found():
    with pytest.raises(AssertionError, match="no command 'generat'"):
        test_a_command_that_a_page_names_exists_with_its_options("llmhub generat --yes", None)
    with pytest.raises(AssertionError):
        test_a_command_that_a_page_names_exists_with_its_options("llmhub generate --yess", None)
