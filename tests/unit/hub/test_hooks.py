"""What an application and its plugins see of a call."""

import asyncio
import logging

import pytest

from llmhub import errors, hookimpl
from llmhub.host import PluginHost
from llmhub.records.calls import CallContext, CallResult
from llmhub.records.contributions import Ledger, Selector

HELLO = [{"role": "user", "content": "Hello"}]


class Recorder:
    """A call plugin that keeps all it is told."""

    def __init__(self):
        self.told = []

    @hookimpl
    def llmhub_before_call(self, call):
        self.told.append(("before", call.role, call.provider, call.model))

    @hookimpl
    def llmhub_on_attempt(self, attempt):
        self.told.append(("attempt", attempt.model, attempt.status))

    @hookimpl
    def llmhub_after_call(self, result):
        self.told.append(("after", result.success, result.provider, len(result.attempts)))


def host_with(plugin) -> PluginHost:
    host = PluginHost.empty()
    host.register(plugin, "test-plugin", "call")
    return host


def test_a_plugin_sees_before_each_attempt_and_after(make_hub):
    recorder = Recorder()
    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",), plugins=host_with(recorder))
    hub.completion("chat", HELLO)
    assert recorder.told == [
        ("before", "chat", "openai", "fault-500"),
        ("attempt", "fault-500", "failed"),
        ("attempt", "claude-haiku", "ok"),
        ("after", True, "anthropic", 2),
    ]


def test_the_two_callables_get_context_and_result_by_attribute_and_by_key(make_hub):
    before, after = [], []
    hub = make_hub(on_before_call=before.append, on_after_call=after.append)
    answer = hub.completion("chat", HELLO, user="alice")
    context, result = before[0], after[0]
    assert isinstance(context, CallContext)
    assert isinstance(result, CallResult)
    for record in (context, result):
        for key in ("provider", "model", "role", "mode", "call_id", "user", "project", "environment"):
            assert record[key] == getattr(record, key) == record.get(key)
            assert key in record
        assert dict(record)["role"] == "chat"
        with pytest.raises(KeyError, match="no_such_field"):
            record["no_such_field"]
        assert record.get("no_such_field", 7) == 7
    assert context["call_id"] == result["call_id"]
    assert result["success"]
    assert result.response is answer
    assert result.latency > 0
    assert result.usage.input_tokens == answer.usage.prompt_tokens
    assert result.cost is None  # nothing knows a price here, and unknown is not zero


def test_a_stream_is_told_when_it_has_ended_with_its_first_chunk_and_usage(make_hub):
    after = []
    hub = make_hub(on_after_call=after.append)
    stream = hub.completion("claude", HELLO, stream=True)
    next(stream)
    assert after == []
    list(stream)
    (result,) = after
    assert result.success
    assert result.stream
    assert 0 < result.time_to_first_chunk <= result.latency
    assert result.usage.output_tokens > 0


def test_a_stream_that_is_left_half_way_is_told_as_not_a_success(make_hub):
    after = []
    hub = make_hub(on_after_call=after.append)
    hub.completion("chat", HELLO, stream=True).close()
    (result,) = after
    assert not result.success
    assert isinstance(result.error, GeneratorExit)


def test_a_failed_call_is_told_with_its_error(make_hub):
    after = []
    hub = make_hub(chat="fault-401", on_after_call=after.append)
    with pytest.raises(errors.AuthenticationError) as caught:
        hub.completion("chat", HELLO)
    assert after[0].error is caught.value
    assert not after[0].success


def test_a_cancelled_call_is_told_too(make_hub, provider_server):
    after = []
    hub = make_hub(chat="fault-hang-30", on_after_call=after.append)

    async def main():
        call = asyncio.create_task(hub.acompletion("chat", HELLO))
        await asyncio.sleep(0.2)
        call.cancel()
        await asyncio.wait([call])

    asyncio.run(main())
    assert isinstance(after[0].error, asyncio.CancelledError)


def test_a_hook_may_set_parameters_and_a_fallback_gets_the_same_change(make_hub, provider_server):
    def calmer(call):
        call.params["temperature"] = 0.25

    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",), on_before_call=calmer)
    hub.completion("chat", HELLO, temperature=0.9)
    assert [request.json["temperature"] for request in provider_server.requests] == [0.25, 0.25]


def test_a_hook_may_take_a_parameter_away_for_every_target(make_hub, provider_server):
    def plain(call):
        del call.params["temperature"]

    hub = make_hub(chat="fault-500", fallbacks=("claude-haiku",), on_before_call=plain)
    hub.completion("chat", HELLO, temperature=0.9)
    assert [request.json.get("temperature") for request in provider_server.requests] == [None, None]


def test_a_hook_that_refuses_stops_the_call_before_anything_is_sent(make_hub, provider_server):
    def refuse(call):
        raise errors.CallRefused("not on Sundays")

    after = []
    hub = make_hub(on_before_call=refuse, on_after_call=after.append)
    with pytest.raises(errors.CallRefused, match="not on Sundays") as caught:
        hub.completion("chat", HELLO)
    assert caught.value.role == "chat"
    assert provider_server.counts.requests == 0
    assert after[0].error is caught.value


@pytest.mark.parametrize("where", ["on_before_call", "on_after_call"])
def test_a_hook_that_raises_is_logged_and_the_call_goes_on(make_hub, caplog, where):
    def broken(_):
        raise ValueError("a bug of the hook's own")

    hub = make_hub(**{where: broken})
    with caplog.at_level(logging.ERROR, logger="llmhub"):
        assert hub.completion("chat", HELLO).choices
    assert "a bug of the hook's own" in caplog.text
    assert where in caplog.text


class Backwards:
    @hookimpl
    def llmhub_selectors(self):
        return [Selector(name="backwards", order=lambda call, targets: tuple(reversed(targets)))]


def test_a_selector_named_in_the_file_orders_the_targets(make_hub, provider_server):
    hub = make_hub(fallbacks=("claude-haiku",), selector="backwards", plugins=host_with(Backwards()))
    hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {"claude-haiku": 1}


@pytest.mark.parametrize(
    "order",
    [
        lambda call, targets: (),
        lambda call, targets: ["not a target"],
        lambda call, targets: 1 / 0,
    ],
    ids=["empty", "invented", "raising"],
)
def test_a_selector_that_fails_leaves_the_order_of_the_file(make_hub, provider_server, order):
    class Odd:
        @hookimpl
        def llmhub_selectors(self):
            return [Selector(name="odd", order=order)]

    make_hub(selector="odd", plugins=host_with(Odd())).completion("chat", HELLO)
    assert provider_server.counts.by_model == {"gpt-4o-mini": 1}


def test_a_selector_nobody_offers_is_an_error_that_lists_those_there_are(make_hub):
    hub = make_hub(selector="backward", plugins=host_with(Backwards()))
    with pytest.raises(errors.UnknownContributionError, match=r"Did you mean 'backwards'\?"):
        hub.completion("chat", HELLO)


def test_a_ledger_named_in_the_file_is_opened_once_told_of_every_call_and_closed(make_hub):
    class Book:
        def __init__(self):
            self.opened, self.rows, self.closed = [], [], 0

        def open(self, context):
            self.opened.append(context.project)
            return self

        def write(self, entries):
            self.rows += [(entry.role, entry.status) for entry in entries]

        def close(self):
            self.closed += 1

        @hookimpl
        def llmhub_ledgers(self):
            return [Ledger(name="book", open=self.open)]

    book = Book()
    hub = make_hub(ledger="book", plugins=host_with(book))
    hub.completion("chat", HELLO)
    hub.embedding("embed", "x")
    hub.close()
    assert (book.opened, book.rows, book.closed) == (["test"], [("chat", "ok"), ("embed", "ok")], 1)


def test_a_ledger_that_cannot_write_does_not_break_the_call(make_hub, caplog):
    class Full:
        def write(self, entries):
            raise OSError("disk full")

        def close(self):
            pass

        @hookimpl
        def llmhub_ledgers(self):
            return [Ledger(name="full", open=lambda context: self)]

    hub = make_hub(ledger="full", plugins=host_with(Full()))
    with caplog.at_level(logging.ERROR, logger="llmhub"):
        assert hub.completion("chat", HELLO).choices
        hub.close()
    assert "disk full" in caplog.text
    assert "1 entries were not written" in caplog.text


def test_feedback_reaches_the_plugins_that_listen_for_it(make_hub):
    class Listener:
        def __init__(self):
            self.told = []

        @hookimpl
        def llmhub_feedback(self, feedback):
            self.told.append(feedback)

    results = []
    listener = Listener()
    hub = make_hub(plugins=host_with(listener), on_after_call=results.append)
    hub.completion("chat", HELLO, call_id="order-17")
    hub.feedback("order-17", 0.8, judge="customer")
    (feedback,) = listener.told
    assert results[0].call_id == "order-17"
    assert (feedback.call_id, feedback.score, feedback.labels) == ("order-17", 0.8, {"judge": "customer"})
    assert (feedback.project, feedback.environment) == ("test", "dev")


def test_labels_of_a_call_reach_hooks_and_never_the_provider(make_hub, provider_server):
    before, after = [], []
    hub = make_hub(on_before_call=before.append, on_after_call=after.append)
    hub.completion("chat", HELLO, labels={"tenant": "acme"})
    assert before[0].labels == after[0].labels == {"tenant": "acme"}
    assert "acme" not in provider_server.requests[-1].body.decode()


def test_labels_of_feedback_are_texts_whatever_was_given(make_hub):
    told = []

    class Listener:
        @hookimpl
        def llmhub_feedback(self, feedback):
            told.append(feedback.labels)

    make_hub(plugins=host_with(Listener())).feedback("order-17", 0.8, round=3, judge=None, half="\ud83d")
    assert told == [{"round": "3", "judge": "None", "half": "\ufffd"}]


@pytest.mark.parametrize("score", [float("nan"), float("inf"), True, "0.8", None])
def test_feedback_that_is_no_finite_number_is_refused_at_once(make_hub, score):
    with pytest.raises(ValueError, match="a score is a finite number, not"):
        make_hub().feedback("order-17", score)


def test_feedback_to_a_whole_answer_is_refused_with_what_was_meant(make_hub):
    with pytest.raises(TypeError, match="by its call_id, a text; this is a object"):
        make_hub().feedback(object(), 1.0)
