"""One call, over the real any-llm, to a real server on 127.0.0.1."""

import asyncio
import inspect
import json
import logging
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import BaseModel

from llmhub import Hub, errors
from llmhub.host import PluginHost
from llmhub.records.config import Retry

HELLO = [{"role": "user", "content": "Hello"}]


async def collect(stream):
    return [chunk async for chunk in stream]


def text_of(chunks) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@pytest.mark.parametrize("role", ["chat", "claude", "gateway"])
def test_a_chat_role_answers_with_any_llms_own_object(hub, role):
    answer = hub.completion(role, HELLO)
    assert type(answer).__module__.startswith("any_llm.")
    assert "Hello" in answer.choices[0].message.content


@pytest.mark.parametrize("role", ["chat", "claude", "gateway"])
def test_the_async_form_answers_the_same(hub, role):
    answer = asyncio.run(hub.acompletion(role, HELLO))
    assert answer.choices[0].message.content == hub.completion(role, HELLO).choices[0].message.content


@pytest.mark.parametrize("role", ["chat", "claude", "gateway"])
def test_a_stream_brings_the_same_text_in_chunks_sync_and_async(hub, role):
    whole = hub.completion(role, HELLO).choices[0].message.content
    chunks = list(hub.completion(role, HELLO, stream=True))
    assert len(chunks) > 1
    assert text_of(chunks) == whole

    async def main():
        stream = await hub.acompletion(role, HELLO, stream=True)
        return text_of(await collect(stream))

    assert asyncio.run(main()) == whole


def test_an_embedding_role_gives_a_vector_of_the_asked_size_for_every_text(hub):
    answer = hub.embedding("embed", ["hello world", "goodbye world"])
    assert [len(row.embedding) for row in answer.data] == [16, 16]
    assert len(hub.embedding("embed", "one", embedding_dim=8).data[0].embedding) == 8
    assert len(asyncio.run(hub.aembedding("embed", ("one", "two"))).data) == 2


def test_parameters_of_the_call_win_over_those_of_the_file(hub, provider_server):
    hub.completion("claude", HELLO, params_override={"temperature": 1.0, "max_tokens": 100})
    body = provider_server.requests[-1].json
    assert (body["temperature"], body["max_tokens"]) == (1.0, 100)
    hub.completion("claude", HELLO, params_override={"temperature": 1.0}, temperature=0.5)
    body = provider_server.requests[-1].json
    assert (body["temperature"], body["max_tokens"]) == (0.5, 64)


def test_the_user_of_a_call_is_not_told_to_the_provider(hub, provider_server):
    hub.completion("chat", HELLO, user="alice")
    assert "alice" not in provider_server.requests[-1].body.decode()


def test_a_structured_answer_comes_parsed(hub):
    class City(BaseModel):
        name: str

    answer = hub.completion("chat", HELLO, response_format=City)
    assert isinstance(answer.choices[0].message.parsed, City)


# --- failures -------------------------------------------------------------------------------------------------------

FAULTS = [
    ("401", errors.AuthenticationError, 401),
    ("403", errors.AuthenticationError, 403),
    ("404", errors.ModelNotFoundError, 404),
    ("429-2", errors.RateLimitError, 429),
    ("400", errors.InvalidRequestError, 400),
    ("context-length", errors.ContextLengthError, 400),
    ("content-filter", errors.ContentFilterError, 400),
    ("insufficient-quota", errors.InsufficientFundsError, ...),
    ("500", errors.ProviderError, 500),
    ("503", errors.ProviderError, 503),
    ("529", errors.ProviderError, 529),
    ("bad-json", errors.ProviderError, None),
    ("cut-0", errors.UnreachableError, None),
    ("reset-1", errors.UnreachableError, None),
]


@pytest.mark.parametrize("role", ["chat", "claude"])
@pytest.mark.parametrize(("fault", "kind", "status"), FAULTS)
def test_each_fault_of_a_provider_has_its_own_class(hub, provider_server, role, fault, kind, status):
    provider_server.always("*", fault)
    with pytest.raises(errors.CallError) as caught:
        hub.completion(role, HELLO)
    error = caught.value
    assert type(error) is kind
    assert error.role == role
    assert error.provider == {"chat": "openai", "claude": "anthropic"}[role]
    assert error.status_code == status or status is ...
    assert len(error.attempts) == 1
    assert error.attempts[0].error_class == kind.__name__


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("401", errors.AuthenticationError), ("429", errors.RateLimitError), ("500", errors.ProviderError)],
)
def test_a_stream_that_fails_before_its_first_chunk_fails_at_the_call(hub, provider_server, fault, kind):
    provider_server.always("*", fault)
    with pytest.raises(kind):
        hub.completion("chat", HELLO, stream=True)
    with pytest.raises(kind):
        asyncio.run(hub.acompletion("chat", HELLO, stream=True))


def test_the_seconds_a_provider_asks_to_wait_are_told(hub, provider_server):
    provider_server.always("*", "429-2")
    with pytest.raises(errors.RateLimitError) as caught:
        hub.completion("chat", HELLO)
    assert caught.value.retry_after == 2.0


def test_the_wait_may_also_be_told_as_a_date(hub, provider_server):
    provider_server.always("*", "429-date-30")
    with pytest.raises(errors.RateLimitError) as caught:
        hub.completion("chat", HELLO)
    assert 25 < caught.value.retry_after <= 31


def test_a_provider_that_is_down_is_told_as_unreachable(free_port):
    config = {
        "project": "p",
        "providers": {"openai": {"api_base": f"http://127.0.0.1:{free_port}/v1"}},
        "roles": {"chat": {"provider": "openai", "model": "m", "retry": {"attempts": 1}}},
    }
    with Hub(config=config, plugins=PluginHost.empty()) as down, pytest.raises(errors.UnreachableError):
        down.completion("chat", HELLO)


def test_an_attempt_that_takes_too_long_is_cut_at_its_timeout(make_hub, provider_server):
    provider_server.always("*", "hang-30")
    with pytest.raises(errors.CallTimeoutError, match=r"within 0\.2 s"):
        make_hub(timeout=0.2).completion("chat", HELLO)


def test_the_deadline_bounds_all_attempts_together(make_hub, provider_server):
    provider_server.always("*", "hang-30")
    hub = make_hub(deadline=0.5, timeout=0.2, retry=Retry(attempts=50, max_delay=0.01), fallbacks=("claude-haiku",))
    with pytest.raises(errors.AllTargetsFailed) as caught:
        hub.completion("chat", HELLO)
    assert sum(attempt.duration for attempt in caught.value.attempts) < 1.0


def test_what_may_pass_is_tried_again(make_hub, provider_server):
    provider_server.script("gpt-4o-mini", ["500", "429-0"])
    hub = make_hub(retry=Retry(attempts=3, max_delay=0.01))
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content
    assert provider_server.counts.by_model["gpt-4o-mini"] == 3


def test_a_failing_target_gives_way_to_its_fallback_after_exactly_one_request_each(make_hub, provider_server):
    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",))
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content
    assert provider_server.counts.by_model == {"fault-500": 1, "claude-haiku": 1}


def test_a_stream_falls_back_before_its_first_chunk(make_hub, provider_server):
    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",))
    assert "Hello" in text_of(hub.completion("chat", HELLO, stream=True))


def test_a_wrong_key_does_not_hide_behind_a_fallback(make_hub, provider_server):
    with pytest.raises(errors.AuthenticationError):
        make_hub(chat="fault-401", fallbacks=("claude-haiku",)).completion("chat", HELLO)
    assert "claude-haiku" not in provider_server.counts.by_model


def test_when_all_targets_fail_every_attempt_is_listed_with_its_reason(make_hub):
    hub = make_hub(chat="fault-500", fallbacks=("fault-503", "fault-429"))
    with pytest.raises(errors.AllTargetsFailed) as caught:
        hub.completion("chat", HELLO)
    text = str(caught.value)
    assert [attempt.model for attempt in caught.value.attempts] == ["fault-500", "fault-503", "fault-429"]
    for expected in ("1. openai:fault-500", "2. anthropic:fault-503", "3. anthropic:fault-429", "RateLimitError"):
        assert expected in text
    assert isinstance(caught.value.__cause__, errors.RateLimitError)


@pytest.mark.parametrize("fault", ["cut-2", "reset-2", "no-finish"])
def test_a_stream_that_was_cut_is_an_error_and_never_a_clean_end(hub, provider_server, fault):
    provider_server.always("*", fault)
    received = []
    with pytest.raises((errors.InterruptedStreamError, errors.UnreachableError)):
        for chunk in hub.completion("chat", HELLO, stream=True):
            received.append(chunk)  # noqa: PERF402 - what arrived before the cut is what is asked for
    assert received

    async def main():
        async for _ in await hub.acompletion("chat", HELLO, stream=True):
            pass

    with pytest.raises((errors.InterruptedStreamError, errors.UnreachableError)):
        asyncio.run(main())


def test_a_fault_on_this_side_is_not_taken_for_the_providers(make_hub, provider_server):
    def undocumented(x: int) -> int:
        return x

    hub = make_hub(fallbacks=("claude-haiku",))
    with pytest.raises(errors.ClientError, match="docstring"):
        hub.completion("chat", HELLO, tools=[undocumented])
    assert provider_server.counts.requests == 0


def test_a_parameter_nobody_knows_is_refused_with_its_name(hub):
    with pytest.raises(errors.InvalidRequestError, match="no_such_parameter"):
        hub.completion("chat", HELLO, no_such_parameter=1)


def test_a_missing_package_is_told_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setenv("WATSONX_API_KEY", "k")
    config = {"project": "p", "roles": {"chat": {"provider": "watsonx", "model": "m"}}}
    with (
        Hub(config=config, plugins=PluginHost.empty()) as hub,
        pytest.raises(errors.MissingExtraError, match=r"pip install 'llmhub\[watsonx\]'"),
    ):
        hub.completion("chat", HELLO)


def test_a_missing_key_is_told_with_its_variable_before_anything_is_sent(hub, monkeypatch, provider_server):
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(errors.MissingKeyError, match="OPENAI_API_KEY is not set"):
        hub.completion("chat", HELLO)
    assert provider_server.counts.requests == 0


def test_a_key_that_changes_in_the_environment_is_used_from_the_next_call_on(hub, monkeypatch, provider_server):
    hub.completion("chat", HELLO)
    first = provider_server.requests[-1].headers["authorization"]
    monkeypatch.setenv("OPENAI_API_KEY", "sk-rotated-9876543210")
    hub.completion("chat", HELLO)
    assert provider_server.requests[-1].headers["authorization"] != first


# --- secrets --------------------------------------------------------------------------------------------------------


class EchoesTheKey(BaseHTTPRequestHandler):
    """A provider that quotes the whole key when it refuses it."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"error": {"message": f"bad key: {self.headers['authorization']}"}}).encode()
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_key_that_a_provider_echoes_stays_out_of_the_error_and_its_traceback(tmp_path):
    """Run as a program, since a traceback is printed from everything an exception holds on to."""
    secret = "sk-echoed-key-0123456789"
    server = ThreadingHTTPServer(("127.0.0.1", 0), EchoesTheKey)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program = tmp_path / "program.py"
    base = f"http://127.0.0.1:{server.server_port}/v1"
    program.write_text(
        "from llmhub import Hub\n"
        f"hub = Hub(config={{'project': 'p', 'providers': {{'openai': {{'api_base': {base!r}}}}},"
        " 'roles': {'chat': {'provider': 'openai', 'model': 'm'}}})\n"
        "hub.completion('chat', [{'role': 'user', 'content': 'Hello'}])\n"
    )
    environment = {**os.environ, "OPENAI_API_KEY": secret}
    try:
        ended = subprocess.run([sys.executable, program], env=environment, capture_output=True, text=True, check=False)
    finally:
        server.shutdown()
        server.server_close()
    assert ended.returncode == 1
    assert "AuthenticationError: 401: bad key: Bearer [key]" in ended.stderr
    assert secret not in ended.stdout + ended.stderr


def test_no_secret_is_in_anything_a_hub_shows(hub, provider_server, caplog):
    caplog.set_level(logging.DEBUG)
    seen = []
    provider_server.always("*", "401")
    with pytest.raises(errors.AuthenticationError) as caught:
        hub.completion("chat", HELLO)
    seen += [str(caught.value), repr(caught.value), repr(hub), repr(hub.resolve("chat")), repr(vars(caught.value))]
    seen += [record.getMessage() for record in caplog.records]
    assert not [text for text in seen if os.environ["OPENAI_API_KEY"] in text]


# --- both forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["completion", "embedding"])
def test_the_async_form_takes_the_same_parameters(name):
    sync = inspect.signature(getattr(Hub, name)).parameters
    assert list(sync) == list(inspect.signature(getattr(Hub, f"a{name}")).parameters)


def test_a_cancelled_call_stops_at_once_and_leaves_the_hub_usable(hub, provider_server):
    provider_server.script("gpt-4o-mini", ["hang-30"])

    async def main():
        call = asyncio.create_task(hub.acompletion("chat", HELLO))
        await asyncio.sleep(0.2)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return await hub.acompletion("chat", HELLO)

    assert "Hello" in asyncio.run(main()).choices[0].message.content


def test_the_answers_of_both_forms_are_equal_in_every_field(hub):
    def plain(answer):
        loaded = json.loads(answer.model_dump_json())
        return {name: value for name, value in loaded.items() if name not in ("id", "created")}

    assert plain(hub.completion("chat", HELLO)) == plain(asyncio.run(hub.acompletion("chat", HELLO)))
