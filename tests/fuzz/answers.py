"""Fuzz target: what a provider answers, through real any-llm and its SDKs, from a real HTTP server on 127.0.0.1."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llmhub import Hub, HubConfig
from llmhub.anyllm.discovery import list_provider_models
from llmhub.errors import HubError
from llmhub.host import PluginHost
from llmhub.records.calls import CallResult
from llmhub.records.config import CacheConfig, Circuit, ProviderConfig, Retry, RoleConfig

QUESTION: Any = [{"role": "user", "content": "Hello"}]


class FixedServer:
    """Answers every request with the same bytes, and closes the connection."""

    def __init__(self) -> None:
        self.reply = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, name="fixed-server", daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                _read_request(connection)
                connection.sendall(self.reply)


def _read_request(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)


@functools.cache
def server() -> FixedServer:
    """One for all inputs."""
    return FixedServer()


METHODS = (
    "completion",
    "stream",
    "embedding",
    "responses",
    "responses_stream",
    "messages",
    "messages_stream",
    "image",
    "speech",
    "moderation",
    "models",
)
WIRES = ("openai", "anthropic", "gateway")
STATUSES = (200, 201, 204, 400, 401, 402, 404, 408, 413, 422, 429, 500, 503, 529)
TYPES = ("application/json", "text/event-stream", "text/html; charset=x", "", "application/octet-stream")


def answer(content: bytes, folder: Path) -> None:
    """Any answer is any-llm's object or a HubError, and the call stands in the ledger.

    The first line says what is asked and how it is answered: `completion openai 200 application/json`. What it does
    not say, or says wrongly, its bytes decide.
    """
    line, _, body = content.partition(b"\n")
    words = line.decode("latin-1").split(" ")
    method, wire, status, kind = (
        _picked(words[number] if number < len(words) else "", choices)
        for number, choices in enumerate((METHODS, WIRES, STATUSES, TYPES))
    )
    head = [f"HTTP/1.1 {status} Whatever", "connection: close"]
    head += [f"content-type: {kind}"] if kind else []
    head += [f"content-length: {len(body)}"] if status != 204 else []
    server().reply = "\r\n".join(head).encode() + b"\r\n\r\n" + (body if status != 204 else b"")
    if method == "models":
        (listing,) = list_provider_models({"FUZZ_KEY": "sk-loopback-0123456789"}, [str(wire)], 5.0, _providers())
        "".join(listing.models).encode()
        listing.detail.encode()
        return
    _call(str(method), str(wire), folder)


def _picked(word: str, choices: tuple[Any, ...]) -> Any:
    named = {str(choice): choice for choice in choices}
    return named[word] if word in named else choices[sum(word.encode("latin-1")) % len(choices)]


def _providers() -> dict[str, ProviderConfig]:
    return {
        "openai": ProviderConfig(api_base=f"{server().base}/v1", env_key="FUZZ_KEY"),
        "anthropic": ProviderConfig(api_base=server().base, env_key="FUZZ_KEY"),
        "gateway": ProviderConfig(api_base=f"{server().base}/v1"),
    }


@functools.cache
def hub(folder: Path) -> tuple[Hub, list[CallResult]]:
    """One for all inputs, as in an application, with what it tells of its calls."""
    os.environ["FUZZ_KEY"] = "sk-loopback-0123456789"
    os.environ["LLMHUB_CACHE_DIR"] = str(folder)
    modes = {"chat": "chat", "embed": "embedding", "image": "image", "speech": "audio", "moderate": "other"}
    config = HubConfig(
        project="fuzz",
        providers=_providers(),
        roles={
            f"{name}.{wire}": RoleConfig(
                provider=wire,
                model="some-model",
                mode=mode,  # type: ignore[arg-type]
                params={"max_tokens": 64} if name == "chat" else {},
                timeout=5.0,
                retry=Retry(attempts=1),
                fallback_on=("empty", "truncated", "invalid_schema") if wire == "gateway" else (),
                cache=CacheConfig(ttl=0.001) if wire == "gateway" else None,
            )
            for wire in WIRES
            for name, mode in modes.items()
        },
        circuit=Circuit(failures=0),
        ledger="sqlite",
    )
    told: list[CallResult] = []
    plugins = PluginHost.from_environment({})
    return Hub(config=config, plugins=plugins, on_after_call=told.append), told


def _call(method: str, wire: str, folder: Path) -> None:
    calling, told = hub(folder)
    told.clear()
    try:
        for _ in _parts(calling, method, wire):
            pass
    except HubError as error:
        str(error).encode()
    (result,) = told
    assert result.usage is None or all(
        tokens is None or (type(tokens) is int and tokens >= 0)
        for name in ("input_tokens", "output_tokens", "total_tokens", "cached_input_tokens")
        for tokens in [getattr(result.usage, name)]
    ), result.usage
    _check_recorded(calling, folder, result.call_id)


def _parts(calling: Hub, method: str, wire: str) -> Iterator[Any]:
    if method == "completion":
        yield calling.completion(f"chat.{wire}", QUESTION)
    elif method == "stream":
        yield from calling.completion(f"chat.{wire}", QUESTION, stream=True)
    elif method == "embedding":
        yield calling.embedding(f"embed.{wire}", ["a"])
    elif method == "responses":
        yield calling.responses(f"chat.{wire}", "Hello")
    elif method == "responses_stream":
        yield from calling.responses(f"chat.{wire}", "Hello", stream=True)
    elif method == "messages":
        yield calling.messages(f"chat.{wire}", QUESTION)
    elif method == "messages_stream":
        yield from calling.messages(f"chat.{wire}", QUESTION, stream=True)
    elif method == "image":
        yield calling.image(f"image.{wire}", "a dog")
    elif method == "speech":
        yield calling.speech(f"speech.{wire}", "Hello", voice="alloy")
    else:
        yield calling.moderation(f"moderate.{wire}", "Hello")


def _check_recorded(calling: Hub, folder: Path, call_id: str) -> None:
    assert calling._life.engine is not None
    account = calling._life.engine.observers.account
    assert account is not None
    assert account.flush(5.0), "the ledger could not be written"
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as ledger:
        assert ledger.execute("SELECT count(*) FROM calls WHERE call_id = ?", (call_id,)).fetchone() == (1,)
