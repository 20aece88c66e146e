"""Keys of every shape planted in the environment, a provider that quotes them, and a search for their traces."""

from __future__ import annotations

import base64
import html
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote

import pytest
from attrs import field, frozen

KEYS: Mapping[str, str] = {
    "OPENAI_API_KEY": "sk-proj-Zq7Wv3Kx9Tm2Rb8Nc4Jh6Pd5",
    "ANTHROPIC_API_KEY": "sk-ant-api03-Hy5Lf2Gn8Vc1Dx7Se4Ua",
    "OFFICE_KEY": "Uw/4+Lk?e=9&Vg#1:Xs@Bo;Ma,Dz",
    "LAB_KEY": "Pc%41Qn%zzFt%20Ej%2FIrHm%",
    "QUOTE_KEY": "Rd\"7Gk'2\\Wn5<Tb>{Yp}9\\\\Ls",
    "ACCENT_KEY": "Ög-ñäß-Ключ-Ωmega-Żółw",
}
"""Variables that hold a key and nothing else."""

ADDRESSES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # The value of the variable, and what in it is secret.
    "LLMHUB_TEST_DATABASE": ("postgresql://keeper:Nv8Yb3Gs6Wd1@db.example/llmhub", ("Nv8Yb3Gs6Wd1",)),
    "TEAM_WEBHOOK": ("http://127.0.0.1:1/services/T4/Mx9Qw3Zc7Lr5", ("T4/Mx9Qw3Zc7Lr5",)),
    "LLMHUB_MODELS_DEV_URL": (
        "http://mirror:Ks4Tg9Lp2Vx7@127.0.0.1:1/models.json?token=Ez6Hn1Ru8Co3",
        ("Ks4Tg9Lp2Vx7", "Ez6Hn1Ru8Co3"),
    ),
}
"""Variables whose value is an address with a secret in it."""
IN_ENV_FILE = {"DOTENV_KEY": "pplx-Bw3Xk8Vf5Jq1Nz6Ty9Gc2Md"}

PIECE = 10
"""So many letters in a row are no accident."""


def secrets() -> list[tuple[str, str]]:
    """Everything planted, each with its variable."""
    inside = [(name, secret) for name, (_, found) in ADDRESSES.items() for secret in found]
    return [*KEYS.items(), *IN_ENV_FILE.items(), *inside]


def forms(secret: str) -> set[bytes]:
    """The ways in which *secret* could be written somewhere, and long pieces of it."""
    texts = {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        quote(quote(secret, safe=""), safe=""),
        unquote(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret)[1:-1])[1:-1],
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        secret.encode().hex(),
    }
    # In a form that stretches over text before it, by nought, one or two bytes, base64 has three faces.
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + secret.encode()).decode()
        whole = encoded[4 if before else 0 : len(encoded) - 4].rstrip("=")
        texts |= {whole, whole.replace("+", "-").replace("/", "_")}
    body = secret.removeprefix("sk-proj-").removeprefix("sk-ant-api03-")
    texts |= {body[start : start + PIECE] for start in range(len(body) - PIECE + 1)}
    # U+00E9 and its like stand in one byte where a header is read as ISO 8859-1.
    return {text.encode() for text in texts} | {secret.encode("utf-16-le")}


FORMS = [(name, sorted(forms(secret), key=len, reverse=True)) for name, secret in secrets()]


def told(where: str, content: bytes | str) -> list[str]:
    """A line for each secret that *content* tells, with what stands around it."""
    content = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    lines = []
    for name, written in FORMS:
        form = next((form for form in written if form in content), None)
        if form is not None:
            at = content.index(form)
            lines.append(f"{where} tells {name}: {content[max(0, at - 80) : at + len(form) + 20]!r}")
    return lines


@frozen
class Place:
    """A project with a home and a cache of its own, and what lay in it before a command ran."""

    root: Path
    project: Path
    environ: Mapping[str, str] = field(repr=False)

    def files(self) -> dict[Path, bytes]:
        """Every file with what is in it. `.env` is where keys belong."""
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file() and path.name != ".env"}

    def written_secrets(self, before: Mapping[Path, bytes]) -> list[str]:
        """A line for each secret in a file that is new or changed since *before*, and in its name. What its user wrote
        into a file stays there."""
        lines = []
        for path, content in self.files().items():
            if before.get(path) != content:
                known = {line.partition(":")[0] for line in told(f"file {path.name}", before.get(path, b""))}
                found = [*told(f"file {path.name}", content), *told("the name of a file", str(path))]
                lines += [line for line in found if line.partition(":")[0] not in known]
        return lines


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys in this process's environment."""
    for name, value in {**KEYS, **{name: value for name, (value, _) in ADDRESSES.items()}}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def place(tmp_path: Path, planted: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A folder that is home, project, cache and temporary folder at once."""
    project = tmp_path / "project"
    project.mkdir()
    named = {"HOME": "home", "LLMHUB_CACHE_DIR": "cache", "TMPDIR": "temporary"}
    for name, folder in named.items():
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(name, str(tmp_path / folder))
    lines = [f"{name}='{value}'" for name, value in IN_ENV_FILE.items()]
    (project / ".env").write_text("\n".join(["# keys", *lines, ""]), encoding="utf-8")
    return Place(tmp_path, project, dict(os.environ))


class QuotingProvider:
    """A provider that quotes the key in whatever it answers, in the way that the name of the model asks for.

    `quote-STATUS`: in an error of that status, in every form. `quote-cut`: so far behind that only the beginning is
    kept. `quote-body`: in a page of HTML. `quote-shape`: in an answer of a wrong shape. `quote-json`: in broken JSON.
    `quote-stream`: in an error after the first chunk. `quote-event`: in an event that is no JSON.
    """

    def __init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or the other side waits for the second

            def do_GET(self) -> None:
                self.answer(401, json.dumps({"error": {"message": provider.quoted(self.key())}}))

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                way = str(asked.get("model", "")).removeprefix("quote-")
                self.answer(*provider.answer(way, self.key()))

            def key(self) -> str:
                given = self.headers.get("x-api-key") or self.headers.get("authorization") or ""
                return given.encode("latin-1").decode("utf-8", "replace").removeprefix("Bearer ")

            def answer(self, status: int, text: str, content_type: str = "application/json") -> None:
                content = text.encode()
                self.send_response(status)
                self.send_header("content-type", content_type)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

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

    @staticmethod
    def quoted(key: str) -> str:
        """The *key* in many forms, in one line."""
        encoded = base64.b64encode(f"user:{key}".encode()).decode()
        written = json.dumps(key)[1:-1]
        return f"Incorrect API key: {key} / {quote(key, safe='')} / {quote_plus(key)} / {written} / {key!r} / {encoded}"

    def answer(self, way: str, key: str) -> tuple[int, str, str]:
        """Status, body and type of what answers a request that asks for *way*; 404 where it asks for none."""
        words = self.quoted(key)
        if way.isdecimal():
            return int(way), json.dumps({"error": {"message": words, "type": key, "code": key, "param": key}}), _JSON
        if not way:
            return 404, words, "text/plain"
        if way == "cut":
            message = f"{'x' * (500 - len('401: ') - len(key) + 3)}{key}"
            return 401, json.dumps({"error": {"message": message}}), _JSON
        if way == "body":
            return 502, f"<html><body>Bad gateway, {words}</body></html>", "text/html"
        if way == "shape":
            return 200, json.dumps({"id": key, "choices": words, "object": key, "model": words, "content": key}), _JSON
        if way == "json":
            return 200, f'{{"choices": {words}', _JSON
        first = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        chunk = {**first, "choices": [{"index": 0, "delta": {"content": "Hello"}, "finish_reason": None}]}
        second = json.dumps({"error": {"message": words}}) if way == "stream" else f'{{"choices": {words}'
        return 200, f"data: {json.dumps(chunk)}\n\ndata: {second}\n\n", "text/event-stream"


_JSON = "application/json"


@pytest.fixture(scope="session")
def quoting() -> Iterator[QuotingProvider]:
    made = QuotingProvider()
    yield made
    made.close()


Told = Callable[[str, bytes | str], list[str]]


@pytest.fixture(name="told")
def told_fixture() -> Told:
    """`told(where, content)`: a line for each secret that *content* tells."""
    return told
