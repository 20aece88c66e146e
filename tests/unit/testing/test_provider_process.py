from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

HELLO: Any = [{"role": "user", "content": "hello"}]


@contextmanager
def provider_process(
    *arguments: str, start: tuple[str, ...] = ("-m", "llmhub.testing.server"), **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", *start, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def ask(url: str, model: str = "m", key: str = "k") -> str | None:
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=5) as client:
        return client.chat.completions.create(model=model, messages=HELLO).choices[0].message.content


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals to send")
def test_it_prints_its_url_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    with provider_process() as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert ask(url) == "You said: hello"
        process.send_signal(number)
        assert process.communicate(timeout=5) == ("", "")
        assert process.returncode == 0


def test_it_ends_when_its_standard_input_closes() -> None:
    with provider_process("--until-stdin-closes") as (process, url):
        assert ask(url) == "You said: hello"
        assert process.communicate(timeout=5) == ("", "")
        assert process.returncode == 0


def test_without_the_option_a_closed_standard_input_is_nothing_to_it() -> None:
    with provider_process() as (process, url):
        assert process.stdin is not None
        process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        assert ask(url) == "You said: hello"


def test_the_required_key_comes_from_the_environment() -> None:
    import openai

    with provider_process("--require-key", "TEST_PROVIDER_KEY", TEST_PROVIDER_KEY="sk-right") as (_, url):
        assert ask(url, key="sk-right") == "You said: hello"
        with pytest.raises(openai.AuthenticationError):
            ask(url, key="sk-wrong")


def test_a_missing_key_or_a_taken_port_is_one_line_and_exit_code_1() -> None:
    with provider_process("--require-key", "NO_SUCH_VARIABLE_HERE") as (process, url):
        assert url == ""
        assert process.communicate(timeout=5)[1] == "the environment variable NO_SUCH_VARIABLE_HERE holds no key\n"
        assert process.returncode == 1
    with provider_process() as (_, taken):
        port = taken.rsplit(":", 1)[1]
        with provider_process("--port", port) as (process, _):
            errors = process.communicate(timeout=5)[1]
            assert errors.startswith(f"cannot listen on port {port}: ")
            assert errors.count("\n") == 1
            assert process.returncode == 1


def test_it_is_scripted_and_asked_over_http() -> None:
    import httpx
    import openai

    with provider_process() as (_, url), httpx.Client(base_url=f"{url}/_llmhub/") as admin:
        script = {"model": "m", "faults": ["500", "ok"], "afterwards": "401"}
        assert admin.post("script", json=script).json() == {"ok": True}
        with pytest.raises(openai.InternalServerError):
            ask(url)
        assert ask(url) == "You said: hello"
        with pytest.raises(openai.AuthenticationError):
            ask(url, key="sk-secret")

        counts = admin.get("counts").json()
        assert counts["requests"] == 3
        assert counts["by_model"] == {"m": 3}
        requests = admin.get("requests").json()
        assert len(requests) == 3
        assert "sk-secret" not in str(requests)

        assert admin.post("clear").json() == {"ok": True}
        assert ask(url) == "You said: hello"
        admin.post("reply", json={"model": "m", "text": "as told"})
        assert ask(url) == "as told"
        assert admin.post("reset").json() == {"ok": True}
        assert admin.get("counts").json()["requests"] == 0
        assert ask(url) == "You said: hello"


WITHOUT_SPEEDUPS = (
    "import sys; sys.modules['uvloop'] = sys.modules['httptools'] = None\n"
    "from llmhub.testing.server import main; sys.exit(main())"
)


@pytest.mark.parametrize("start", [("-m", "llmhub.testing.server"), ("-c", WITHOUT_SPEEDUPS)], ids=["as is", "bare"])
def test_it_is_quick_and_breaks_connections_with_and_without_uvloop_and_httptools(start: tuple[str, ...]) -> None:
    import httpx

    with provider_process(start=start) as (_, url), httpx.Client(base_url=f"{url}/v1") as client:
        body = {"model": "m", "messages": HELLO}
        began = time.monotonic()
        for _ in range(50):
            assert client.post("/chat/completions", json=body).status_code == 200
        # A delayed acknowledgement alone would take 40 ms of each request.
        assert time.monotonic() - began < 1.5
        for word in ("cut-0", "cut-1", "reset-0", "reset-1"):
            with pytest.raises(httpx.TransportError):
                client.post("/chat/completions", json=body, headers={"x-llmhub-fault": word})
        assert b"[DONE]" in client.post("/chat/completions", json=body | {"stream": True}).content


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem"),
    [
        ("POST", "script", {"model": "m", "faults": ["explode"]}, 400, "no fault 'explode'"),
        ("POST", "script", {}, 400, "model must be a str; faults must be a list"),
        ("POST", "reply", [], 400, "model must be a str; text must be a str"),
        ("GET", "script", None, 404, "GET script"),
        ("POST", "nothing", None, 404, "POST nothing"),
    ],
)
def test_a_wrong_administrative_request_is_told_what_is_wrong(
    provider_server: Any, method: str, path: str, body: Any, status: int, problem: str
) -> None:
    import httpx

    answer = httpx.request(method, f"{provider_server.url}/_llmhub/{path}", json=body)

    assert answer.status_code == status
    assert problem in answer.json()["error"]


def test_importing_the_room_imports_no_server() -> None:
    program = (
        "import sys, llmhub.testing\n"
        "assert 'ProviderServer' in dir(llmhub.testing)\n"
        "llmhub.testing.ProviderServer\n"
        "heavy = {'asyncio', 'uvicorn', 'starlette', 'httpx', 'openai', 'anthropic', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=20)
