"""A provider that quotes the key it is shown: no client of the gateway, and none of its figures, ever sees it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx
import pytest

KEY = "sk-quoted/Zq7Wv3Kx9Tm2+Rb8Nc4Jh6Pd5"
HELLO = [{"role": "user", "content": "Hello"}]
PIECES = [form[at : at + 10] for form in (KEY, quote(KEY, safe="")) for at in range(9, len(form) - 10)]


@pytest.fixture
def quoting() -> Iterator[str]:
    """The address of a provider that refuses a whole answer, and breaks a stream off, with the key in its words."""

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            key = self.headers.get("x-api-key") or self.headers.get("authorization") or ""
            words = f"{asked['model']} is not for {key}, {quote(key, safe='')}"
            fault = json.dumps({"error": {"message": words, "type": key, "code": key}})
            if asked.get("stream") and asked["model"] == "late":
                delta = [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}]
                first = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": delta}
                return self.answer(200, f"data: {json.dumps(first)}\n\ndata: {fault}\n\n", "text/event-stream")
            return self.answer({"refused": 401, "broken": 500}.get(asked["model"], 400), fault, "application/json")

        def answer(self, status: int, text: str, content_type: str) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_answer_header_figure_or_log_of_a_gateway_tells_a_key_that_a_provider_quotes(
    serve: Any, quoting: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    providers = {"openai": {"api_base": f"{quoting}/v1"}, "anthropic": {"api_base": quoting}}
    models = ("refused", "broken", "late", "other")
    roles = {
        f"{provider}-{model}": {"provider": provider, "model": model, "retry": {"attempts": 1}}
        for provider in providers
        for model in models
    }
    caplog.set_level(logging.DEBUG)
    gateway = serve(providers=providers, roles=roles, ledger="sqlite")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)
    seen = []
    with httpx.Client(base_url=gateway.url, timeout=60) as client:
        for role in roles:
            for path in ("/v1/chat/completions", "/v1/messages", "/v1/responses"):
                for stream in (False, True):
                    body = {"model": role, "messages": HELLO, "input": HELLO, "max_tokens": 9, "stream": stream}
                    if path != "/v1/responses":
                        del body["input"]
                    answer = client.post(path, json=body)
                    seen.append(f"{answer.status_code} {answer.headers!r} {answer.text}")
        seen += [client.get(path).text for path in ("/metrics", "/healthz", "/v1/models")]
    output = capfd.readouterr()
    seen += [caplog.text, output.out, output.err]
    assert sum("is not for" in text for text in seen) > len(roles), "the provider's words do arrive"
    assert not [(piece, text) for text in seen for piece in PIECES if piece in text]
