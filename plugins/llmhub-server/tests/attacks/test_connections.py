"""Attacks by connections: slow, silent, many, or speaking in ways that two servers may read differently."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest


def code_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def ask(worker, speak) -> int:
    url = f"{worker.url}/v1/chat/completions"
    return httpx.post(url, content=speak["question"](), timeout=30).status_code


def test_a_head_that_trickles_is_given_up_with_408(worker) -> None:
    began = time.monotonic()
    answer = worker.say(b"GET /v1/models HTTP/1.1\r\n", *[b"x-a: b\r\n"] * 40, pause=0.1)
    assert code_of(answer) == 408
    assert time.monotonic() - began < 10


def test_a_connection_that_says_nothing_is_closed(worker) -> None:
    began = time.monotonic()
    assert worker.say() == b""
    assert 1 < time.monotonic() - began < 4


def test_a_second_head_that_trickles_on_a_kept_connection_is_given_up(worker) -> None:
    whole = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = worker.say(whole, b"GET /v1/mo", *[b"d"] * 40, pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in answer


def test_a_body_that_trickles_behind_a_get_does_not_hold_the_connection(worker) -> None:
    head = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    began = time.monotonic()
    worker.say(head, *[b"x"] * 80, pause=0.1)
    assert time.monotonic() - began < 9.5


@pytest.mark.parametrize("pieces", [1, 50])
def test_a_head_without_end_is_refused_with_431(worker, pieces) -> None:
    header = b"x-filler: " + b"y" * 4000 + b"\r\n"
    sent = [header * (50 // pieces)] * pieces
    answer = worker.say(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n", *sent)
    assert code_of(answer) == 431


def test_a_path_without_end_is_refused_with_431(worker) -> None:
    assert code_of(worker.say(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 431


def test_connections_beyond_the_limit_are_told_503_and_others_go_on(worker, speak) -> None:
    held = [worker.connect() for _ in range(20)]
    time.sleep(0.3)
    assert b"503 Service Unavailable" in worker.say(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
    held[0].sendall(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert held[0].recv(12) == b"HTTP/1.1 200"
    for connection in held:
        connection.close()
    time.sleep(0.3)
    assert ask(worker, speak) == 200


def test_calls_beyond_the_limit_are_told_503_with_retry_after_while_the_others_wait(
    worker, speak, provider_server
) -> None:
    provider_server.always("gpt-4o-mini", "hang-3")
    url = f"{worker.url}/v1/chat/completions"
    with httpx.Client(timeout=30) as client:

        def send(_: int) -> tuple[int, float, str | None]:
            answer = client.post(url, content=speak["question"]())
            return answer.status_code, time.monotonic(), answer.headers.get("retry-after")

        with ThreadPoolExecutor(12) as pool:
            found = list(pool.map(send, range(12)))
        refused = [each for each in found if each[0] == 503]
        answered = [each for each in found if each[0] == 200]
        assert (len(refused), len(answered)) == (8, 4)
        assert {each[2] for each in refused} == {"1"}
        assert min(each[1] for each in refused) < min(each[1] for each in answered) - 1
        assert client.get(f"{worker.url}/v1/models").status_code == 200


def test_a_reader_who_takes_nothing_of_a_stream_is_left_and_his_call_ended(worker, speak, provider_server) -> None:
    provider_server.reply("gpt-4o-mini", f"{'word' * 500} " * 6_000)
    before = worker.resident()
    held = [worker.connect(window=4096) for _ in range(3)]
    for connection in held:
        body = speak["question"](stream=True)
        connection.sendall(speak["post"](body, b"Content-Length: %d" % len(body)))
    time.sleep(1.5)
    grown = worker.resident() - before
    # All places for calls are free again after a while, and the connections gone, though nobody closed them here.
    provider_server.reset()
    end = time.monotonic() + 40
    with ThreadPoolExecutor(4) as pool:
        while list(pool.map(lambda _: ask(worker, speak), range(4))) != [200] * 4:
            assert time.monotonic() < end
    for connection in held:
        connection.close()
    assert grown < 100


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("both lengths", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        ("both lengths, the other way", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        ("two lengths", b"Content-Length: 4\r\nContent-Length: 50\r\n"),
        ("a length with a sign", b"Content-Length: +4\r\n"),
        ("a negative length", b"Content-Length: -1\r\n"),
        ("a length in hex", b"Content-Length: 0x4\r\n"),
        ("chunked, and not last", b"Transfer-Encoding: chunked, identity\r\n"),
        ("an unknown coding", b"Transfer-Encoding: xchunked\r\n"),
        ("a blank before the colon", b"Transfer-Encoding : chunked\r\n"),
        ("a folded header", b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n"),
        ("a bare line feed", b"Content-Length: 4\nX: y\r\n"),
        ("a bare carriage return", b"Content-Length: 4\rX: y\r\n"),
        ("a NUL in a header", b"X: a\x00b\r\nContent-Length: 4\r\n"),
    ],
)
def test_a_request_that_two_servers_could_cut_differently_is_refused_with_its_connection(worker, name, head) -> None:
    request = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n0\r\n\r\n" + SMUGGLED
    answer = worker.say(request)
    assert answer.count(b"HTTP/1.1") <= 1, (name, answer)
    assert code_of(answer) in (0, 400, 408, 413), (name, answer)
    assert b"smuggled" not in worker.log.read_bytes(), name


def test_a_chunk_size_that_overflows_is_refused(worker, speak) -> None:
    answer = worker.say(speak["post"](b"", b"Transfer-Encoding: chunked"), b"FFFFFFFFFFFFFFFFF\r\nx\r\n")
    assert code_of(answer) in (0, 400, 413)


def test_what_is_no_http_is_refused_and_nothing_of_it_logged(worker) -> None:
    assert code_of(worker.say(b"\x16\x03\x01 secret-in-garbage \x00\xff\r\n\r\n")) == 400
    assert code_of(worker.say(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) in (0, 400, 404, 405)
    assert b"secret-in-garbage" not in worker.log.read_bytes()
