"""What SDKs raise, in one readable line and as one class: by their shapes, and by the real cohere and xAI SDKs."""

from __future__ import annotations

import enum
import json
import threading
from collections.abc import Iterator
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from any_llm import exceptions

from llmhub import Hub, errors
from llmhub.anyllm.failures import translate
from llmhub.anyllm.wording import words_of
from llmhub.records.secrets import Secrets

HELLO: Any = [{"role": "user", "content": "Hello"}]
KEY = "loopback-0123456789"


class PrintsHeaders(Exception):
    """As the SDKs made by Fern print themselves, cohere's among them."""

    def __init__(self, status_code: int, body: object) -> None:
        self.status_code, self.body, self.headers = status_code, body, {"date": "today", "set-cookie": "secret"}

    def __str__(self) -> str:
        return f"headers: {self.headers}, status_code: {self.status_code}, body: {self.body}"


class Status(enum.Enum):
    RESOURCE_EXHAUSTED = 8
    INVALID_ARGUMENT = 3
    UNAVAILABLE = 14
    DATA_LOSS = 15


class CallOverGrpc(Exception):
    """As grpc.aio's error prints itself: over many lines, of which the first says nothing."""

    def __init__(self, status: Status, details: str | None) -> None:
        self._status, self._details = status, details

    def code(self) -> Status:
        return self._status

    def details(self) -> str | None:
        return self._details

    def __str__(self) -> str:
        return f"<AioRpcError of RPC that terminated with:\n\tstatus = {self._status}\n\tdetails = {self._details}\n>"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PrintsHeaders(429, {"id": "1", "message": "slow down"}), "429: slow down"),
        (PrintsHeaders(503, "<html>\n<p>down</p>"), "503: <html>"),
        (PrintsHeaders(422, {"data": "odd"}), "422: {'data': 'odd'}"),
        (CallOverGrpc(Status.UNAVAILABLE, "no route"), "UNAVAILABLE: no route"),
        (CallOverGrpc(Status.UNAVAILABLE, None), "UNAVAILABLE: no more was said"),
        (Exception("Error code: 400 - {'error': {'message': 'bad field'}}"), "400: bad field"),
        (Exception("Error code: 400 - bad field"), "400: bad field"),
        (Exception("one line\nanother"), "one line"),
        (Exception(), ""),
    ],
)
def test_an_error_is_one_line_of_status_and_the_providers_words(fault: Exception, words: str) -> None:
    assert words_of(fault) == words
    unified = exceptions.ProviderError(str(fault), original_exception=fault)
    if words:
        assert words_of(unified) == words


@pytest.mark.parametrize(
    ("status", "seen_as", "kind"),
    [
        (Status.RESOURCE_EXHAUSTED, exceptions.ProviderError, errors.RateLimitError),
        (Status.UNAVAILABLE, exceptions.ProviderError, errors.UnreachableError),
        (Status.INVALID_ARGUMENT, exceptions.InvalidRequestError, errors.InvalidRequestError),
        (Status.INVALID_ARGUMENT, exceptions.ContextLengthExceededError, errors.ContextLengthError),
        (Status.INVALID_ARGUMENT, exceptions.RateLimitError, errors.InvalidRequestError),
        (Status.DATA_LOSS, exceptions.AuthenticationError, errors.ProviderError),
    ],
)
def test_a_grpc_status_decides_the_class_of_an_error_and_words_only_what_is_special_about_it(
    status: Status, seen_as: Any, kind: type[errors.CallError]
) -> None:
    fault = CallOverGrpc(status, "words")
    error = translate(seen_as(str(fault), original_exception=fault), "xai", "xai")
    assert type(error) is kind
    assert error.message == f"{status.name}: words"


class Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"id": "1", "message": "past the limit of calls"}).encode()
        self.send_response(429)
        for name, value in (("content-type", "application/json"), ("retry-after", "7"), ("x-trace", "not-for-readers")):
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def refusing_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_cohere_speaks_without_its_headers(refusing_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cohere", reason="the extra llmhub[cohere] is not installed")
    monkeypatch.setenv("COHERE_API_KEY", KEY)
    error = _failure_of("cohere", {"api_base": refusing_server})
    assert isinstance(error, errors.RateLimitError)
    assert (error.message, error.retry_after) == ("429: past the limit of calls", 7.0)


def test_xai_is_reached_at_the_address_in_the_file_and_speaks_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xai_sdk", reason="the extra llmhub[xai] is not installed")
    grpc = pytest.importorskip("grpc", reason="the extra llmhub[xai] is not installed")
    monkeypatch.setenv("XAI_API_KEY", KEY)

    class Refuse(grpc.GenericRpcHandler):  # type: ignore[misc, name-defined]
        def service(self, _: Any) -> Any:
            def refuse(_: bytes, context: Any) -> None:
                context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "past the limit of calls")

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(futures.ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers((Refuse(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        error = _failure_of("xai", {"api_base": f"http://127.0.0.1:{port}"})
    finally:
        server.stop(0)
    assert isinstance(error, errors.RateLimitError)
    assert error.message == "RESOURCE_EXHAUSTED: past the limit of calls"


def _failure_of(provider: str, settings: dict[str, Any]) -> errors.CallError:
    role = {"provider": provider, "model": "some-model", "retry": {"attempts": 1}}
    config = {"project": "test", "ledger": "none", "providers": {provider: settings}, "roles": {"chat": role}}
    with Hub(config=config) as hub, pytest.raises(errors.CallError) as caught:
        hub.completion("chat", HELLO)
    return caught.value


def test_a_long_message_is_cut_only_after_the_keys_in_it_were_struck() -> None:
    key = "sk-0123456789abcdef"
    for before in range(480, 520):
        message = translate(Exception(f"{'x' * before}{key} {'y' * 900}"), "openai", "openai", Secrets((key,))).message
        assert len(message) == 500
        assert "sk-01" not in message
