"""The page about serving is true: its programs run against a server, its table is the one in the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from llmhub import errors
from llmhub_server.gateway import OPERATIONS
from llmhub_server.gateway.problem import TABLE
from llmhub_server.gateway.roles import ROUTES

PAGE = (Path(__file__).parents[3] / "docs/how-to/serve.md").read_text(encoding="utf-8")
PLACE = "http://127.0.0.1:8080"
NOT_SHOWN = {errors.CallError, errors.HubError}
"""Rows for classes that nobody raises as such."""


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def url(project, started, provider_server):
    [config] = examples("yaml")
    (project.folder / "llmhub.yaml").write_text(config, encoding="utf-8")
    environ = {
        "OPENAI_API_KEY": "sk-loopback-0123456789",
        "ANTHROPIC_API_KEY": "sk-loopback-0123456789",
        "OPENAI_BASE_URL": provider_server.openai_base,
        "ANTHROPIC_BASE_URL": provider_server.anthropic_base,
    }
    return started(environ=environ).url


def test_the_programs_of_the_page_run(url, tmp_path):
    for number, text in enumerate(examples("py")):
        program = tmp_path / f"{number}.py"
        program.write_text(text.replace(PLACE, url), encoding="utf-8")
        ended = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        assert "You said: Hello" in ended.stdout


def test_the_commands_of_the_page_run_and_show_the_headers_it_names(url):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    [command] = examples("sh")
    ended = subprocess.run(["sh", "-c", command.replace(PLACE, url)], capture_output=True, text=True, timeout=60)
    assert "You said: Hello" in ended.stdout
    for name in ("role", "call-id", "target", "attempts", "cost"):
        assert f"x-llmhub-{name}: " in ended.stdout


@pytest.mark.parametrize("kind", [kind for kind in TABLE if kind not in NOT_SHOWN], ids=lambda kind: kind.__name__)
def test_the_page_tells_status_and_code_of_every_error(kind):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind.__name__}`"))
    assert f"`{TABLE[kind].code}`" in row
    if kind is not errors.AllTargetsFailed:
        assert f"| {TABLE[kind].status}" in row


def test_the_page_lists_every_route():
    assert {operation.path for operation in OPERATIONS} == set(ROUTES.values())
    assert all(f"| `POST {route}` |" in PAGE for route in ROUTES.values())
