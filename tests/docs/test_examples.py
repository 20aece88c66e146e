"""Every example in README and docs runs: YAML loads, Python answers, commands exist.

A Python example runs in a folder that holds the latest spec and configuration shown before it on the same page, with
the providers' public addresses turned to the loopback server by any-llm's own environment variables.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from llmhub.anyllm.providers import PROVIDER_NAMES
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
    def is_spec(self) -> bool:
        return "kind:" in self.text

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    return [Example(page, text.count("\n", 0, found.start()) + 1, found[1], found[2]) for found in FENCE.finditer(text)]


ALL = [example for page in PAGES for example in examples(page)]
YAML = [example for example in ALL if example.language == "yaml"]
PYTHON = [example for example in ALL if example.language == "python"]
COMMANDS = sorted(
    {(found, page.relative_to(ROOT)) for page in PAGES for found in COMMAND.findall(page.read_text(encoding="utf-8"))}
)


@pytest.mark.parametrize("example", YAML, ids=str)
def test_a_yaml_example_is_a_valid_file(example, tmp_path):
    path = tmp_path / ("llmhub.spec.yaml" if example.is_spec else "llmhub.yaml")
    path.write_text(example.text, encoding="utf-8")
    load = load_spec if example.is_spec else load_config
    assert load(path, known_providers=PROVIDER_NAMES).project


@pytest.mark.parametrize("example", PYTHON, ids=str)
def test_a_python_example_runs_and_prints(example, tmp_path, provider_server):
    for before in YAML:
        if before.page == example.page and before.line < example.line:
            name = "llmhub.spec.yaml" if before.is_spec else "llmhub.yaml"
            (tmp_path / name).write_text(before.text, encoding="utf-8")
    program = tmp_path / "example.py"
    program.write_text(example.text, encoding="utf-8")
    environment = {
        **os.environ,
        "OPENAI_API_KEY": "sk-loopback-0123456789",
        "ANTHROPIC_API_KEY": "sk-loopback-0123456789",
        "OPENAI_BASE_URL": provider_server.openai_base,
        "ANTHROPIC_BASE_URL": provider_server.anthropic_base,
    }
    ended = subprocess.run(
        [sys.executable, program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


@pytest.mark.parametrize(("command", "page"), COMMANDS, ids=lambda value: str(value))
def test_a_command_that_a_page_names_exists_with_its_options(command, page):
    words = re.sub(r"--(env|project) \S+", r"--\1", command.partition(" && ")[0]).split()[1:]
    path = [word for word in words if re.fullmatch(r"[a-z][a-z-]*", word)]
    options = [word for word in words if word.startswith("-")]
    known = subprocess.run(
        [sys.executable, "-m", "llmhub", *path[:2], "--help"], capture_output=True, text=True, check=False
    )
    if known.returncode == 2 and len(path) > 1:
        # The second word may be an argument: `plugins show NAME` has one, `init FOLDER` too.
        known = subprocess.run(
            [sys.executable, "-m", "llmhub", path[0], "--help"], capture_output=True, text=True, check=False
        )
    assert known.returncode == 0, known.stderr
    assert [option for option in options if option not in known.stdout] == []
