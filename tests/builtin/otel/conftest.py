"""A hub whose spans go, over real OTLP/HTTP, to a receiver on 127.0.0.1."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="needs the extra `otel`: pip install 'llmhub[otel]'")
pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="needs the extra `otel`")

KEY = "sk-planted-0123456789abcdef"


class Receiver:
    """An OTLP/HTTP endpoint that keeps what it is sent, and answers 404 to any path that is not one of OTLP's."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.posts.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(200 if self.path.endswith(("/v1/traces", "/v1/metrics")) else 404)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def everything(self) -> bytes:
        return b"".join(path.encode() + body for path, _, body in self.posts)

    def spans(self) -> list[dict[str, Any]]:
        """Every span, in the order they began, with its attributes and events as plain values."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        found = []
        for path, _, body in self.posts:
            if path.endswith("/v1/traces"):
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    found += [_span(span) for scope in resource.scope_spans for span in scope.spans]
        return sorted(found, key=lambda span: span["began"])

    def metrics(self) -> dict[str, list[Any]]:
        """The last points of every metric, by its name."""
        from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

        found: dict[str, list[Any]] = {}
        for path, _, body in self.posts:
            if path.endswith("/v1/metrics"):
                for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    for scope in resource.scope_metrics:
                        for metric in scope.metrics:
                            found[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
        return found


def _span(span: Any) -> dict[str, Any]:
    return {
        "name": span.name,
        "kind": span.kind,
        "id": span.span_id,
        "parent": span.parent_span_id,
        "trace": span.trace_id,
        "began": span.start_time_unix_nano,
        "ended": span.end_time_unix_nano,
        "error": span.status.code == 2,
        "message": span.status.message,
        "attributes": plain(span.attributes),
        "events": [(event.name, plain(event.attributes)) for event in span.events],
    }


def plain(attributes: Any) -> dict[str, Any]:
    """Attributes of OTLP as a mapping."""
    return {pair.key: _value(pair.value) for pair in attributes}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    return [_value(each) for each in value.array_value.values] if kind == "array_value" else getattr(value, kind)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that the `OTEL_*` variables of this process name."""
    made = Receiver()
    for name in ("OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
