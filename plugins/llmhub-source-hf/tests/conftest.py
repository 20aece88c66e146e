"""The dataset viewer and the router on 127.0.0.1, and the real rows where they are at hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from llmhub.catalog.fetch import CachingFetch
from llmhub.records.context import SourceContext

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Row = Mapping[str, Any]


class HuggingFace:
    """Answers `/rows` with pages of `rows`, and `/v1/models` with `models`.

    `allowed`: so many requests are answered, and then 429. `pause`: seconds before each answer. `total`: what the pages
    say they are of, where that is not the truth.
    """

    def __init__(self) -> None:
        self.rows: Sequence[Row] = ()
        self.models: Any = {"object": "list", "data": []}
        self.allowed: int | None = None
        self.total: Callable[[int], int] | None = None
        self.pause = 0.0
        self.partial = False
        self.requests: list[str] = []
        self.at_a_time = self.most_at_a_time = 0
        self._lock = threading.Lock()
        self._resume = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with outer._lock:
                    outer.requests.append(self.path)
                    outer.at_a_time += 1
                    outer.most_at_a_time = max(outer.most_at_a_time, outer.at_a_time)
                    refused = outer.allowed is not None and len(outer.requests) > outer.allowed
                outer._resume.wait(outer.pause)
                status, document = (429, {"error": "too many requests"}) if refused else outer._answer(self.path)
                body = json.dumps(document).encode()
                with outer._lock:
                    outer.at_a_time -= 1
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._resume.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, address: str) -> tuple[int, Any]:
        parts = urlsplit(address)
        if parts.path == "/v1/models":
            return 200, self.models
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        known = {
            "dataset": "lmarena-ai/leaderboard-dataset",
            "config": "text_style_control",
            "split": "latest",
        }
        if parts.path != "/rows" or any(asked.get(name) != value for name, value in known.items()):
            return 404, {"error": "The dataset, config or split does not exist."}
        offset, length = int(asked["offset"]), int(asked["length"])
        if length > 100:
            return 422, {"error": "Parameter 'length' must not be greater than 100"}
        return 200, {
            "features": [],
            "rows": [
                {"row_idx": offset + position, "row": row, "truncated_cells": []}
                for position, row in enumerate(self.rows[offset : offset + length])
            ],
            "num_rows_total": len(self.rows) if self.total is None else self.total(offset),
            "num_rows_per_page": 100,
            "partial": self.partial,
        }


@pytest.fixture
def hugging_face() -> Iterator[HuggingFace]:
    server = HuggingFace()
    yield server
    server.close()


MakeContext = Callable[..., SourceContext]


@pytest.fixture
def make_context(hugging_face: HuggingFace, tmp_path: Path) -> MakeContext:
    """A context whose two addresses lead to the loopback server; every one keeps its copies in the same place."""

    def make(now: datetime = NOW, **given: Any) -> SourceContext:
        return SourceContext(
            environ={
                "LLMHUB_HF_DATASETS_URL": hugging_face.url,
                "LLMHUB_HF_ROUTER_URL": f"{hugging_face.url}/v1/models",
            },
            now=lambda: now,
            fetch_json=CachingFetch(
                folder=tmp_path / "downloads", now=lambda: now, first_wait=0.001, offline=given.get("offline", False)
            ),
            progress=lambda _: None,
            **given,
        )

    return make
