"""Attacks by what a request says: its path, method, headers, and the page it comes from."""

from __future__ import annotations

import httpx
import pytest


def code_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def get(path: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Connection: close", *headers]) + b"\r\n\r\n"


LOCAL = b"Host: localhost"


@pytest.mark.parametrize(
    "path",
    [
        b"//v1/models",
        b"/v1//models",
        b"/v1/../v1/models",
        b"/healthz/../v1/models",
        b"/v1/%2e%2e/v1/models",
        b"/v1%2fmodels/../../etc/passwd",
        b"/../../etc/passwd",
        b"/..%2f..%2fetc%2fpasswd",
        b"/v1/models%00",
        b"/%00",
        b"/v1\\models",
        b"/V1/MODELS",
        b"http://elsewhere.example/v1/secret",
        b"/" + b"a/" * 10_000,
    ],
)
def test_a_path_that_is_not_exactly_a_route_is_not_found(roomy, path) -> None:
    answer = roomy.say(get(path, LOCAL))
    assert code_of(answer) in (400, 404), answer
    assert b"root:" not in answer


def test_a_path_that_only_looks_open_still_needs_a_key(keyed) -> None:
    served, _ = keyed
    for path in (
        b"/healthz/../v1/models",
        b"//healthz",
        b"/healthz/",
        b"/healthz%2f..%2fv1%2fmodels",
        b"/v1/models;/healthz",
    ):
        assert code_of(served.say(get(path, LOCAL))) == 401, path
    assert code_of(served.say(get(b"/v1/models", LOCAL, b"X-Original-URL: /healthz"))) == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "HEAD"])
def test_a_method_that_a_route_does_not_have_is_refused_and_echoes_nothing(roomy, method) -> None:
    target = "localhost:1" if method == "CONNECT" else "/v1/chat/completions"
    answer = roomy.say(
        f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nx-secret: echo\r\nConnection: close\r\n\r\n".encode()
    )
    assert code_of(answer) in (0, 400, 404, 405)
    assert b"x-secret" not in answer


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.1", "", "[::2]"]
)
def test_another_name_for_this_machine_is_refused_with_403(roomy, host) -> None:
    for path in ("/v1/models", "/api/sources"):
        answer = roomy.say(get(path.encode(), f"Host: {host}:{roomy.port}".encode()))
        assert code_of(answer) == 403
        assert b"foreign_host" in answer
    assert code_of(roomy.say(get(b"/v1/models"))) in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8080", "app.localhost"])
def test_names_of_this_machine_are_answered(roomy, host) -> None:
    assert code_of(roomy.say(get(b"/v1/models", f"Host: {host}".encode()))) == 200


@pytest.mark.parametrize(
    "header",
    [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ],
)
def test_a_page_of_another_site_is_refused_with_403_and_spends_nothing(roomy, speak, provider_server, header) -> None:
    body = speak["question"]()
    # What a form or `fetch(..., {mode: "no-cors"})` can send without asking first.
    sent = speak["post"](body, header.encode(), b"Content-Length: %d" % len(body), b"Connection: close")
    answer = roomy.say(sent.replace(b"application/json", b"text/plain"))
    assert code_of(answer) == 403
    assert b"access-control" not in answer.lower()
    assert provider_server.requests == ()


def test_a_preflight_of_another_site_gets_no_permission(roomy) -> None:
    answer = httpx.options(
        f"{roomy.url}/v1/chat/completions",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_only_the_origin_that_was_named_may_ask(start) -> None:
    served = start("--cors-origin", "https://app.example")
    mine = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = httpx.options(f"{served.url}/v1/chat/completions", headers=mine)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in preflight.headers
    answer = httpx.get(
        f"{served.url}/v1/models", headers={"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    for origin in ("https://app.example.evil.example", "http://app.example", "https://app.example:444", "null"):
        other = httpx.get(f"{served.url}/v1/models", headers={"Origin": origin})
        assert other.status_code == 403
        assert "access-control-allow-origin" not in other.headers


def test_line_ends_in_model_label_and_call_id_write_no_headers(roomy) -> None:
    asked = {
        "model": "alone\r\nx-evil: 1",
        "messages": [{"role": "user", "content": "Hi"}],
        "metadata": {"a\r\nb": "c\r\nd"},
    }
    answer = httpx.post(
        f"{roomy.url}/v1/chat/completions", json=asked, headers={"x-llmhub-label-team": "a%0d%0ax-evil: 1"}
    )
    assert "x-evil" not in answer.headers
    for name in (b"x-llmhub-call-id", b"x-llmhub-label-team"):
        raw = roomy.say(get(b"/v1/models", LOCAL, name + b": a\r\n\tx-evil: 1"))
        assert b"\r\nx-evil" not in raw
    bad = httpx.post(
        f"{roomy.url}/v1/chat/completions",
        json={**asked, "model": "alone"},
        headers={"x-llmhub-call-id": "a b<script>"},
    )
    assert bad.status_code == 400


def test_script_in_a_models_name_comes_back_as_data_that_no_browser_runs(roomy) -> None:
    name, data = "<script>alert(1)</script>", ("application/json", "application/problem+json", "text/plain")
    for answer in (
        httpx.post(f"{roomy.url}/v1/chat/completions", json={"model": name, "messages": []}),
        httpx.get(f"{roomy.url}/v1/models/{name}"),
        httpx.get(f"{roomy.url}/api/models/{name}", timeout=60),  # which reads the catalog first
        httpx.get(f"{roomy.url}/{name}"),
    ):
        assert answer.headers["content-type"].startswith(data), answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_neither_prompts_nor_keys_nor_queries_are_logged(keyed) -> None:
    served, key = keyed
    url = f"{served.url}/v1/chat/completions?api_key=secret-in-query"
    asked = {"model": "alone", "messages": [{"role": "user", "content": "secret-in-prompt"}], "user": "secret-user"}
    answer = httpx.post(url, json=asked, headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    httpx.post(url, json={**asked, "temperature": "secret-in-fault"}, headers={"x-api-key": key})
    httpx.post(url, json=asked, headers={"x-api-key": "secret-wrong-key"})
    httpx.post(url, content=b"{secret-in-garbage", headers={"x-api-key": key})
    log = served.log.read_text()
    assert "POST /v1/chat/completions 200" in log
    assert "key=app" in log
    assert "secret" not in log
    assert key not in log
    assert key.split("_", 2)[2] not in log
