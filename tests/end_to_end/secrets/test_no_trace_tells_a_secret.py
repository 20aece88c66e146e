"""What a program leaves behind beside its calls: spans, alerts, reports of tests, warnings about `.env`."""

from __future__ import annotations

import gzip
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from llmhub import Hub, errors
from llmhub.config.env_file import load_named_env_file

HELLO = [{"role": "user", "content": "Hello"}]
Told = Callable[[str, bytes | str], list[str]]


class Receiver:
    """An OTLP/HTTP endpoint that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                zipped = self.headers.get("content-encoding") == "gzip"
                receiver.bodies.append(gzip.decompress(body) if zipped else body)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.mark.parametrize("content", ["false", "true"])
def test_a_span_tells_no_secret_with_its_content_or_without(content, place, receiver, quoting, monkeypatch, told):
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="needs the extra `otel`")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-auth=Nv8Yb3Gs6Wd1")
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content)
    models = ["quote-401", "quote-cut", "quote-shape", "quote-stream", "quote-event"]
    config = {
        "project": "shop",
        "providers": {
            "openai": {"api_base": f"{quoting.url}/v1"},
            "office": {"api_base": f"{quoting.url}/v1", "env_key": "OFFICE_KEY"},
        },
        "roles": {
            f"{provider}{model}": {"provider": provider, "model": model, "retry": {"attempts": 1}}
            for provider in ("openai", "office")
            for model in models
        },
    }
    failed = 0
    with Hub(config=config) as hub:
        for role in config["roles"]:
            for stream in (False, True):
                try:
                    list(hub.completion(role, HELLO, stream=stream))
                except errors.CallError:
                    failed += 1
    assert failed >= 2 * len(models)
    assert receiver.bodies
    assert (b"Incorrect API key" in b"".join(receiver.bodies)) is (content == "true")
    assert not told("a span", b"".join(receiver.bodies))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/services/T4/Mx9Qw3Zc7Lr5",
        "http://127.0.0.1:1/services/T4/Mx9Qw3Zc7Lr5 with a space",
        "http://127.0.0.1:x/services/T4/Mx9Qw3Zc7Lr5",
        "http://[/services/T4/Mx9Qw3Zc7Lr5",
        "https:/services/T4/Mx9Qw3Zc7Lr5",
        "services/T4/Mx9Qw3Zc7Lr5",
        "{answering}/services/T4/Mx9Qw3Zc7Lr5",
    ],
)
def test_a_webhook_that_does_not_take_an_alert_is_not_told_by_its_address(
    address, place, provider_server, quoting, monkeypatch, told, caplog, capfd
):
    monkeypatch.setenv("TEAM_WEBHOOK", address.replace("{answering}", quoting.url))
    caplog.set_level(logging.DEBUG)
    config = {
        "project": "shop",
        "providers": {"openai": {"api_base": provider_server.openai_base}},
        "roles": {"r": {"provider": "openai", "model": "gpt-4o-mini"}},
        "budgets": {"tiny": {"limit": 0.0000001, "webhook_env": "TEAM_WEBHOOK", "on_exceed": "warn"}},
    }
    before = place.files()
    with Hub(config=config) as hub:
        hub.completion("r", HELLO)
    for thread in threading.enumerate():
        if thread.name == "llmhub-webhook":
            thread.join(10)
    assert "webhook of budget" in caplog.text
    output = capfd.readouterr()
    assert "Traceback" not in output.err
    lines = [line for text in (caplog.text, output.out, output.err) for line in told("output", text)]
    assert not [*lines, *place.written_secrets(before)]


FAILING = """\
import os
import pytest

def test_of_a_user():
    assert os.environ["OPENAI_API_KEY"] == "another", "not " + os.environ["OFFICE_KEY"]

@pytest.mark.parametrize("key", [os.environ["OPENAI_API_KEY"]])
def test_named(key):
    assert len(key) == 3

def test_skipped():
    pytest.skip("for " + os.environ["LAB_KEY"])

def test_printing(capsys):
    print(os.environ["QUOTE_KEY"])
    raise RuntimeError(os.environ["ACCENT_KEY"])
"""


def test_a_report_of_tests_tells_no_secret_of_the_tests_it_is_about(place: Any, told: Told):
    (place.project / "test_user.py").write_text(FAILING, encoding="utf-8")
    (place.project / "test_broken.py").write_text('import os\nraise RuntimeError(os.environ["LAB_KEY"])\n')
    command = [sys.executable, "-m", "llmhub.tools.run_tests_with_report", "--continue-on-collection-errors"]
    subprocess.run(command, cwd=place.project, env=dict(os.environ), capture_output=True, timeout=60, check=False)
    reports = sorted((place.project / "reports").rglob("*.*"))
    assert {path.suffix for path in reports} == {".json", ".md"}
    assert "RuntimeError" in reports[0].read_text(encoding="utf-8")
    assert not [line for path in reports for line in told(path.name, path.read_bytes())]


def test_a_hub_that_reads_a_malformed_env_file_tells_lines_by_number_alone(place: Any, told: Told, caplog):
    with (place.project / ".env").open("a", encoding="utf-8") as file:
        file.write(f"= {os.environ['OFFICE_KEY']}\n{os.environ['OPENAI_API_KEY']}\nA B={os.environ['LAB_KEY']}\n")
    (place.project / "llmhub.yaml").write_text(
        "project: shop\nroles:\n  r: {provider: openai, model: gpt-4o-mini}\n", encoding="utf-8"
    )
    Hub(config_path=place.project / "llmhub.yaml").close()
    assert ".env:3" in caplog.text
    assert not told("log", caplog.text)


def test_an_env_file_that_is_not_utf_8_is_told_without_what_is_in_it(place: Any, told: Told):
    path = place.root / "named.env"
    path.write_bytes(f"A={os.environ['OPENAI_API_KEY']}\nB=\xe9\n".encode("latin-1"))
    with pytest.raises(errors.ConfigError, match="not UTF-8") as caught:
        load_named_env_file(path, {})
    seen: BaseException | None = caught.value
    shown = []
    while seen is not None:
        shown.append(repr(seen))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    assert not told("the error", "".join(shown))
