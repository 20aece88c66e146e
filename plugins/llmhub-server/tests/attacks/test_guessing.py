"""Attacks on keys: guessing them, timing them, going beyond what one allows."""

from __future__ import annotations

import json
import random
import statistics
import time
from typing import Any

import httpx
import pytest

from llmhub_server.access.ring import KeyRing
from llmhub_server.access.store import KeyStore


def ask(served: Any, headers: dict[str, str], path: str = "/v1/chat/completions", **more: Any) -> httpx.Response:
    asked = {"model": "alone", "messages": [{"role": "user", "content": "Hi"}], **more}
    return httpx.post(f"{served.url}{path}", json=asked, headers=headers, timeout=30)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer llmhub__"},
        {"authorization": "Basic bGxtaHViOmtleQ=="},
        {"authorization": "Bearer llmhub_000000000000_guess"},
        {"x-api-key": "' OR 1=1 --"},
        {"x-api-key": "*"},
        {"cookie": "key=llmhub"},
    ],
)
def test_without_a_key_that_holds_every_route_answers_401(keyed, headers) -> None:
    served, _ = keyed
    for method, path in (
        ("GET", "/v1/models"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/api/catalog"),
        ("GET", "/metrics"),
        ("GET", "/nothing"),
    ):
        answer = httpx.request(method, f"{served.url}{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "invalid_api_key" in answer.text


def test_anthropics_clients_are_told_in_their_own_shape(keyed) -> None:
    served, _ = keyed
    answer = ask(served, {"x-api-key": "wrong"}, "/v1/messages")
    assert answer.status_code == 401
    assert (answer.json()["type"], answer.json()["error"]["type"]) == ("error", "authentication_error")


def test_a_key_in_the_query_opens_nothing(keyed) -> None:
    served, key = keyed
    assert httpx.get(f"{served.url}/v1/models?api_key={key}&key={key}").status_code == 401


def test_a_key_reaches_its_own_roles_and_learns_of_no_others(keyed) -> None:
    served, key = keyed
    mine = {"authorization": f"Bearer {key}"}
    assert ask(served, mine).status_code == 200
    listed = httpx.get(f"{served.url}/v1/models", headers=mine).json()["data"]
    assert [each["id"] for each in listed] == ["alone"]
    there, not_there = (ask(served, mine, model=name) for name in ("chat", "no-such"))
    assert (there.status_code, not_there.status_code) == (403, 403)
    assert there.json()["error"]["message"].replace("chat", "") == not_there.json()["error"]["message"].replace(
        "no-such", ""
    )
    assert httpx.get(f"{served.url}/v1/models/chat", headers=mine).status_code == 403


ROUTES = {
    "calls": ("/v1/models", "/v1/models/alone", "/v1/chat/completions", "/v1/messages/count_tokens", "/v1/nothing"),
    "catalog": ("/api/catalog", "/api/catalog/export", "/api/models/any", "/api/recommend", "/api/nothing"),
    "metrics": ("/metrics",),
}


@pytest.mark.parametrize("allowed", ROUTES)
def test_a_key_opens_what_it_allows_and_nothing_beside_it_however_it_is_asked(keyed, allowed) -> None:
    served, _ = keyed
    headers = {"authorization": f"Bearer {served.project.new_key(f'only {allowed}', *OPTIONS[allowed])}"}
    known(served, headers)
    for permission, paths in ROUTES.items():
        for path in paths:
            for method in ("GET", "POST", "HEAD", "PUT", "OPTIONS"):
                status = httpx.request(method, f"{served.url}{path}", headers=headers, timeout=60).status_code
                assert (status == 403) == (permission != allowed), (method, path, status)
    if allowed != "metrics":
        for path in (b"/metrics/", b"//metrics", b"/./metrics", b"/METRICS", b"/metrics?a=/v1/", b"/v1/../metrics"):
            said = served.say(
                b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                b"Authorization: " + headers["authorization"].encode() + b"\r\n\r\n"
            )
            assert b"llmhub_requests_total" not in said
            assert said.split(b" ")[1] in (b"403", b"404", b"400"), path


OPTIONS = {
    "calls": ("--allow", "calls", "--role", "alone"),
    "catalog": ("--allow", "catalog"),
    "metrics": ("--allow", "metrics"),
}


def known(served: Any, headers: dict[str, str]) -> None:
    """Wait until a key that was just made is known."""
    until = time.monotonic() + 30
    while httpx.get(f"{served.url}/openapi.json", headers=headers, timeout=60).status_code == 401:
        assert time.monotonic() < until


def test_what_a_key_does_not_allow_is_told_in_the_words_of_whoever_asks_with_what_to_do(keyed) -> None:
    served, _ = keyed
    headers = {"x-api-key": served.project.new_key("watcher", "--allow", "metrics")}
    known(served, headers)
    openai, anthropic = (ask(served, headers, path).json() for path in ("/v1/chat/completions", "/v1/messages"))
    assert (openai["error"]["type"], openai["error"]["code"]) == ("permission_error", "missing_permission")
    assert "keys add NAME --allow calls --role ROLE" in openai["error"]["message"]
    assert (anthropic["type"], anthropic["error"]["type"]) == ("error", "permission_error")
    listed = httpx.get(f"{served.url}/v1/models", headers={**headers, "anthropic-version": "2023-06-01"})
    assert listed.json()["error"]["type"] == "permission_error"
    catalog = httpx.get(f"{served.url}/api/sources", headers=headers)
    assert catalog.headers["content-type"] == "application/problem+json"
    assert "keys add NAME --allow catalog" in catalog.json()["detail"]


def test_a_key_cannot_put_its_calls_on_the_account_of_another(keyed) -> None:
    served, key = keyed
    headers = {"authorization": f"Bearer {key}", "x-llmhub-label-key": "other"}
    assert ask(served, headers, metadata={"key": "another"}).status_code == 200

    def labels() -> list[dict[str, str]]:
        import sqlite3

        connection = sqlite3.connect(served.project.kept / "ledger.db")
        rows = connection.execute("SELECT labels FROM calls").fetchall()
        connection.close()
        return [json.loads(text) for (text,) in rows]

    time.sleep(0.5)
    found = labels()
    assert found
    assert {each["key"] for each in found} == {"app"}


def test_the_time_of_a_refusal_does_not_tell_whether_the_id_is_known(keyed) -> None:
    """Interleaved at random, many thousand times: the medians differ by less than their own noise."""
    served, key = keyed
    ring = KeyRing(KeyStore.of("test", served.project.environ))
    key_id = key.split("_")[1]
    wrong = {
        "known": [{b"x-api-key": f"llmhub_{key_id}_{random.randbytes(32).hex()}".encode()} for _ in range(200)],
        "unknown": [
            {b"x-api-key": f"llmhub_{random.randbytes(6).hex()}_{random.randbytes(32).hex()}".encode()}
            for _ in range(200)
        ],
    }
    times: dict[str, list[int]] = {"known": [], "unknown": []}
    clock = time.perf_counter_ns
    for _ in range(40_000):
        kind = random.choice(("known", "unknown"))
        headers = random.choice(wrong[kind])
        began = clock()
        assert ring.principal(headers) is None
        times[kind].append(clock() - began)
    known, unknown = (statistics.median(times[kind]) for kind in ("known", "unknown"))
    spread = statistics.quantiles(times["known"], n=4)
    # A few nanoseconds of a dictionary, below a thousandth of what a network adds.
    assert abs(known - unknown) < max(500, spread[2] - spread[0]), (known, unknown, spread)
