"""Start-up is quick because it imports little, and private because it opens no connection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"any_llm", "pydantic", "httpx", "httpx2", "rich", "openai", "anthropic", "importlib.metadata"}
NOT_FOR_AN_IMPORT = {"asyncio", "cattrs", "ruamel", "click"}
HUB = "from llmhub import Hub"
CONFIG = """
project: my-app
env: dev
providers:
  openai: {env_key: OPENAI_API_KEY}
roles:
  llm.inference: {provider: openai, model: gpt-4o-mini, mode: chat, params: {temperature: 0.7}}
"""

WATCHED = """
import sys
before, network = set(sys.modules), []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        network.append(f"{event} {arguments[1:]}")
sys.addaudithook(watch)
try:
    exec(sys.argv.pop(1))
except SystemExit as ending:
    assert not ending.code, ending.code
import json
print("\\n" + json.dumps({"imported": sorted(set(sys.modules) - before), "network": network}))
"""


class Watched:
    """What a statement imported and reached for, when a fresh interpreter ran it."""

    def __init__(self, statement: str, folder: Path) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("LLMHUB_")}
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, statement],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**environ, "LLMHUB_CACHE_DIR": str(folder)},
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        self.output, _, seen = done.stdout.rstrip().rpartition("\n")
        self.imported: set[str] = set(json.loads(seen)["imported"])
        self.network: list[str] = json.loads(seen)["network"]

    def among(self, modules: set[str]) -> set[str]:
        return modules & (self.imported | {name.partition(".")[0] for name in self.imported})


def command(*arguments: str) -> str:
    return f"import runpy, sys; sys.argv = ['llmhub', *{arguments!r}]; runpy.run_module('llmhub', run_name='__main__')"


@pytest.mark.parametrize(
    "statement",
    [
        "import llmhub",
        HUB,
        command("--help"),
        command("--version"),
        f"{HUB}; Hub('llmhub.yaml').resolve('llm.inference')",
        "from llmhub.host import PluginHost; PluginHost.from_environment({}).plugins()",
    ],
    ids=["import", "hub", "help", "version", "resolve", "plugins"],
)
def test_starting_up_imports_nothing_heavy_and_opens_no_connection(tmp_path: Path, statement: str) -> None:
    (tmp_path / "llmhub.yaml").write_text(CONFIG)
    watched = Watched(statement, tmp_path)
    assert watched.among(HEAVY) == set()
    assert watched.network == []


@pytest.mark.parametrize("statement", ["import llmhub", HUB])
def test_importing_the_hub_imports_no_event_loop_and_no_reader_of_files(tmp_path: Path, statement: str) -> None:
    assert Watched(statement, tmp_path).among(NOT_FOR_AN_IMPORT) == set()


def test_importing_the_package_imports_nothing_but_itself(tmp_path: Path) -> None:
    imported = Watched("import llmhub", tmp_path).imported
    assert {name for name in imported if name.startswith("llmhub")} == {"llmhub"}


def test_help_and_version_say_what_they_should(tmp_path: Path) -> None:
    import llmhub

    assert "Usage: llmhub" in Watched(command("--help"), tmp_path).output
    assert llmhub.__version__ in Watched(command("--version"), tmp_path).output


def test_what_is_watched_for_would_be_seen(tmp_path: Path) -> None:
    statement = "import httpx, socket\ntry: socket.create_connection(('127.0.0.1', 9), timeout=1)\nexcept OSError: ..."
    watched = Watched(statement, tmp_path)
    assert watched.among(HEAVY) >= {"httpx"}
    assert any(event.startswith("socket.connect") for event in watched.network)
