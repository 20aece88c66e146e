"""What `llmhub catalog` prints on a terminal: nothing runs over its edge, whatever its width."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

COMMANDS = [
    ("show", "--provider", "bedrock"),
    ("show", "--provider", "openai", "--sort", "price", "--tag", "tools"),
    ("search", "gpt", "mini"),
    ("info", "openai:gpt-4.1"),
    ("explain", "openai:gpt-4.1"),
    ("sources",),
    ("--help",),
]


def on_terminal(width: int, environment: dict[str, str], *arguments: str) -> str:
    """What a terminal of *width* columns shows of `llmhub ARGUMENTS`, without colours."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"TERM": "xterm-256color", **environment, "COLUMNS": str(width)},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(mine, 65_536)
        except OSError:  # Linux says so when the other end has closed
            break
        if not part:
            break
        shown += part
    os.close(mine)
    assert process.wait(timeout=30) == 0, shown.decode()
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A catalog built from the facts that ship with LLM Hub."""
    folder: Path = tmp_path_factory.mktemp("catalog")
    inherited = {name: value for name, value in os.environ.items() if name != "TERM" and name[:7] != "LLMHUB_"}
    environ = {**inherited, "LLMHUB_CACHE_DIR": str(folder), "LLMHUB_OFFLINE": "1"}
    subprocess.run([sys.executable, "-m", "llmhub", "catalog", "refresh"], env=environ, capture_output=True, check=True)
    return environ


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(environment, arguments, width):
    shown = on_terminal(width, environment, "--quiet", "catalog", *arguments)  # warnings are left to the terminal
    assert shown.strip()
    assert max(map(len, shown.splitlines())) <= width


def test_a_terminal_without_colours_is_as_wide_as_it_says(environment):
    plain = {**environment, "TERM": "dumb"}
    wide = on_terminal(200, plain, "--quiet", "catalog", "show", "--provider", "openai")
    assert "Too narrow" not in wide
    assert re.search(r"^model .* tags$", wide, re.MULTILINE)


def test_the_name_of_a_field_is_never_broken(environment):
    narrow = on_terminal(80, environment, "--quiet", "catalog", "info", "openai:gpt-4.1")
    assert re.search(r"^price_reasoning_per_million +- ", narrow, re.MULTILINE)


def test_a_narrow_terminal_does_without_columns_and_says_which(environment):
    narrow = on_terminal(80, environment, "--quiet", "catalog", "show", "--provider", "openai")
    wide = on_terminal(200, environment, "--quiet", "catalog", "show", "--provider", "openai")
    assert "Too narrow here for: tags" in narrow
    assert "Too narrow" not in wide
    assert re.search(r"^openai:gpt-4\.1 +1047576 +\$2\.00 +\$8\.00", narrow, re.MULTILINE)


def test_a_refresh_shows_the_progress_of_each_source(environment, tmp_path):
    shown = on_terminal(100, environment | {"LLMHUB_CACHE_DIR": str(tmp_path)}, "catalog", "refresh")
    assert re.search(r"snapshot: \d+ records", shown)
