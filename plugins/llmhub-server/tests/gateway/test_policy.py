"""A request meets all that a call of the hub meets: money, labels, variants, the cache, the record."""

from __future__ import annotations

import json
import socket
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello"}]
PRICED = {"provider": "openai", "model": "gpt-4o-mini", "retry": {"attempts": 1}, "params": {"max_tokens": 50}}


def post(gateway, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    document = {"model": "chat", "messages": HELLO, **more}
    return httpx.post(f"{gateway.openai_base}/chat/completions", json=document, headers=headers, timeout=20)


def comment_of(answer: httpx.Response) -> dict[str, Any]:
    line = next(line for line in answer.text.splitlines() if line.startswith(": llmhub "))
    told: dict[str, Any] = json.loads(line.removeprefix(": llmhub "))
    return told


@pytest.fixture
def priced(serve):
    return serve(roles={"chat": PRICED}, ledger="sqlite")


def test_the_cost_in_the_header_is_the_one_in_the_ledger(priced):
    answer = post(priced)
    [entry] = priced.recorded()
    assert Decimal(answer.headers["x-llmhub-cost"]) == entry.cost.dollars == Decimal("0.00000195")
    assert entry.call_id == answer.headers["x-llmhub-call-id"]


def test_a_stream_tells_its_cost_at_its_end_and_the_ledger_agrees(priced):
    answer = post(priced, stream=True)
    assert "x-llmhub-cost" not in answer.headers
    [entry] = priced.recorded()
    assert Decimal(comment_of(answer)["cost"]) == entry.cost.dollars
    assert entry.usage is not None
    assert entry.stream


def test_an_answer_without_a_known_price_has_no_cost_and_never_zero(serve):
    gateway = serve(roles={"chat": {**PRICED, "model": "nobody-knows-1"}}, ledger="sqlite")
    assert not [name for name in post(gateway).headers if "cost" in name]
    assert not [name for name in comment_of(post(gateway, stream=True)) if "cost" in name]


def test_the_user_and_labels_of_a_request_reach_the_ledger_and_not_the_provider(priced):
    post(
        priced,
        headers={"x-llmhub-label-tenant": "acme", "X-LLMHub-Label-Trace": "7"},
        user="ann",
        metadata={"feature": "search", "tenant": "overridden", "count": 3},
    )
    [entry] = priced.recorded()
    assert entry.labels == {"tenant": "acme", "trace": "7", "feature": "search"}
    assert entry.user_hash is not None
    sent = json.loads(priced.provider.requests[-1].body)
    assert not {"user", "metadata", "labels"} & set(sent)
    assert not [name for name in priced.provider.requests[-1].headers if "llmhub" in name]


def test_anthropics_user_is_the_user(priced):
    document = {"model": "chat", "max_tokens": 9, "messages": HELLO, "metadata": {"user_id": "ann"}}
    httpx.post(f"{priced.url}/v1/messages", json=document)
    assert priced.recorded()[0].user_hash is not None


@pytest.mark.parametrize(
    "metadata", [{f"label{number}": "x" for number in range(17)}, {"a\nb": "x"}, {"": "x"}, {"a": "x" * 513}]
)
def test_labels_that_cannot_be_are_refused(gateway, metadata):
    answer = post(gateway, metadata=metadata)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "labels")


def test_a_budget_that_will_be_full_again_is_a_limit_with_a_time(serve):
    budgets = {"tight": {"limit": "0.0000001", "window": "hour"}}
    gateway = serve(roles={"chat": PRICED}, ledger="sqlite", budgets=budgets)
    answer = post(gateway)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (429, "budget_exceeded")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert answer.headers["x-should-retry"] == "false"
    assert "tight" in error["message"]
    assert not gateway.provider.requests


def test_a_budget_that_is_never_full_again_is_a_quota_that_is_used_up(serve):
    budgets = {"tight": {"limit": "0.0000001", "window": "total"}}
    gateway = serve(roles={"chat": PRICED}, ledger="sqlite", budgets=budgets)
    answer = post(gateway)
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "insufficient_quota")
    assert "retry-after" not in answer.headers


def test_a_budget_of_a_label_counts_the_labels_of_requests(serve):
    budgets = {"acme": {"limit": "0.0000001", "window": "hour", "label": {"tenant": "acme"}}}
    gateway = serve(roles={"chat": PRICED}, ledger="sqlite", budgets=budgets)
    assert post(gateway, headers={"x-llmhub-label-tenant": "acme"}).status_code == 429
    assert post(gateway, headers={"x-llmhub-label-tenant": "other"}).status_code == 200


def test_a_call_of_unknown_cost_under_a_budget_says_what_is_missing(serve):
    budgets = {"tight": {"limit": "1", "window": "hour"}}
    gateway = serve(roles={"chat": {**PRICED, "model": "nobody-knows-1"}}, ledger="sqlite", budgets=budgets)
    answer = post(gateway)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unbounded_cost")


def test_a_variant_is_told_and_sticks_to_its_user(serve):
    variants = [{"name": "a"}, {"name": "b", "model": "gpt-4o"}]
    gateway = serve(roles={"chat": {**PRICED, "variants": variants, "sticky_by": "user"}}, ledger="none")
    told = {user: {post(gateway, user=user).headers["x-llmhub-variant"] for _ in range(3)} for user in "abcdefgh"}
    assert all(len(found) == 1 for found in told.values())
    assert set().union(*told.values()) == {"a", "b"}


def test_an_answer_out_of_the_cache_says_so_and_costs_nothing(serve):
    gateway = serve(roles={"chat": {**PRICED, "cache": {"ttl": 60}}}, ledger="sqlite")
    first, second = post(gateway), post(gateway)
    assert "x-llmhub-cached" not in first.headers
    assert second.headers["x-llmhub-cached"] == "true"
    assert second.headers["x-llmhub-attempts"] == "0"
    assert Decimal(second.headers["x-llmhub-cost"]) == 0
    said = [answer.json()["choices"][0]["message"]["content"] for answer in (first, second)]
    assert said[0] == said[1]
    assert gateway.provider.counts.requests == 1


def test_no_answer_shows_a_key_of_a_provider(priced):
    for fault in ("401", "500", "400", "bad-json"):
        priced.provider.fail("gpt-4o-mini", fault)
        answer = post(priced)
        assert "sk-loopback" not in answer.text + str(answer.headers)


# --- clients that go away -------------------------------------------------------------------------------------------


def raw(gateway, document: dict[str, Any]) -> socket.socket:
    """A connection over which the request was sent, and nothing read."""
    body = json.dumps(document).encode()
    connection = socket.create_connection(("127.0.0.1", int(gateway.url.rsplit(":", 1)[1])))
    connection.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n" % len(body) + body
    )
    return connection


def test_a_client_that_goes_away_before_the_answer_cancels_the_call(priced):
    priced.provider.fail("gpt-4o-mini", "hang-30")
    with raw(priced, {"model": "chat", "messages": HELLO}):
        wait_for(lambda: priced.provider.counts.requests == 1)
    began = time.monotonic()
    [entry] = priced.recorded()
    assert entry.status == "cancelled"
    assert time.monotonic() - began < 5
    assert post(priced).status_code == 200, "the worker goes on"


def test_a_client_that_goes_away_in_a_stream_cancels_the_call_and_its_tokens_count_as_unknown(priced):
    priced.provider.fail("gpt-4o-mini", "pace-0.3")
    with raw(priced, {"model": "chat", "messages": HELLO, "stream": True}) as connection:
        assert b"200 OK" in connection.recv(4096)
        connection.recv(4096)
    [entry] = priced.recorded()
    assert (entry.status, entry.stream, entry.cost.dollars) == ("cancelled", True, None)


def test_a_client_that_goes_away_with_half_a_request_leaves_no_trace(priced):
    with socket.create_connection(("127.0.0.1", int(priced.url.rsplit(":", 1)[1]))) as connection:
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 100\r\n\r\n{")
    assert post(priced).status_code == 200
    assert len(priced.recorded()) == 1


def wait_for(happened) -> None:
    until = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)
