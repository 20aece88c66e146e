"""The commands of this plugin, each run as a process before a provider that quotes keys.

Nothing they print, log, answer or write tells a key of the environment, one of `.env`, or one of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello"}]
PROVIDERS = {
    "openai": "OPENAI_API_KEY",
    "office": "OFFICE_KEY",
    "lab": "LAB_KEY",
    "accents": "ACCENT_KEY",
    "dotenv": "DOTENV_KEY",
}
WAYS = ("400", "401", "403", "404", "429", "500", "503", "cut", "body", "shape", "json", "stream", "event")
"""How the provider quotes the key; see `QuotingProvider`."""

ADDRESS = r"http://(127\.0\.0\.1|localhost):\d{4,5}\b"
"""Where a command listens; the mirror of models.dev, which is told of, too, is said to be at port 1."""

SPEC = """\
project: shop
providers:
  openai: {{env_key: OPENAI_API_KEY, api_base: "{url}/v1"}}
roles:
  llm.openai: {{kind: chat, description: answers}}
"""


def planting() -> ModuleType:
    """What the tests of the core's commands plant and search with."""
    place = Path(__file__).parents[3] / "tests" / "end_to_end" / "secrets" / "conftest.py"
    spec = importlib.util.spec_from_file_location("llmhub_planted_secrets", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLANTING = planting()
told = PLANTING.told


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project each of whose roles is answered by a provider that quotes keys in its own way."""
    provider = PLANTING.QuotingProvider()
    folder = tmp_path / "project"
    folder.mkdir()
    providers = "".join(
        f'  {name}: {{env_key: {variable}, api_base: "{provider.url}/v1"}}\n' for name, variable in PROVIDERS.items()
    )
    roles = "".join(
        f"  {name}.{way}: {{provider: {name}, model: quote-{way}, retry: {{attempts: 1}}, timeout: 5}}\n"
        for name in PROVIDERS
        for way in WAYS
    )
    roles += "  away: {provider: nowhere, model: m, retry: {attempts: 1}}\n"
    roles += "  keyless: {provider: unset, model: m, retry: {attempts: 1}}\n"
    providers += '  nowhere: {env_key: OFFICE_KEY, api_base: "http://127.0.0.1:1/v1"}\n'
    providers += '  unset: {env_key: NO_SUCH_KEY, api_base: "http://127.0.0.1:1/v1"}\n'
    text = f"project: shop\ncircuit: {{failures: 1000}}\nproviders:\n{providers}roles:\n{roles}"
    (folder / "llmhub.yaml").write_text(text, encoding="utf-8")
    (folder / "llmhub.spec.yaml").write_text(SPEC.format(url=provider.url), encoding="utf-8")
    lines = [f"{name}='{value}'" for name, value in PLANTING.IN_ENV_FILE.items()]
    (folder / ".env").write_text("\n".join([*lines, ""]), encoding="utf-8")
    yield folder
    provider.close()


def environ(project: Path) -> Mapping[str, str]:
    """The planted keys, and folders beside the project for all that is kept."""
    passed = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "PYTHONPATH") if name in os.environ}
    folders = {"HOME": "home", "LLMHUB_CACHE_DIR": "kept", "TMPDIR": "temporary"}
    for folder in folders.values():
        (project.parent / folder).mkdir(exist_ok=True)
    places = {name: str(project.parent / folder) for name, folder in folders.items()}
    addresses = {name: value for name, (value, _) in PLANTING.ADDRESSES.items()}
    return {**passed, **places, "LLMHUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1", **addresses, **PLANTING.KEYS}


def llmhub(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "llmhub", *arguments],
        cwd=project, env=environ(project), capture_output=True, encoding="utf-8", timeout=100,
    )  # fmt: skip


@contextlib.contextmanager
def running(project: Path, *arguments: str) -> Iterator[tuple[str, list[str]]]:
    """A command that serves: its address, and all it prints on either stream, which is whole once it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "llmhub", *arguments],
        cwd=project, env=environ(project), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    printed: list[str] = []
    begun = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line)
            if re.search(ADDRESS, line):
                begun.set()
        begun.set()

    listening = threading.Thread(target=listen)
    listening.start()
    try:
        assert begun.wait(60)
        found = re.search(ADDRESS, "".join(printed))
        assert found, printed
        yield found[0], printed
    finally:
        process.terminate()
        process.wait(60)
        listening.join(20)
        assert process.stdout is not None
        process.stdout.close()


def written(project: Path) -> dict[str, bytes]:
    """Every file that is there now, but `.env`, where keys belong."""
    return {
        str(path.relative_to(project.parent)): path.read_bytes()
        for path in project.parent.rglob("*")
        if path.is_file() and path.name != ".env"
    }


def secrets_in(texts: Mapping[str, bytes | str], *own: str) -> list[str]:
    """A line for each planted key that *texts* tell, and for each of a server's *own*."""
    lines = []
    for where, text in texts.items():
        lines += told(where, text)
        content = text if isinstance(text, bytes) else text.encode()
        lines += [f"{where} tells an access key" for key in own if key.encode() in content]
    return lines


def said(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.headers} {answer.text}"


def test_the_search_finds_what_it_is_for():
    key = PLANTING.KEYS["OPENAI_API_KEY"]
    assert secrets_in({"there": f"it was {key}", "not there": "nothing", "cut": key[10:22]}) != []
    assert secrets_in({"there": "own-key-0123"}, "own-key-0123") == ["there tells an access key"]


@pytest.mark.slow
def test_the_gateway_and_the_commands_for_its_keys_tell_no_secret(project: Path):
    allowing = [word for permission in ("calls", "catalog", "metrics") for word in ("--allow", permission)]
    added = llmhub(project, "serve", "keys", "add", "shop-frontend", "--role", "*", *allowing)
    assert added.returncode == 0, added.stderr
    key = added.stdout.strip()
    asked_of_keys = (
        ("list",),
        ("list", "--json"),
        ("show", "shop-frontend"),
        ("show", "shop-frontend", "--json"),
        ("show", "nobody"),
        ("add", "shop-frontend", "--role", "*"),
        ("add", "more", "--role", "*", "--expires", "yesterday"),
    )
    commands = {" ".join(words): llmhub(project, "serve", "keys", *words) for words in asked_of_keys}
    texts: dict[str, bytes | str] = {name: f"{ended.stdout}\n{ended.stderr}" for name, ended in commands.items()}
    assert not [name for name, text in texts.items() if "Traceback" in str(text)]
    texts["llmhub serve keys add on stderr"] = added.stderr
    with running(project, "serve", "--port", "0", "--access-log") as (url, printed):
        headers = {"authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            statuses = set()
            for role in [*(f"{name}.{way}" for name in PROVIDERS for way in WAYS), "away", "keyless", "unknown"]:
                for stream in (False, True):
                    asked = {"model": role, "messages": HELLO, "stream": stream}
                    answer = client.post("/v1/chat/completions", json=asked)
                    statuses.add(answer.status_code)
                    texts[f"{role}, stream {stream}"] = said(answer)
            asked = {"model": "office.401", "messages": HELLO, "max_tokens": 9}
            texts["messages"] = said(client.post("/v1/messages", json=asked))
            texts["no JSON"] = said(client.post("/v1/chat/completions", content=b"{"))
            texts["wrong key"] = said(client.post("/v1/chat/completions", headers={"authorization": f"Bearer {key}x"}))
            for path in ("/v1/models", "/metrics", "/readyz", "/openapi.json", "/v1/nothing"):
                texts[path] = said(client.get(path))
        assert {200, 404, 429, 500, 502} <= statuses
        assert str(texts["no JSON"]).startswith("400")
        assert str(texts["wrong key"]).startswith("401")
    texts["what llmhub serve printed"] = "".join(printed)
    assert "/v1/chat/completions" in "".join(printed)
    revoked = llmhub(project, "serve", "keys", "revoke", "shop-frontend")
    assert revoked.returncode == 0, revoked.stderr
    texts["llmhub serve keys revoke"] = revoked.stdout + revoked.stderr
    assert not secrets_in({**texts, **written(project)}, key)


@pytest.mark.slow
def test_the_page_tells_no_secret(project: Path):
    pytest.importorskip("nicegui", reason="the extra `ui` is not installed")
    texts: dict[str, bytes | str] = {}
    with running(project, "ui", "--port", "0", "--no-open") as (url, printed):
        for path in ("/", "/map", "/compare", "/spec", "/spend", "/nothing"):
            texts[path] = said(httpx.get(f"{url}{path}", timeout=60))
    assert [path for path, text in texts.items() if str(text).startswith("200")] == list(texts)[:5]
    texts["what llmhub ui printed"] = "".join(printed)
    assert not secrets_in({**texts, **written(project)})


@pytest.mark.slow
def test_the_tools_for_assistants_tell_no_secret(project: Path):
    pytest.importorskip("mcp", reason="the extra `mcp` is not installed")
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    log = project.parent / "mcp-stderr"
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "llmhub", "mcp"], cwd=str(project), env=dict(environ(project))
    )

    async def ask() -> list[Any]:
        with log.open("w", encoding="utf-8") as errors:
            async with Client(stdio_client(command, errlog=errors)) as client:
                listed = await client.list_tools()
                roles = await client.call_tool("list_roles", {})
                explained = await client.call_tool("explain_role", {"name": "llm.openai"})
                return [listed, roles, explained]

    answers = asyncio.run(asyncio.wait_for(ask(), 90))
    assert "search_models" in str(answers[0])
    texts = {f"answer {number}": str(answer) for number, answer in enumerate(answers)}
    assert not secrets_in({**texts, **written(project)})
