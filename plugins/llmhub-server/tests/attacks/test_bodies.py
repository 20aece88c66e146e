"""Attacks by the body of a request: too large, too slow, malformed."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


@pytest.fixture
def ask(worker):
    def send(content, **headers):
        return httpx.post(
            f"{worker.url}/v1/chat/completions",
            content=content,
            headers={"content-type": "application/json", **headers},
            timeout=30,
        )

    return send


def code_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_a_body_declared_too_large_is_refused_with_413_before_a_byte_of_it_is_read(worker, speak) -> None:
    began = time.monotonic()
    with worker.connect() as connection:
        connection.sendall(speak["post"](b"", b"Content-Length: 99999999999"))
        first = connection.recv(65536)
        while b'body_too_large"' not in first:
            first += connection.recv(65536)
    assert code_of(first) == 413
    assert b"connection: close" in first
    # Before anything would have been given up for being slow, let alone read.
    assert time.monotonic() - began < 1.5


def test_a_large_body_that_is_sent_whole_is_told_413_and_not_a_reset_connection(ask) -> None:
    answer = ask(b'{"a": "' + b"x" * 5_000_000 + b'"}')
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"


def test_a_chunked_body_without_an_end_is_refused_with_413_at_the_limit(worker, speak) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    answer = worker.say(speak["post"](b"", b"Transfer-Encoding: chunked"), *[chunk] * 10, pause=0.02)
    assert code_of(answer) == 413


def test_what_follows_a_body_that_is_longer_than_it_says_is_refused_and_ends_the_connection(worker, speak) -> None:
    body = speak["question"]()
    answer = worker.say(speak["post"](body + b"garbage\r\n\r\n", b"Content-Length: %d" % len(body)))
    assert answer.count(b"HTTP/1.1 400") == 1
    assert answer.endswith(b"Invalid HTTP request received.")


def test_a_body_shorter_than_it_says_is_given_up_with_408(worker, speak) -> None:
    began = time.monotonic()
    answer = worker.say(speak["post"](b'{"model"', b"Content-Length: 1000"))
    assert code_of(answer) == 408
    assert 1 < time.monotonic() - began < 9


def test_a_body_that_trickles_is_given_up_with_408_and_holds_no_place_for_calls(worker, ask, speak) -> None:
    def trickle(_: int) -> bytes:
        return worker.say(speak["post"](b"", b"Content-Length: 1000"), *[b" "] * 12, pause=0.2)

    with ThreadPoolExecutor(10) as pool:
        slow = [pool.submit(trickle, number) for number in range(10)]
        time.sleep(0.5)
        assert ask(speak["question"]()).status_code == 200
        assert {code_of(each.result()) for each in slow} == {408}


def test_many_bodies_at_once_are_refused_with_503_when_they_would_fill_the_memory(worker, speak, ask) -> None:
    part = b'{"a": "' + b"x" * 80_000

    def hold(_: int) -> bytes:
        return worker.say(speak["post"](part, b"Content-Length: 99000"))

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(map(code_of, pool.map(hold, range(8))))
    assert set(codes) == {408, 503}
    assert ask(speak["question"]()).status_code == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nothing", b""),
        ("NUL bytes", b"\x00" * 100),
        ("not UTF-8", b'{"model": "\xff\xfe", "messages": []}'),
        ("half a surrogate", b'{"model": "\\ud800", "messages": [{"role": "user", "content": "x"}]}'),
        ("arrays 50,000 deep", b"[" * 50_000 + b"]" * 49_999),
        ("objects 10,000 deep", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        ("messages 20,000 deep", b'{"model": "alone", "messages": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        ("a number of 90,000 digits", b'{"model": "alone", "max_tokens": ' + b"9" * 90_000 + b"}"),
        ("an exponent without end", b'{"model": "alone", "messages": [], "temperature": 1e999999999}'),
        ("no object", b"[1, 2, 3]"),
        ("infinity", b'{"model": "alone", "messages": [], "temperature": Infinity}'),
        ("a model that is a number", b'{"model": 1e400, "messages": []}'),
    ],
)
def test_a_malformed_body_is_answered_with_400_and_json(ask, worker, name, body) -> None:
    answer = ask(body)
    assert (answer.status_code, name) in ((400, name), (404, name))
    assert answer.headers["content-type"] == "application/json"
    json.loads(answer.text)["error"]["message"].encode()
    assert "Traceback" not in worker.log.read_text()


def test_of_a_key_that_stands_twice_the_last_counts_for_all_that_read_it(ask) -> None:
    body = b'{"model": "no-such", "model": "alone", "messages": [{"role": "user", "content": "Hi"}]}'
    answer = ask(body)
    assert answer.status_code in (200, 400)
    assert answer.headers.get("x-llmhub-role", "alone") == "alone"


def test_10_megabytes_of_one_string_are_taken_within_bounds_of_memory(roomy, speak) -> None:
    url = f"{roomy.url}/v1/chat/completions"
    for _ in range(3):
        messages = [{"role": "user", "content": "x" * 10_000_000}]
        answer = httpx.post(url, content=speak["question"](messages=messages), timeout=60)
        assert answer.status_code in (200, 400, 413)
    assert roomy.resident() < 500


def parts(number: int) -> list[dict[str, str]]:
    return [{"type": "text", "text": "x"}] * number


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("chat/completions", {"messages": [{"role": "user", "content": "x"}] * 10_001}),
        ("chat/completions", {"messages": [{"role": "user", "content": parts(6000)}] * 2}),
        ("chat/completions", {"messages": [{"role": "user", "content": "x"}], "stop": ["x"] * 10_001}),
        ("messages", {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": parts(10_001)}]}]}),
        ("responses", {"input": [{"role": "user", "content": parts(10_001)}]}),
        ("embeddings", {"input": ["x"] * 10_001}),
    ],
)
def test_more_entries_than_any_api_takes_are_refused_before_they_hold_up_other_calls(roomy, path, fields) -> None:
    model = "embed" if path == "embeddings" else "alone"
    answer = httpx.post(f"{roomy.url}/v1/{path}", json={"model": model, **fields}, timeout=60)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "too_many")


def test_of_200_000_unknown_fields_the_first_are_named(roomy) -> None:
    answer = httpx.post(f"{roomy.url}/v1/chat/completions", json={f"a{n}": 1 for n in range(200_000)}, timeout=60)
    assert answer.status_code == 400
    assert len(answer.content) < 10_000


def test_an_unknown_field_with_a_name_of_megabytes_is_not_repeated(roomy) -> None:
    answer = httpx.post(f"{roomy.url}/v1/chat/completions", json={"x" * 5_000_000: 1}, timeout=60)
    assert answer.status_code == 400
    assert len(answer.content) < 10_000


def test_a_form_of_a_hundred_thousand_fields_is_refused_after_the_first(roomy) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    kind = {"content-type": "multipart/form-data; boundary=b"}
    url = f"{roomy.url}/v1/audio/transcriptions"
    answer = httpx.post(url, content=part * 100_000 + b"--b--\r\n", headers=kind, timeout=60)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "too_many")
