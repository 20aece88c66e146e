"""`llmhub ui` before there is a page."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LLMHUB = (sys.executable, "-m", "llmhub")


def run(folder: Path, *arguments: str, program: tuple[str, ...] = LLMHUB) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "LLMHUB_CACHE_DIR": str(folder / "cache"), "LLMHUB_OFFLINE": "1"}
    return subprocess.run([*program, *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=100)


def test_a_port_that_is_taken_is_told_with_what_to_type(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run(tmp_path, "ui", "--no-open", "--port", str(port))
    assert ended.returncode == 1
    assert f"cannot listen on port {port}: address already in use" in ended.stderr
    assert "llmhub ui --port 0" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_that_is_none_of_a_gateway_is_told_with_what_one_looks_like(tmp_path) -> None:
    ended = run(tmp_path, "ui", "--no-open", "--gateway", "10.0.0.5:8080")
    assert ended.returncode == 2
    assert "--gateway" in ended.stderr
    assert "write it as http://10.0.0.5:8080" in " ".join(ended.stderr.split())


def test_without_nicegui_the_line_to_install_it_is_told(tmp_path) -> None:
    # A finder that denies the package stands for a machine on which it was never installed.
    denying = (
        "import sys, importlib.util as u; find = u.find_spec;"
        "u.find_spec = lambda name, *rest: None if name == 'nicegui' else find(name, *rest);"
        "from llmhub.cli import main; sys.argv = ['llmhub', 'ui', '--no-open']; main()"
    )
    ended = run(tmp_path, program=(sys.executable, "-c", denying))
    assert ended.returncode == 1
    assert "pip install 'llmhub-server[ui]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_help_imports_nothing_that_serves(tmp_path) -> None:
    looking = (
        "import sys; from llmhub.cli import main; sys.argv = ['llmhub', 'ui', '--help'];\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'nicegui', 'fastapi', 'uvicorn', 'starlette'} & set(sys.modules)))"
    )
    ended = run(tmp_path, program=(sys.executable, "-c", looking))
    assert "Show the catalog" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
def test_it_ends_at_once_when_it_is_told_to(serving, small_environ, project) -> None:
    with serving(project, small_environ) as server:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(20)
    assert "Traceback" not in "".join(server.told)
