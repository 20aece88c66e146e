"""Servers under attack, and sockets that say what no client library would."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub_server.process.listening import listen
from llmhub_server.process.worker import Order
from llmhub_server.settings import Settings

SHORT = Settings(
    max_body=100_000,
    max_bodies=300_000,
    max_calls=4,
    max_connections=20,
    head_timeout=1.5,
    body_timeout=1.5,
    read_timeout=2.0,
    access_log=True,
)
"""Small enough for a test to reach."""


class Worker:
    """A worker process with settings of one's own, without a supervisor."""

    def __init__(self, project: Any, settings: Settings) -> None:
        listener = listen("127.0.0.1", 0)
        self.project = project
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        mine, its = os.pipe()
        order = Order(start=str(project.folder), env=None, settings=settings, listener=listener.fileno(), life=its)
        self.log = project.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "llmhub_server.process.worker"],
                stdin=subprocess.PIPE,
                stderr=log,
                env=project.environ,
                pass_fds=(listener.fileno(), its),
            )
        os.close(its)
        listener.close()
        assert self.process.stdin is not None
        self.process.stdin.write(order.text().encode() + b"\n")
        self.process.stdin.flush()
        assert os.read(mine, 1) == b"r", self.log.read_text()
        self._life = mine

    def resident(self) -> int:
        """Its memory, in MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)

    def connect(self, window: int | None = None) -> socket.socket:
        made = socket.socket()
        if window is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        made.settimeout(20)
        made.connect(("127.0.0.1", self.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def say(self, *pieces: bytes, pause: float = 0.0) -> bytes:
        """Send *pieces* over a connection of its own, and give all that comes back until it is closed or is silent."""
        with self.connect() as connection:
            for piece in pieces:
                try:
                    connection.sendall(piece)
                except OSError:
                    break
                time.sleep(pause)
            return heard(connection)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        os.close(self._life)


def heard(connection: socket.socket, silence: float = 4.0) -> bytes:
    connection.settimeout(silence)
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except OSError:
        pass
    return found


def post(body: bytes, *headers: bytes, path: bytes = b"/v1/chat/completions") -> bytes:
    head = [b"POST " + path + b" HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def question(**more: Any) -> bytes:
    return json.dumps({"model": "alone", "messages": [{"role": "user", "content": "Hi"}], **more}).encode()


@pytest.fixture(scope="session")
def worker(make: Callable[[], Any]) -> Iterator[Worker]:
    """A worker without keys that bears little; every test leaves it as sound as it was."""
    made = Worker(make(), SHORT)
    yield made
    made.end()


@pytest.fixture(scope="session")
def roomy(make: Callable[[], Any]) -> Iterator[Worker]:
    """The same with the settings that users have."""
    made = Worker(make(), evolve(Settings(), access_log=True))
    yield made
    made.end()


@pytest.fixture
def speak() -> dict[str, Callable[..., Any]]:
    """What tests say and hear over sockets: `post`, `question`, `heard`."""
    return {"post": post, "question": question, "heard": heard}


@pytest.fixture(scope="session")
def keyed(make: Callable[[], Any]) -> Iterator[tuple[Worker, str]]:
    """A worker that needs keys, and the key `app`, which may use the role `alone`."""
    project = make()
    key = project.new_key("app", "--role", "alone")
    made = Worker(project, Settings(access_log=True))
    yield made, key
    made.end()


@pytest.fixture(autouse=True)
def calm(provider_server: Any) -> None:
    """The provider behind the workers does what it should, unless a test has it do otherwise."""
