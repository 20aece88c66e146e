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
        assert answer.json()["error"]["code"] == "invalid_api_key"


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
