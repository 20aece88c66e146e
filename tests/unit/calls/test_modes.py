"""Every operation any-llm carries, by role: sync, async, streamed, structured."""

import asyncio
import inspect
import io
import wave

import pytest
from attrs import define, frozen

from llmhub import Hub, errors
from llmhub.host import PluginHost
from llmhub.records.calls import Method

HELLO = [{"role": "user", "content": "Hello"}]
MODES = ("chat", "embedding", "image", "speech", "transcription", "rerank", "moderation")


@pytest.fixture
def told():
    return []


@pytest.fixture
def hub(provider_server, told):
    retry = {"attempts": 1}
    roles = {mode: {"provider": "openai", "model": f"{mode}-1", "mode": mode, "retry": retry} for mode in MODES}
    roles["chat"]["params"] = {"max_tokens": 64}
    roles["speech"]["params"] = {"voice": "alloy"}
    roles["claude"] = {"provider": "anthropic", "model": "claude", "params": {"max_tokens": 64}, "retry": retry}
    roles["sound"] = {"provider": "openai", "model": "omni", "mode": "audio", "params": {"voice": "echo"}}
    roles["painted"] = {**roles["image"], "fallbacks": [{"provider": "openai", "model": "image-2"}]}
    config = {
        "project": "test",
        "providers": {
            "openai": {"api_base": provider_server.openai_base},
            "anthropic": {"api_base": provider_server.anthropic_base},
        },
        "roles": roles,
    }
    with Hub(config=config, plugins=PluginHost.empty(), on_after_call=told.append) as hub:
        yield hub


def say(answer) -> str:
    return answer.output_text if hasattr(answer, "output_text") else answer.content[0].text


# --- text in three dialects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "role", "asked"),
    [("responses", "chat", "Hello"), ("messages", "chat", HELLO), ("messages", "claude", HELLO)],
)
def test_a_chat_role_answers_in_each_dialect_sync_and_async(hub, told, method, role, asked):
    answer = getattr(hub, method)(role, asked)
    assert say(answer) == "You said: Hello"
    assert say(asyncio.run(getattr(hub, f"a{method}")(role, asked))) == "You said: Hello"
    assert [(result.method, result.success) for result in told] == [(method, True)] * 2
    assert told[0].usage.output_tokens == 3


@pytest.mark.parametrize(
    ("method", "role", "asked", "ending"),
    [
        ("responses", "chat", "Hello", "response.completed"),
        ("messages", "chat", HELLO, "message_stop"),
        ("messages", "claude", HELLO, "message_stop"),
    ],
)
def test_each_dialect_streams_sync_and_async(hub, told, method, role, asked, ending):
    events = list(getattr(hub, method)(role, asked, stream=True))
    assert events[-1].type == ending

    async def main():
        return [event.type async for event in await getattr(hub, f"a{method}")(role, asked, stream=True)]

    assert asyncio.run(main()) == [event.type for event in events]
    assert [(result.success, result.usage.output_tokens) for result in told] == [(True, 3)] * 2


@pytest.mark.parametrize(("method", "role"), [("responses", "chat"), ("messages", "claude"), ("completion", "chat")])
@pytest.mark.parametrize("fault", ["no-finish", "cut-4", "reset-4"])
def test_a_cut_stream_is_an_error_that_tells_what_had_arrived(hub, provider_server, told, method, role, fault):
    provider_server.reply("*", "one two three four five six")
    provider_server.always("*", fault)
    with pytest.raises((errors.InterruptedStreamError, errors.UnreachableError)) as caught:
        for _ in getattr(hub, method)(role, "Hello" if method == "responses" else HELLO, stream=True):
            pass
    error = caught.value
    if fault == "no-finish":
        assert error.received == "one two three four five six"
    else:
        assert "one two three four five six".startswith(error.received)
    assert (error.role, len(error.attempts)) == (role, 1)
    assert told[0].error is error


def test_what_a_broken_stream_had_used_is_told_as_far_as_the_provider_said_so(hub, provider_server):
    provider_server.always("*", "no-finish")
    with pytest.raises(errors.InterruptedStreamError) as caught:
        list(hub.completion("claude", HELLO, stream=True))
    assert caught.value.usage is None or caught.value.usage.output_tokens is not None


@pytest.mark.parametrize("method", ["responses", "messages"])
def test_a_roles_params_serve_every_dialect(hub, provider_server, method):
    getattr(hub, method)("chat", "Hello" if method == "responses" else HELLO)
    body = provider_server.requests[-1].json
    assert body.get("max_output_tokens", body.get("max_completion_tokens")) == 64


def test_what_a_dialect_cannot_do_without_is_asked_for_before_anything_is_sent(hub, provider_server):
    with pytest.raises(errors.InvalidRequestError, match="messages\\(\\) needs 'max_tokens'"):
        hub.messages("claude", HELLO, max_tokens=None)
    with pytest.raises(errors.InvalidRequestError, match="speech\\(\\) needs 'voice'"):
        hub.speech("speech", "Hello", voice=None)
    assert provider_server.counts.requests == 0


# --- pictures, sound, judgements ------------------------------------------------------------------------------------


def test_an_image_role_paints(hub):
    for answer in (hub.image("image", "a cat", n=2), asyncio.run(hub.aimage("image", "a cat", n=2))):
        assert [picture.b64_json[:8] for picture in answer.data] == ["iVBORw0K"] * 2  # a PNG file


def test_what_a_speech_role_says_a_transcription_role_writes_down(hub):
    spoken = hub.speech("speech", "the quick brown fox")
    with wave.open(io.BytesIO(spoken)) as sound:
        assert sound.getnframes() > 0
    assert hub.transcription("transcription", spoken, filename="fox.wav").text == "the quick brown fox"

    async def main():
        return await hub.atranscription("transcription", await hub.aspeech("speech", "jumps"), filename="fox.wav")

    assert asyncio.run(main()).text == "jumps"


def test_a_file_to_write_down_may_be_a_path_or_open_and_is_sent_whole_to_each_target(hub, tmp_path, provider_server):
    path = tmp_path / "fox.wav"
    path.write_bytes(hub.speech("speech", "the quick brown fox"))
    assert hub.transcription("transcription", path).text == "the quick brown fox"
    provider_server.fail("transcription-1", "500")
    config = hub.config
    with path.open("rb") as opened, pytest.raises(errors.ProviderError):
        hub.transcription("transcription", opened)
    with path.open("rb") as opened:
        assert hub.transcription("transcription", opened).text == "the quick brown fox"
    assert config is hub.config


def test_a_role_of_mode_audio_speaks_and_listens(hub):
    assert hub.transcription("sound", hub.speech("sound", "hello"), voice=None, filename="a.wav").text == "hello"


def test_a_moderation_role_judges(hub):
    assert [one.flagged for one in hub.moderation("moderation", ["a walk", "some violence"]).results] == [False, True]
    assert asyncio.run(hub.amoderation("moderation", "a walk")).results[0].flagged is False


def test_a_provider_that_does_not_rerank_says_so(hub):
    with pytest.raises(errors.UnsupportedOperationError, match="rerank"):
        hub.rerank("rerank", "fox", ["a dog", "a fox"])


def test_a_rerank_role_orders_documents_by_what_answers_the_query(provider_server, monkeypatch):
    pytest.importorskip("cohere", reason="reranking needs a provider with an extra, such as cohere")
    monkeypatch.setenv("COHERE_API_KEY", "co-loopback-0123456789")
    config = {
        "project": "test",
        "providers": {"cohere": {"api_base": provider_server.url}},
        "roles": {"rerank": {"provider": "cohere", "model": "rerank-1", "mode": "rerank"}},
    }
    with Hub(config=config, plugins=PluginHost.empty()) as hub:
        ranked = hub.rerank("rerank", "quick fox", ["a dog", "a quick fox", "a fox"])
        assert [result.index for result in ranked.results] == [1, 2, 0]
        assert asyncio.run(hub.arerank("rerank", "dog", ["a dog", "a fox"])).results[0].index == 0


def test_a_role_falls_back_in_every_mode(hub, provider_server):
    provider_server.fail("image-1", "500")
    assert hub.image("painted", "a cat").data
    assert provider_server.counts.by_model == {"image-1": 1, "image-2": 1}


# --- roles of another mode ------------------------------------------------------------------------------------------

CALLS: dict[Method, tuple] = {
    "completion": (HELLO,),
    "responses": ("Hello",),
    "messages": (HELLO,),
    "embedding": ("Hello",),
    "image": ("a cat",),
    "speech": ("Hello",),
    "transcription": (b"",),
    "rerank": ("fox", ["a fox"]),
    "moderation": ("Hello",),
}
SERVED_BY = {"chat": "completion", **{mode: mode for mode in MODES if mode != "chat"}}


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("mode", MODES)
def test_a_role_of_another_mode_is_refused_with_the_method_that_serves_it(hub, provider_server, method, mode):
    if SERVED_BY[mode] == method or (mode == "chat" and method in ("responses", "messages")):
        return
    with pytest.raises(errors.WrongModeError, match=rf"hub\.{SERVED_BY[mode]}\(\)"):
        getattr(hub, method)(mode, *CALLS[method])
    with pytest.raises(errors.WrongModeError):
        asyncio.run(getattr(hub, f"a{method}")(mode, *CALLS[method]))
    assert provider_server.counts.requests == 0


@pytest.mark.parametrize("method", CALLS)
def test_both_forms_of_a_method_take_the_same_parameters(method):
    sync = inspect.signature(getattr(Hub, method)).parameters
    assert list(sync) == list(inspect.signature(getattr(Hub, f"a{method}")).parameters)


# --- attrs classes --------------------------------------------------------------------------------------------------


@frozen
class Line:
    text: str
    words: int = 7


@define
class Poem:
    title: str | None
    lines: list[Line]
    first: Line
    by_name: dict[str, Line]


POEM = '{"title": null, "lines": [{"text": "a", "words": 1}], "first": {"text": "b"}, "by_name": {"x": {"text": "c"}}}'
EXPECTED = Poem(title=None, lines=[Line("a", 1)], first=Line("b"), by_name={"x": Line("c")})


@pytest.mark.parametrize("role", ["chat", "claude"])
def test_an_answer_may_be_asked_for_as_an_attrs_class(hub, provider_server, role):
    provider_server.reply("*", POEM)
    answer = hub.completion(role, HELLO, response_format=Poem)
    assert answer.choices[0].message.parsed == EXPECTED
    assert asyncio.run(hub.acompletion(role, HELLO, response_format=Poem)).choices[0].message.parsed == EXPECTED


def test_the_other_dialects_take_attrs_classes_too(hub, provider_server):
    provider_server.reply("*", POEM)
    assert hub.responses("chat", "Hello", response_format=Poem).output_parsed == EXPECTED
    assert hub.messages("claude", HELLO, output_format=Poem).parsed_output == EXPECTED


def test_an_answer_that_does_not_fit_its_class_says_where(hub, provider_server):
    provider_server.reply("*", '{"title": 3}')
    with pytest.raises(errors.InvalidAnswerError, match=r"title: .*lines: Field required"):
        hub.completion("chat", HELLO, response_format=Poem)


def test_a_field_without_a_type_is_told_before_anything_is_sent(hub, provider_server):
    from attrs import field, make_class

    untyped = make_class("Untyped", {"x": field()})
    with pytest.raises(errors.InvalidRequestError, match=r"Untyped\.x has no type"):
        hub.completion("chat", HELLO, response_format=untyped)
    assert provider_server.counts.requests == 0
