from __future__ import annotations

import asyncio
import contextlib
import email.utils
import gc
import http.client
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from llmhub.testing import Fault, ProviderServer

if TYPE_CHECKING:
    import anthropic
    import openai

HELLO: Any = [{"role": "user", "content": "one two three four five six"}]


def ask(client: openai.OpenAI, model: str = "m", **more: Any) -> Any:
    return client.chat.completions.create(model=model, messages=HELLO, **more)


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_status_is_raised_as_the_clients_own_error(
    openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic, status: int
) -> None:
    import anthropic
    import openai

    with pytest.raises(openai.APIStatusError) as of_openai:
        ask(openai_client, f"fault-{status}")
    with pytest.raises(anthropic.APIStatusError) as of_anthropic:
        anthropic_client.messages.create(model=f"fault-{status}", messages=HELLO, max_tokens=9)

    assert of_openai.value.status_code == of_anthropic.value.status_code == status
    assert isinstance(of_anthropic.value.body, dict)
    assert of_anthropic.value.body["type"] == "error"


def test_retry_after_comes_in_seconds_or_as_a_date(openai_client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.RateLimitError) as seconds:
        ask(openai_client, "fault-429-0.5")
    with pytest.raises(openai.RateLimitError) as date:
        ask(openai_client, "fault-429-date-30")

    assert seconds.value.response.headers["retry-after"] == "0.5"
    at = email.utils.parsedate_to_datetime(date.value.response.headers["retry-after"])
    assert 25 < at.timestamp() - time.time() <= 31


def test_a_hanging_server_runs_into_the_clients_timeout_and_notices_that_it_left(
    openai_client: openai.OpenAI, provider_server: ProviderServer
) -> None:
    import openai

    before = time.monotonic()
    with pytest.raises(openai.APITimeoutError):
        ask(openai_client, "fault-hang-30", timeout=0.2)

    assert time.monotonic() - before < 2
    openai_client.close()
    assert eventually(lambda: provider_server.counts.connections_open == 0)


def test_a_hang_shorter_than_the_timeout_only_delays_the_answer(openai_client: openai.OpenAI) -> None:
    before = time.monotonic()

    assert ask(openai_client, "fault-hang-0.2").choices
    assert time.monotonic() - before >= 0.2


def test_a_slow_first_byte_comes_after_the_headers(provider_server: ProviderServer) -> None:
    import httpx

    body = {"model": "fault-slow-0.3", "messages": HELLO}
    before = time.monotonic()
    with httpx.stream("POST", f"{provider_server.openai_base}/chat/completions", json=body) as answer:
        headers_after = time.monotonic() - before
        answer.read()

    assert headers_after < 0.25
    assert time.monotonic() - before >= 0.3


def test_a_paced_stream_waits_before_every_chunk(openai_client: openai.OpenAI) -> None:
    before = time.monotonic()
    chunks = list(ask(openai_client, "fault-pace-0.05", stream=True))

    assert time.monotonic() - before >= 0.05 * len(chunks)


@pytest.mark.parametrize(("word", "chunks"), [("cut-3", 3), ("cut-1", 1), ("reset-3", 3)])
def test_a_stream_is_broken_off_after_so_many_chunks(openai_client: openai.OpenAI, word: str, chunks: int) -> None:
    import httpx
    import openai

    seen: list[Any] = []
    with pytest.raises((httpx.TransportError, openai.APIConnectionError)):
        seen.extend(ask(openai_client, f"fault-{word}", stream=True))

    assert len(seen) == chunks


@pytest.mark.parametrize("word", ["cut-0", "cut-1", "cut-9", "reset-0", "reset-1"])
def test_a_plain_answer_is_broken_off(openai_client: openai.OpenAI, word: str) -> None:
    import openai

    with pytest.raises(openai.APIConnectionError):
        ask(openai_client, f"fault-{word}")


def test_a_reset_is_a_tcp_reset_and_a_cut_is_not(provider_server: ProviderServer) -> None:
    def end_of_connection(word: str) -> bytes | str:
        body = b'{"model": "m", "messages": [{"role": "user", "content": "hey"}]}'
        request = (
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n"
            b"x-llmhub-fault: %b\r\ncontent-length: %d\r\n\r\n" % (word.encode(), len(body))
        )
        with socket.create_connection(("127.0.0.1", provider_server.port), timeout=5) as connection:
            connection.sendall(request + body)
            try:
                while data := connection.recv(65536):
                    last = data
            except ConnectionResetError:
                return "reset"
            return last

    assert end_of_connection("reset-1") == "reset"
    assert b"chat.completion" in end_of_connection("cut-1")  # type: ignore[operator]


def test_bad_json_has_status_200(provider_server: ProviderServer) -> None:
    import httpx

    body = {"model": "fault-bad-json", "messages": HELLO}
    answer = httpx.post(f"{provider_server.openai_base}/chat/completions", json=body)

    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()


def test_a_stream_without_finish_reason_ends_in_good_order(
    openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic
) -> None:
    chunks = list(ask(openai_client, "fault-no-finish", stream=True))
    events = list(anthropic_client.messages.create(model="fault-no-finish", messages=HELLO, max_tokens=99, stream=True))

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).startswith("You said: one")
    assert all(chunk.choices[0].finish_reason is None for chunk in chunks)
    assert "message_stop" not in {event.type for event in events}


def test_empty_and_filtered_answers_have_no_text(openai_client: openai.OpenAI) -> None:
    empty, filtered = (ask(openai_client, f"fault-{word}").choices[0] for word in ("empty", "filtered"))

    assert (empty.message.content, empty.finish_reason) == ("", "stop")
    assert (filtered.message.content, filtered.finish_reason) == ("", "content_filter")


@pytest.mark.parametrize(
    ("word", "code", "wording"),
    [
        ("context-length", "context_length_exceeded", "prompt is too long"),
        ("content-filter", "content_filter", "content filtering policy"),
    ],
)
def test_refusals_are_worded_as_each_provider_words_them(
    openai_client: openai.OpenAI, anthropic_client: anthropic.Anthropic, word: str, code: str, wording: str
) -> None:
    import anthropic
    import openai

    with pytest.raises(openai.BadRequestError) as of_openai:
        ask(openai_client, f"fault-{word}")
    with pytest.raises(anthropic.BadRequestError, match=wording):
        anthropic_client.messages.create(model=f"fault-{word}", messages=HELLO, max_tokens=9)

    assert of_openai.value.code == code


def test_insufficient_quota_is_told_by_its_code(openai_client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.RateLimitError) as raised:
        ask(openai_client, "fault-insufficient-quota")

    assert raised.value.code == "insufficient_quota"


# --- scripting ------------------------------------------------------------------------------------------------------


def outcomes(client: openai.OpenAI, model: str, times: int) -> list[int]:
    import openai

    found = []
    for _ in range(times):
        try:
            ask(client, model)
            found.append(200)
        except openai.APIStatusError as error:
            found.append(error.status_code)
    return found


def test_a_script_is_consumed_in_order_and_concerns_one_model(
    openai_client: openai.OpenAI, provider_server: ProviderServer
) -> None:
    provider_server.script("m", ["500", Fault(kind="status", status=429), "ok", "503"])

    assert outcomes(openai_client, "other", 1) == [200]
    assert outcomes(openai_client, "m", 6) == [500, 429, 200, 503, 200, 200]


def test_fail_always_and_clear(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    provider_server.fail("m", "500", times=2)
    provider_server.always("n", "503")

    assert outcomes(openai_client, "m", 3) == [500, 500, 200]
    assert outcomes(openai_client, "n", 3) == [503, 503, 503]
    provider_server.clear()
    assert outcomes(openai_client, "n", 1) == [200]


def test_a_request_refused_for_itself_consumes_no_fault(
    openai_client: openai.OpenAI, provider_server: ProviderServer
) -> None:
    provider_server.script("m", ["500"])

    assert outcomes(openai_client, "fault-explode", 1) == [400]
    assert outcomes(openai_client, "m", 2) == [500, 200]


def test_the_header_asks_for_a_fault_whatever_the_model(openai_client: openai.OpenAI) -> None:
    import openai

    with pytest.raises(openai.InternalServerError):
        ask(openai_client, extra_headers={"x-llmhub-fault": "500"})
    with pytest.raises(openai.BadRequestError, match="no fault 'explode'"):
        ask(openai_client, extra_headers={"x-llmhub-fault": "explode"})
    assert ask(openai_client, "fault-500", extra_headers={"x-llmhub-fault": "ok"}).choices


def test_any_model_covers_requests_without_one(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    import openai

    provider_server.always("*", "503")

    with pytest.raises(openai.InternalServerError):
        openai_client.models.list()


# --- the required key -----------------------------------------------------------------------------------------------


def test_a_required_key_lets_in_who_shows_it_and_nobody_else() -> None:
    import anthropic
    import openai

    with ProviderServer(required_key="sk-right") as server:
        with openai.OpenAI(base_url=server.openai_base, api_key="sk-right", max_retries=0) as right:
            assert ask(right).choices
        with (
            openai.OpenAI(base_url=server.openai_base, api_key="sk-wrong", max_retries=0) as wrong,
            pytest.raises(openai.AuthenticationError) as raised,
        ):
            ask(wrong)
        with anthropic.Anthropic(base_url=server.anthropic_base, api_key="sk-right", max_retries=0) as right_too:
            assert right_too.messages.create(model="m", messages=HELLO, max_tokens=9).content
        with (
            anthropic.Anthropic(base_url=server.anthropic_base, api_key="sk-wrong", max_retries=0) as wrong_too,
            pytest.raises(anthropic.AuthenticationError),
        ):
            wrong_too.messages.create(model="m", messages=HELLO, max_tokens=9)

    assert "sk-" not in str(raised.value)
    assert raised.value.code == "invalid_api_key"


def test_keys_are_kept_as_a_fingerprint_only(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    ask(openai_client)
    with_other_key = openai_client.with_options(api_key="sk-other")
    ask(with_other_key)
    ask(openai_client)

    first, other, again = (request.headers["authorization"] for request in provider_server.requests)
    assert first.startswith("sha256:")
    assert first == again != other
    assert "sk-" not in repr([dict(request.headers) for request in provider_server.requests])


# --- counting -------------------------------------------------------------------------------------------------------


def test_requests_are_counted_per_path_and_model(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    ask(openai_client, "a")
    ask(openai_client, "a")
    openai_client.embeddings.create(model="b", input="x", dimensions=2)
    openai_client.models.list()

    counts = provider_server.counts
    assert counts.requests == 4
    assert counts.by_path == {"/v1/chat/completions": 2, "/v1/embeddings": 1, "/v1/models": 1}
    assert counts.by_model == {"a": 2, "b": 1}


def test_the_last_requests_are_kept_with_body_and_headers(openai_client: openai.OpenAI) -> None:
    import openai

    with ProviderServer(keep=2) as server, openai.OpenAI(base_url=server.openai_base, api_key="k") as client:
        for model in ("a", "b", "c"):
            ask(client, model, temperature=0.5)

        assert [request.model for request in server.requests] == ["b", "c"]
        last = server.requests[-1]
        assert (last.method, last.path) == ("POST", "/v1/chat/completions")
        assert last.json == {"model": "c", "messages": HELLO, "temperature": 0.5}
        assert last.headers["content-type"] == "application/json"


def test_one_client_keeps_one_connection(provider_server: ProviderServer) -> None:
    import openai

    with openai.OpenAI(base_url=provider_server.openai_base, api_key="k") as client:
        for _ in range(20):
            ask(client)
        assert provider_server.counts.connections_accepted == 1
        assert provider_server.counts.connections_open == 1
    assert eventually(lambda: provider_server.counts.connections_open == 0)


def test_a_stream_that_is_read_to_its_end_keeps_its_connection(provider_server: ProviderServer) -> None:
    import httpx

    # Not with the openai package: it stops reading at the end mark, and so drops the connection of every stream.
    body = {"model": "m", "messages": HELLO, "stream": True}
    with httpx.Client(base_url=provider_server.openai_base) as client:
        for _ in range(20):
            assert b"[DONE]" in client.post("/chat/completions", json=body).content
    assert provider_server.counts.connections_accepted == 1


def test_reset_forgets_counts_and_scripts(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    provider_server.always("m", "500")
    provider_server.reply("n", "no")
    outcomes(openai_client, "m", 1)
    provider_server.reset()

    counts = provider_server.counts
    assert (counts.requests, counts.by_model, counts.connections_accepted, provider_server.requests) == (0, {}, 0, ())
    assert outcomes(openai_client, "m", 1) == [200]
    assert ask(openai_client, "n").choices[0].message.content != "no"


def test_fifty_concurrent_requests_are_all_answered(provider_server: ProviderServer) -> None:
    import openai

    async def ask_fifty() -> list[str | None]:
        async with openai.AsyncOpenAI(base_url=provider_server.openai_base, api_key="k", max_retries=0) as client:

            async def one(number: int) -> str | None:
                messages: Any = [{"role": "user", "content": f"number {number}"}]
                answer = await client.chat.completions.create(model="fault-hang-0.2", messages=messages)
                return answer.choices[0].message.content

            return await asyncio.gather(*(one(number) for number in range(50)))

    before = time.monotonic()
    assert asyncio.run(ask_fifty()) == [f"You said: number {number}" for number in range(50)]
    assert time.monotonic() - before < 5
    assert provider_server.counts.requests == 50


def test_threads_are_answered_side_by_side(openai_client: openai.OpenAI, provider_server: ProviderServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: ask(openai_client, f"m{number}").model, range(40)))

    assert answers == [f"m{number}" for number in range(40)]
    assert len(provider_server.counts.by_model) == 40


# --- starting and stopping ------------------------------------------------------------------------------------------


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0  # noqa: PTH112, PTH208


def test_it_starts_in_well_under_a_second_and_leaves_nothing_behind() -> None:
    import httpx

    with ProviderServer():
        pass  # whatever is imported on first use is imported now
    gc.collect()
    threads, files = threading.active_count(), open_files()
    started = time.monotonic()
    with ProviderServer() as server:
        assert time.monotonic() - started < 0.5
        port = server.port
        with httpx.Client() as client:
            client.get(f"{server.openai_base}/models")
            assert server.counts.connections_open == 1
    gc.collect()

    assert threading.active_count() == threads
    assert open_files() == files
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()


def test_stopping_does_not_wait_for_an_answer_that_hangs(caplog: pytest.LogCaptureFixture) -> None:
    import openai

    errors: list[Exception] = []

    def ask_in_vain(base: str) -> None:
        with openai.OpenAI(base_url=base, api_key="k", max_retries=0) as client:
            try:
                ask(client, "fault-hang-60")
            except openai.APIConnectionError as error:
                errors.append(error)

    with caplog.at_level(logging.DEBUG), ProviderServer() as server:
        caller = threading.Thread(target=ask_in_vain, args=(server.openai_base,))
        caller.start()
        assert eventually(lambda: server.counts.requests == 1)
        before = time.monotonic()
        server.stop()
    caller.join(5)

    assert time.monotonic() - before < 2
    assert len(errors) == 1
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_faults_that_break_connections_leave_no_word_in_the_log(
    openai_client: openai.OpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    import openai

    for word in ("cut-0", "cut-1", "reset-0", "reset-1"):
        with pytest.raises(openai.APIConnectionError):
            ask(openai_client, f"fault-{word}")

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_it_can_be_stopped_twice_and_started_again() -> None:
    server = ProviderServer()
    server.start()
    first = server.port
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        _ = server.url
    with server:
        with pytest.raises(RuntimeError, match="runs already"):
            server.start()
        assert server.port > 0
    assert first > 0


def test_a_taken_port_is_an_os_error() -> None:
    with ProviderServer() as server, pytest.raises(OSError, match="in use"):
        ProviderServer(port=server.port).start()


def test_an_idle_connection_is_kept(provider_server: ProviderServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", provider_server.port, timeout=5)
    with contextlib.closing(connection):
        for pause in (6, 0):  # uvicorn's own default would close after 5 s
            connection.request("GET", "/v1/models")
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
            time.sleep(pause)
    assert provider_server.counts.connections_accepted == 1
