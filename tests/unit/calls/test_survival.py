"""What a role's policy makes of a failing provider, over HTTP: which requests are sent, and how the call ends."""

import asyncio
import threading
import time

import pytest
from attrs import frozen

from llmhub import errors
from llmhub.records.config import Circuit, ProviderConfig, Retry

HELLO = [{"role": "user", "content": "Hello"}]
FIRST, SPARE = "gpt-4o-mini", "claude-haiku"


def text_of(chunks) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


# Two attempts per target and one fallback, which is well. "requests": those to the first target and to the fallback.
POLICY = [
    # fault             whole: requests, end                    streamed: requests, end
    ("429-0",           (2, 1), "answer",                       (2, 1), "answer"),
    ("429-60",          (1, 1), "answer",                       (1, 1), "answer"),  # more patience than the role has
    ("500",             (2, 1), "answer",                       (2, 1), "answer"),
    ("503-0",           (2, 1), "answer",                       (2, 1), "answer"),
    ("hang-30",         (2, 1), "answer",                       (2, 1), "answer"),
    ("slow-30",         (2, 1), "answer",                       (2, 1), "answer"),
    ("reset-0",         (2, 1), "answer",                       (2, 1), "answer"),
    ("cut-0",           (2, 1), "answer",                       (2, 1), "answer"),
    ("bad-json",        (2, 1), "answer",                       (2, 1), "answer"),
    ("reset-1",         (2, 1), "answer",                       (1, 0), "broken"),  # its first chunk was passed on
    ("cut-3",           (2, 1), "answer",                       (1, 0), "broken"),
    ("no-finish",       (2, 1), "answer",                       (1, 0), "broken"),
    ("404",             (1, 1), "answer",                       (1, 1), "answer"),
    ("insufficient-quota", (1, 1), "answer",                    (1, 1), "answer"),
    ("400",             (1, 0), "InvalidRequestError",          (1, 0), "InvalidRequestError"),
    ("401",             (1, 0), "AuthenticationError",          (1, 0), "AuthenticationError"),
    ("context-length",  (1, 0), "ContextLengthError",           (1, 0), "ContextLengthError"),
    ("content-filter",  (1, 0), "ContentFilterError",           (1, 0), "ContentFilterError"),
    ("empty",           (1, 0), "answer",                       (1, 0), "answer"),
]  # fmt: skip


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("form", ["sync", "async"])
@pytest.mark.parametrize(("fault", "whole", "end", "stream", "stream_end"), POLICY, ids=[row[0] for row in POLICY])
def test_a_fault_leads_to_these_requests_and_this_end(
    make_hub, provider_server, fault, whole, end, stream, stream_end, form, streamed
):
    timeout = 0.5 if fault.startswith(("hang", "slow")) else None
    hub = make_hub(fallbacks=(SPARE,), timeout=timeout, retry=Retry(attempts=2, max_delay=0.01))

    def break_it() -> None:
        # Once the clients are made, which may take its time on a busy machine.
        provider_server.reset()
        provider_server.always(FIRST, fault)

    async def call() -> None:
        for role in ("claude", "chat"):
            await hub.acompletion(role, HELLO)
        break_it()
        answer = await hub.acompletion("chat", HELLO, stream=streamed)
        _ = [chunk async for chunk in answer] if streamed else answer

    try:
        if form == "async":
            asyncio.run(call())
        else:
            for role in ("claude", "chat"):
                hub.completion(role, HELLO)
            break_it()
            answer = hub.completion("chat", HELLO, stream=streamed)
            _ = list(answer) if streamed else answer
        came = "answer"
    except (errors.InterruptedStreamError, errors.UnreachableError) as error:
        came = "broken" if streamed else type(error).__name__
    except errors.CallError as error:
        came = type(error).__name__
    sent = provider_server.counts.by_model
    assert (sent.get(FIRST, 0), sent.get(SPARE, 0)) == (stream if streamed else whole)
    assert came == (stream_end if streamed else end)


# --- fallbacks on what a role says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "fault", "options"),
    [
        ("authentication", "401", {}),
        ("empty", "empty", {}),
        ("truncated", "ok", {"max_tokens": 1}),
    ],
)
def test_a_role_may_fall_back_on_more_than_outages(make_hub, provider_server, reason, fault, options):
    provider_server.always(FIRST, fault)
    hub = make_hub(fallbacks=(SPARE,), fallback_on=(reason,))
    if reason == "truncated":
        with pytest.raises(errors.AllTargetsFailed) as caught:
            hub.completion("chat", HELLO, **options)
        last = caught.value.__cause__
        assert isinstance(last, errors.TruncatedAnswerError)
        assert last.response.choices[0].finish_reason == "length"
        assert [attempt.usage.output_tokens for attempt in caught.value.attempts] == [1, 1]
    else:
        assert "Hello" in hub.completion("chat", HELLO, **options).choices[0].message.content
    assert provider_server.counts.by_model == {FIRST: 1, SPARE: 1}


def test_a_misshapen_answer_leads_to_the_fallback_where_the_role_says_so(make_hub, provider_server):
    from pydantic import BaseModel

    class City(BaseModel):
        name: str
        people: int

    provider_server.reply(FIRST, '{"name": "Bonn"}')
    hub = make_hub(fallbacks=(SPARE,), fallback_on=("invalid_schema",))
    assert isinstance(hub.completion("chat", HELLO, response_format=City).choices[0].message.parsed, City)
    provider_server.reply(FIRST, "no JSON at all")
    schema = {"type": "json_schema", "json_schema": {"name": "City", "schema": City.model_json_schema()}}
    assert hub.completion("chat", HELLO, response_format=schema).choices[0].message.content.startswith("{")
    assert provider_server.counts.by_model == {FIRST: 2, SPARE: 2}


def test_a_role_with_fallbacks_returns_the_same_types_as_one_without(make_hub):
    well = make_hub()
    failing = make_hub(chat="fault-500", fallbacks=(SPARE,))
    whole = [type(hub.completion("chat", HELLO)) for hub in (well, failing)]
    chunks = [{type(chunk) for chunk in hub.completion("chat", HELLO, stream=True)} for hub in (well, failing)]
    streams = [hub.completion("chat", HELLO, stream=True) for hub in (well, failing)]
    for stream in streams:
        stream.close()
    assert whole[0] is whole[1]
    assert chunks[0] == chunks[1]
    assert type(streams[0]) is type(streams[1])


def test_a_call_too_long_for_its_target_goes_to_one_known_to_take_more(make_hub, provider_server):
    provider_server.always(FIRST, "context-length")
    hub = make_hub(fallbacks=(SPARE,), context_tokens=8_000, windows=(200_000,))
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content


# --- parameters -----------------------------------------------------------------------------------------------------


def test_what_a_fallback_does_not_take_is_left_out_and_told(make_hub, provider_server):
    results = []
    hub = make_hub(chat="fault-500", fallbacks=(SPARE,), on_after_call=results.append)
    hub.completion("chat", HELLO, seed=7, logit_bias={"1": 1}, max_completion_tokens=20)
    first, second = (request.json for request in provider_server.requests)
    assert (first["seed"], first["max_completion_tokens"]) == (7, 20)
    assert ("seed" in second, "logit_bias" in second, second["max_tokens"]) == (False, False, 20)
    expected = ("seed left out: anthropic does not take it", "logit_bias left out: anthropic does not take it")
    assert results[0].adjusted == results[0].attempts[1].adjusted == expected


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_what_the_model_of_a_target_refuses_is_left_out_and_told(make_hub, provider_server, streamed):
    results = []
    hub = make_hub(refuses=("temperature",), on_after_call=results.append)
    answer = hub.completion("chat", HELLO, stream=streamed, temperature=0.2, max_tokens=20)
    if streamed:
        assert "Hello" in text_of(answer)
    (request,) = provider_server.requests
    # Reasoning models of OpenAI know the limit under this name alone; any-llm uses it for all.
    assert ("temperature" in request.json, request.json["max_completion_tokens"]) == (False, 20)
    assert results[0].adjusted == (f"temperature left out: {FIRST} does not take it",)


def test_tools_for_a_model_that_takes_none_are_refused_before_anything_is_sent(make_hub, provider_server):
    hub = make_hub(refuses=("tools",), fallbacks=(SPARE,))
    with pytest.raises(errors.UnsupportedError, match="'tools': `refuses` in the file says so"):
        hub.completion("chat", HELLO, tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}])
    assert provider_server.counts.requests == 0
    assert hub.health().healthy


def test_what_makes_an_answer_another_thing_is_never_left_out(make_hub, provider_server):
    hub = make_hub(chat="fault-500", fallbacks=(SPARE,))
    with pytest.raises(errors.AllTargetsFailed, match="anthropic does not take 'logprobs'"):
        hub.completion("chat", HELLO, logprobs=True)
    assert SPARE not in provider_server.counts.by_model


@pytest.mark.parametrize("role", ["chat", "claude", "gateway"])
def test_a_misspelt_parameter_is_refused_with_the_right_name_before_anything_is_sent(make_hub, provider_server, role):
    hub = make_hub()
    with pytest.raises(errors.InvalidRequestError, match="'temprature' \\(did you mean 'temperature'\\?\\)"):
        hub.completion(role, HELLO, temprature=1)
    with pytest.raises(errors.InvalidRequestError, match="'stream'"):
        hub.completion(role, HELLO, params_override={"stream": True})
    assert provider_server.counts.requests == 0


def test_a_parameter_that_a_provider_refuses_is_told_before_anything_is_sent(make_hub, provider_server):
    with pytest.raises(errors.UnsupportedError, match="anthropic does not take 'seed', 'logprobs'"):
        make_hub().completion("claude", HELLO, seed=1, logprobs=True)
    assert provider_server.counts.requests == 0


def test_tools_are_passed_through(make_hub):
    tool = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}
    for role in ("chat", "claude"):
        answer = make_hub().completion(role, [{"role": "user", "content": "use look_up"}], tools=[tool])
        assert answer.choices[0].message.tool_calls[0].function.name == "look_up"


# --- circuits and places --------------------------------------------------------------------------------------------


def test_a_target_that_keeps_failing_is_left_alone_tried_again_and_taken_back(make_hub, provider_server):
    provider_server.script(FIRST, ["500"] * 4)
    hub = make_hub(fallbacks=(SPARE,), circuit=Circuit(failures=3, cooldown=0.3))
    for _ in range(6):
        hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {FIRST: 3, SPARE: 6}
    assert hub.health().targets[0].state == "open"
    assert not hub.health().healthy
    time.sleep(0.35)
    assert hub.health().targets[0].state == "half_open"
    hub.completion("chat", HELLO)  # the trial, which fails
    hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {FIRST: 4, SPARE: 8}
    time.sleep(0.35)
    hub.completion("chat", HELLO)
    hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {FIRST: 6, SPARE: 8}
    assert hub.health().healthy


def test_a_call_whose_targets_are_all_left_alone_fails_at_once_and_says_until_when(make_hub, provider_server):
    hub = make_hub(chat="fault-500", circuit=Circuit(failures=2, cooldown=30.0))
    for _ in range(2):
        with pytest.raises(errors.ProviderError):
            hub.completion("chat", HELLO)
    with pytest.raises(errors.CircuitOpenError, match="2 failures in a row") as caught:
        hub.completion("chat", HELLO)
    assert 25 < caught.value.retry_after <= 30
    assert [attempt.status for attempt in caught.value.attempts] == ["skipped"]
    assert provider_server.counts.requests == 2


def test_a_stream_that_breaks_speaks_against_its_target(make_hub, provider_server):
    provider_server.always(FIRST, "cut-2")
    hub = make_hub(circuit=Circuit(failures=2))
    for _ in range(2):
        with pytest.raises((errors.InterruptedStreamError, errors.UnreachableError)):
            list(hub.completion("chat", HELLO, stream=True))
    assert hub.health().targets[0].failures == 2


def busy_hub(make_hub, limit: int, **options):
    return make_hub(openai=ProviderConfig(max_concurrency=limit), **options)


def test_a_loop_that_its_program_blocks_turns_no_target_away(make_hub, provider_server):
    hub = make_hub(circuit=Circuit(failures=1), timeout=1.0, retry=Retry(attempts=1))

    async def blocked() -> errors.CallTimeoutError:
        await hub.acompletion("chat", HELLO)  # the client is made, and the connection open
        provider_server.always(FIRST, "hang-30")
        call = asyncio.create_task(hub.acompletion("chat", HELLO))
        await asyncio.sleep(0.05)
        time.sleep(1.6)  # noqa: ASYNC251 - what a program that computes does to its loop
        with pytest.raises(errors.CallTimeoutError) as caught:
            await call
        return caught.value

    error = asyncio.run(blocked())
    assert error.late > 0.1
    assert "this process was busy" in error.message
    assert hub.health().healthy


def test_a_providers_calls_wait_for_one_of_its_places(make_hub, provider_server):
    provider_server.always(FIRST, "hang-0.1")
    hub = busy_hub(make_hub, 2)

    async def main() -> None:
        await asyncio.gather(*(hub.acompletion("chat", HELLO) for _ in range(4)))

    began = time.monotonic()
    threads = [threading.Thread(target=hub.completion, args=("chat", HELLO)) for _ in range(2)]
    for thread in threads:
        thread.start()
    asyncio.run(main())
    for thread in threads:
        thread.join()
    assert time.monotonic() - began > 0.28  # six calls of 0.1 s, two at a time
    (load,) = hub.health().providers
    assert (load.provider, load.limit, load.running, load.waiting) == ("openai", 2, 0, 0)


def test_a_call_that_finds_no_place_before_its_deadline_says_so(make_hub, provider_server):
    hub = busy_hub(make_hub, 1, deadline=0.5)
    stream = hub.completion("chat", HELLO, stream=True)
    with pytest.raises(errors.ProviderBusyError, match="none of 1 places at openai became free"):
        hub.completion("chat", HELLO)
    stream.close()
    assert provider_server.counts.requests == 1
    assert hub.health().targets[0].failures == 0
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content


def test_a_stream_keeps_its_place_until_it_has_ended(make_hub):
    hub = busy_hub(make_hub, 1)
    stream = hub.completion("chat", HELLO, stream=True)
    assert hub.health().providers[0].running == 1
    next(stream)
    stream.close()
    assert hub.health().providers[0].running == 0
    list(hub.completion("chat", HELLO, stream=True))
    assert hub.health().providers[0].running == 0


# --- waits, deadlines, cancellation ---------------------------------------------------------------------------------


def test_a_wait_that_was_asked_for_is_kept_in_seconds_and_as_a_date(make_hub, provider_server):
    for word, least in (("429-0.3", 0.3), ("503-0.3", 0.3), ("429-date-1", 0.2)):
        provider_server.script(FIRST, [word])
        began = time.monotonic()
        make_hub(retry=Retry(attempts=2)).completion("chat", HELLO)
        assert time.monotonic() - began >= least * 0.9


def test_a_wait_that_was_asked_for_never_reaches_past_the_deadline(make_hub, provider_server):
    provider_server.always(FIRST, "429-2")
    began = time.monotonic()
    with pytest.raises(errors.RateLimitError):
        make_hub(retry=Retry(attempts=5), deadline=0.5).completion("chat", HELLO)
    assert time.monotonic() - began < 1.5
    assert provider_server.counts.requests == 1


@frozen
class Stage:
    """Where in a call it is cancelled."""

    fault: str
    streamed: bool = False


@pytest.mark.parametrize(
    "stage", [Stage("hang-30"), Stage("429-5"), Stage("slow-30"), Stage("pace-30", streamed=True)], ids=str
)
def test_a_cancelled_call_ends_at_once_and_closes_its_connection(make_hub, provider_server, stage):
    provider_server.always(FIRST, stage.fault)
    hub = make_hub(retry=Retry(attempts=3))

    async def main() -> float:
        task = asyncio.create_task(hub.acompletion("chat", HELLO, stream=stage.streamed))
        while not provider_server.counts.requests:  # noqa: ASYNC110 - the server runs elsewhere
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ended = time.monotonic() - began
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert left == set()
        return ended

    assert asyncio.run(main()) < 1.0
    assert provider_server.counts.requests == 1
    for _ in range(100):
        if provider_server.counts.connections_open == 0:
            break
        time.sleep(0.02)
    assert provider_server.counts.connections_open == 0
