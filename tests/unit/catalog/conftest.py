"""A web server with one document, a fixed clock, and the real files where they are at hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from llmhub.catalog.fetch import CachingFetch
from llmhub.records.context import SourceContext

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


REDIRECTS = {"/moved": "/api.json", "/round": "/round", "/to-a-file": "file:///etc/hostname"}


class DocumentServer:
    """Serves `body` at every path but those of `pages` and the three that redirect: `/moved`, `/round`, `/to-a-file`.

    `failures` are answered first, one per request, with `failure_headers`; `fails` is answered to every request.

    `cut`: so many bytes of it never arrive. `pause`: seconds between bytes that come one by one.
    """

    def __init__(self) -> None:
        self.body = b"{}"
        self.pages: dict[str, bytes] = {}
        self.fails = 0
        self.headers: dict[str, str] = {}
        self.failures: list[int] = []
        self.failure_headers: dict[str, str] = {}
        self.cut = 0
        self.pause = 0.0
        self.requests: list[Mapping[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append({name.lower(): value for name, value in self.headers.items()})
                asked_etag = self.headers.get("If-None-Match")
                if server.fails:
                    self._answer(server.fails, b"")
                elif server.failures:
                    self._answer(server.failures.pop(0), b"", server.failure_headers)
                elif self.path in REDIRECTS:
                    self._answer(302, b"", {"Location": REDIRECTS[self.path]})
                elif asked_etag and asked_etag == server.headers.get("ETag"):
                    self._answer(304, b"")
                else:
                    self._answer(200, server.pages.get(self.path, server.body), server.headers)

            def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) - server.cut] if not server.pause else b"")
                for byte in body if server.pause else b"":
                    time.sleep(server.pause)
                    try:
                        self.wfile.write(bytes([byte]))
                    except OSError:  # nobody listens any more
                        return

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api.json"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def document_server() -> Iterator[DocumentServer]:
    server = DocumentServer()
    yield server
    server.close()


MakeContext = Callable[..., SourceContext]


@pytest.fixture
def make_context(tmp_path: Path) -> MakeContext:
    def make(environ: Mapping[str, str] | None = None, *, offline: bool = False) -> SourceContext:
        fetch = CachingFetch(folder=tmp_path / "downloads", now=lambda: NOW, offline=offline, first_wait=0.001)
        return SourceContext(
            environ=environ or {}, now=lambda: NOW, fetch_json=fetch, progress=lambda _: None, offline=offline
        )

    return make


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = Path(__file__).parents[3] / "../shared/data"
    if not folder.is_dir():
        pytest.skip(f"the real files are not at hand ({folder})")
    return folder.resolve()
