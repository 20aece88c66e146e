"""A gateway on a real port, before a provider on another."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from attrs import frozen
from click.testing import CliRunner, Result

from llmhub.cli.root import llmhub
from llmhub.host import PluginHost
from llmhub.records.spending import LedgerEntry, SpendQuery
from llmhub.testing import ProviderServer
from llmhub.testing.running import listen
from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.observation.state import State
from llmhub_server.service import Service, serving_hub
from llmhub_server.settings import Settings


@frozen(kw_only=True, eq=False)
class Gateway:
    """A running server: its address, what it is made of, and the provider behind it."""

    url: str
    service: Service
    provider: ProviderServer

    @property
    def openai_base(self) -> str:
        return f"{self.url}/v1"

    def recorded(self, count: int = 1) -> list[LedgerEntry]:
        """The calls in the ledger, once there are *count*: it is written beside the calls."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with self.service.workspace.ledger(self.service.hub.config) as ledger:
                found = [entry for _, entry in ledger.entries(SpendQuery())]
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} calls are in the ledger, not {count}")


Serve = Callable[..., Gateway]

KEY = "sk-loopback-0123456789"
"""What the gateway shows to providers; none of its answers may."""


def role(model: str, **more: Any) -> dict[str, Any]:
    return {"provider": "loopback", "model": model, "retry": {"attempts": 1}, **more}


def roles() -> dict[str, Any]:
    """A role of every mode, each target tried once."""
    media = ("image", "speech", "transcription")
    return {
        "chat": role("gpt-4o-mini", fallbacks=[{"provider": "loopback", "model": "gpt-4o"}]),
        "alone": role("gpt-4o-mini"),
        "claude": role("claude-3-5-sonnet-20241022", provider="anthropic"),
        "embed": role("text-embedding-3-small", mode="embedding"),
        "moderation": role("moderation-1", mode="moderation"),
        "rerank": role("rerank-1", provider="cohere", mode="rerank"),
        **{mode: role(f"{mode}-1", provider="openai", mode=mode) for mode in media},
    }


def configuration(provider: ProviderServer, **more: Any) -> dict[str, Any]:
    """A project whose providers are all on loopback, whatever their names."""
    return {
        "project": "test",
        "providers": {
            "loopback": {"api_base": provider.openai_base},
            "openai": {"api_base": provider.openai_base},
            "anthropic": {"api_base": provider.anthropic_base},
            "cohere": {"api_base": provider.url},
        },
        "roles": roles(),
        "ledger": "none",
        **more,
    }


@pytest.fixture
def serve(provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """`serve()`, `serve(roles={...}, ledger="sqlite")`, `serve(settings=Settings(...))`: a gateway while the test runs.

    Its ledger and cache lie in `tmp_path / "cache"`.
    """
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMHUB_OFFLINE", "1")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "COHERE_API_KEY"):
        monkeypatch.setenv(name, KEY)
    running: list[_Running] = []

    def start(settings: Settings | None = None, **config: Any) -> Gateway:
        state = State()
        hub = serving_hub(configuration(provider_server, **config), _plugins(config), state)
        service = Service(hub=hub, workspace=Workspace(tmp_path), settings=settings or Settings(), state=state)
        server = _Running(service)
        running.append(server)
        return Gateway(url=server.url, service=service, provider=provider_server)

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def gateway(serve: Serve) -> Gateway:
    """A gateway with `roles`: `chat` with a fallback, `alone` without, `claude`, `embed`, one of each other mode."""
    return serve()


def _plugins(config: Mapping[str, Any]) -> PluginHost:
    """Those that are installed where a record is asked for, since a ledger is one of them; else none."""
    return PluginHost.from_environment({}) if "ledger" in config else PluginHost.empty()


class _Running:
    """A server on a thread and an event loop of its own."""

    def __init__(self, service: Service) -> None:
        self._listener = listen(0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        config = uvicorn.Config(
            application(service),
            log_config=None,
            access_log=False,
            ws="none",
            callback_notify=self._note_start,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)
        self._thread.start()
        self._started.result(20)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _note_start(self) -> None:
        if not self._started.done():
            self._started.set_result(None)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
                runner.run(self._server.serve(sockets=[self._listener]))
        except BaseException as problem:
            if self._started.done():
                raise
            self._started.set_exception(problem)
        finally:
            self._listener.close()


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """`httpx.get` reads all certificates of the machine, for 25 ms each time; no server of these tests speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


# --- servers as processes of their own ------------------------------------------------------------------------------


@frozen(kw_only=True, eq=False)
class Project:
    """A folder with a `llmhub.yaml`, and a folder for what LLM Hub keeps."""

    folder: Path
    kept: Path

    @property
    def environ(self) -> dict[str, str]:
        names = ("PATH", "HOME", "SYSTEMROOT", "PYTHONPATH")
        passed = {name: os.environ[name] for name in names if name in os.environ}
        return {**passed, "LLMHUB_CACHE_DIR": str(self.kept), "LLMHUB_OFFLINE": "1"}

    def write(self, config: Mapping[str, Any]) -> None:
        """Put *config* in the place of `llmhub.yaml`, in one step. JSON is YAML."""
        draft = self.folder / "draft"
        draft.write_text(json.dumps(config, indent=1), encoding="utf-8")
        draft.replace(self.folder / "llmhub.yaml")

    def command(self, *arguments: str) -> Result:
        """Run the command line here, in this process: one of its own takes a second longer."""
        environ = {**dict.fromkeys(os.environ), **self.environ}
        with contextlib.chdir(self.folder):
            return CliRunner().invoke(llmhub, arguments, env=environ)

    def llmhub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "llmhub", *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def new_key(self, *arguments: str) -> str:
        """Make a key, and return it."""
        made = self.command("serve", "keys", "add", *arguments)
        assert made.exit_code == 0, made.output
        return made.stdout.strip()


class Served:
    """`llmhub serve` as a process of its own."""

    def __init__(self, project: Project, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
        self.project = project
        self.log = project.folder / f"log-{time.monotonic_ns()}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "llmhub", "serve", "--port", "0", *arguments],
                cwd=project.folder,
                env={**project.environ, **(environ or {})},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        found = re.search(r"http://[^ ]+(?=/v1)", self.line)
        assert found, f"{self.line!r} {self.log.read_text()}"
        self.url = found[0]
        self.port = int(self.url.rpartition(":")[2])

    def workers(self) -> list[int]:
        """The processes that serve: children of the supervisor."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(number) for number in children.split()]

    def end(self) -> int:
        """Tell it to end, and wait until it has."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def project(provider_server: ProviderServer, tmp_path: Path) -> Project:
    """A project whose roles a provider on loopback serves; calls are recorded."""
    return make_project(provider_server, tmp_path)


def make_project(provider: ProviderServer, folder: Path, **config: Any) -> Project:
    made = Project(folder=folder / "project", kept=folder / "kept")
    made.folder.mkdir()
    made.write({**configuration(provider), "ledger": "sqlite", **config})
    return made


@pytest.fixture(scope="session")
def make(
    tmp_path_factory: pytest.TempPathFactory, provider_server_of_session: ProviderServer
) -> Callable[..., Project]:
    """`make()`, `make(circuit={...})`: another project, for servers that serve many tests."""
    return lambda **config: make_project(provider_server_of_session, tmp_path_factory.mktemp("served"), **config)


@pytest.fixture
def started(project: Project) -> Iterator[Callable[..., Served]]:
    """`started("--workers", "2")`: a server of `project`, which ends with the test."""
    running: list[Served] = []

    def start(*arguments: str, environ: Mapping[str, str] | None = None) -> Served:
        running.append(Served(project, *arguments, environ=environ))
        return running[-1]

    yield start
    for served in running:
        served.end()


@pytest.fixture(scope="module")
def start(make: Callable[..., Project]) -> Iterator[Callable[..., Served]]:
    """The same for all tests of a module, each with a project of its own."""
    running: list[Served] = []

    def begin(*arguments: str, **config: Any) -> Served:
        running.append(Served(make(**config), *arguments))
        return running[-1]

    yield begin
    for served in running:
        served.end()
