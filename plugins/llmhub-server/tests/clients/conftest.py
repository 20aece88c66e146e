"""A real `llmhub serve` before a provider on loopback, and clients that others wrote, each in its own environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from llmhub.testing import ProviderServer

PROGRAMS = Path(__file__).with_name("programs")
CONFIG = """\
project: clients
providers:
  loopback: {{api_base: "{base}"}}
roles:
  chat: {{provider: loopback, model: gpt-4o-mini, fallbacks: [{{provider: loopback, model: gpt-4o}}]}}
  embed: {{provider: loopback, model: text-embedding-3-small, mode: embedding}}
  # simonw/llm embeds by the names of OpenAI's models alone; a role may have any name.
  text-embedding-3-small: {{provider: loopback, model: text-embedding-3-small, mode: embedding}}
"""


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the gateway is and a key that it takes, as environment variables."""
    folder = tmp_path_factory.mktemp("gateway")
    environ = {**os.environ, "LLMHUB_CACHE_DIR": str(folder / "cache"), "LLMHUB_OFFLINE": "1"}
    with ProviderServer() as provider:
        (folder / "llmhub.yaml").write_text(CONFIG.format(base=provider.openai_base), encoding="utf-8")
        llmhub = [sys.executable, "-m", "llmhub", "--project", str(folder)]
        made = subprocess.run(
            [*llmhub, "serve", "keys", "add", "tests", "--role", "*"],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        key = re.search(r"\S{30,}", made.stdout)
        assert key is not None, made.stdout
        port = _free_port()
        server = subprocess.Popen([*llmhub, "serve", "--port", str(port)], env=environ, stdout=subprocess.PIPE)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/v1/models", server)
            yield {"GATEWAY": url, "GATEWAY_KEY": key[0]}
        finally:
            server.terminate()
            assert server.wait(20) == 0
            assert server.stdout is not None
            server.stdout.close()


Run = Callable[[str, str], dict[str, Any]]


@pytest.fixture
def run(gateway: dict[str, str], tmp_path: Path) -> Run:
    """`run(program, interpreter)`: what a client's program found, as it printed it.

    The interpreter comes from the variable of that name, which `nox -s clients` sets.
    """

    def run(program: str, interpreter: str) -> dict[str, Any]:
        command = os.environ.get(interpreter)
        if command is None:
            if os.environ.get("CI"):
                pytest.fail(f"{interpreter} names no interpreter; `nox -s clients` sets it")
            pytest.skip(f"{interpreter} names no interpreter with that client: `nox -s clients` makes one")
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            **gateway,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LLM_USER_PATH": str(tmp_path),
            "HOME": str(tmp_path),
        }
        if modules := os.environ.get(f"{interpreter}_MODULES"):
            # Node looks for packages beside the program, whatever the working directory.
            (tmp_path / "node_modules").symlink_to(modules)
        done = subprocess.run(
            [command, shutil.copy(PROGRAMS / program, tmp_path)],
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert server.poll() is None, f"llmhub serve ended with {server.returncode}"
        try:
            if httpx.get(url).status_code in (200, 401):
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer within 30 s")
