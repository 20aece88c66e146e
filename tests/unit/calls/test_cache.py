"""Answers that serve again."""

import asyncio
import sqlite3

import pytest

from llmhub import Hub, errors
from llmhub.calls.cache import ResponseCache, cache_file, key_of
from llmhub.host import PluginHost

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def make_hub(provider_server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    made = []

    def make(**role):
        results = []
        config = {
            "project": "p",
            "providers": {"openai": {"api_base": provider_server.openai_base}},
            "roles": {
                "chat": {"provider": "openai", "model": "m", "retry": {"attempts": 1}, "cache": {"ttl": 60}, **role},
                "plain": {"provider": "openai", "model": "m"},
                "embed": {"provider": "openai", "model": "e", "mode": "embedding", "cache": {}},
            },
        }
        made.append(Hub(config=config, plugins=PluginHost.empty(), on_after_call=results.append))
        return made[-1], results

    yield make
    for hub in made:
        hub.close()


def test_the_same_question_is_asked_once_sync_and_async_and_by_another_hub(make_hub, provider_server):
    hub, results = make_hub()
    first = hub.completion("chat", HELLO)
    assert hub.completion("chat", HELLO) == first
    assert asyncio.run(hub.acompletion("chat", HELLO)) == first
    other, _ = make_hub()
    again = other.completion("chat", HELLO)
    assert (type(again), again) == (type(first), first)
    assert provider_server.counts.requests == 1
    assert [(result.cached, result.success, len(result.attempts)) for result in results] == [
        (False, True, 1),
        (True, True, 0),
        (True, True, 0),
    ]
    assert results[1].usage is None  # nothing was used


@pytest.mark.parametrize(
    "other",
    [
        lambda hub: hub.completion("chat", [{"role": "user", "content": "hello"}]),
        lambda hub: hub.completion("chat", HELLO, temperature=0.1),
        lambda hub: hub.responses("chat", "Hello"),
        lambda hub: hub.completion("plain", HELLO),
        lambda hub: list(hub.completion("chat", HELLO, stream=True)),
    ],
    ids=["input", "parameters", "method", "role without a cache", "stream"],
)
def test_another_question_is_asked(make_hub, provider_server, other):
    hub, _ = make_hub()
    hub.completion("chat", HELLO)
    other(hub)
    assert provider_server.counts.requests == 2


def test_every_dialect_and_embeddings_are_kept(make_hub, provider_server):
    hub, results = make_hub(params={"max_tokens": 20})
    for ask in (
        lambda: hub.responses("chat", "Hello"),
        lambda: hub.messages("chat", HELLO),
        lambda: hub.embedding("embed", ["a", "b"]),
    ):
        assert ask() == ask()
    assert [result.cached for result in results] == [False, True] * 3
    assert provider_server.counts.requests == 3


@pytest.mark.parametrize("fault", ["500", "empty"])
def test_a_failure_and_an_answer_that_says_nothing_are_not_kept(make_hub, provider_server, fault):
    hub, _ = make_hub()
    provider_server.script("m", [fault])
    try:
        hub.completion("chat", HELLO)
    except errors.ProviderError:
        assert fault == "500"
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content


def test_the_answer_of_a_fallback_is_not_kept_for_the_first_target(make_hub, provider_server):
    hub, _ = make_hub(fallbacks=[{"provider": "openai", "model": "spare"}])
    provider_server.script("m", ["500"])
    hub.completion("chat", HELLO)
    hub.completion("chat", HELLO)
    assert provider_server.counts.by_model == {"m": 2, "spare": 1}


def test_what_has_no_exact_written_form_is_not_kept(make_hub, provider_server):
    from pydantic import BaseModel

    class City(BaseModel):
        name: str

    hub, _ = make_hub()
    for _ in range(2):
        assert isinstance(hub.completion("chat", HELLO, response_format=City).choices[0].message.parsed, City)
    assert provider_server.counts.requests == 2
    assert key_of("completion", "p", None, "m", {"tools": [print]}, []) is None


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def answer():
    from any_llm.types.rerank import RerankResponse

    return RerankResponse(id="1", model="m", results=[])


def test_an_answer_is_good_for_its_time_and_no_longer(tmp_path, answer):
    clock = Clock()
    cache = ResponseCache(tmp_path / "c.db", clock=clock)
    cache.put(b"k", answer, ttl=10)
    clock.now += 9
    assert cache.get(b"k") == answer
    clock.now += 2
    assert cache.get(b"k") is None
    cache.close()


def test_when_there_are_too_many_those_least_recently_used_go_first(tmp_path, answer, monkeypatch):
    monkeypatch.setattr("llmhub.calls.cache.SWEEP", 1)
    clock = Clock()
    cache = ResponseCache(tmp_path / "c.db", largest=3, clock=clock)
    for number in range(3):
        clock.now += 1
        cache.put(bytes([number]), answer, ttl=100)
    clock.now += 1
    cache.get(bytes([0]))
    clock.now += 1
    cache.put(bytes([3]), answer, ttl=100)
    assert [cache.get(bytes([number])) is not None for number in range(4)] == [True, False, True, True]
    cache.close()


def test_a_file_that_is_no_database_costs_its_answers_and_never_the_call(make_hub, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path))
    path = cache_file(tmp_path, "p")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    hub, _ = make_hub()
    assert "Hello" in hub.completion("chat", HELLO).choices[0].message.content
    assert "response cache cannot be" in caplog.text


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        "3",
        "[1, 2, 3]",
        '["any_llm.types.completion", "ChatCompletion", 3]',
        '["any_llm.types.completion", 3, "{}"]',
        '["any_llm..", "x", "{}"]',
        '["any_llm.types.completion", "ChatCompletion", "{"]',
        "[" * 5000,
        b"\xff",
    ],
)
def test_a_damaged_answer_is_none(tmp_path, kept):
    file = tmp_path / "answers.db"
    cache = ResponseCache(file)
    assert cache.get(b"key") is None
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (b"key", 1e12, 0, kept))
    connection.close()
    assert cache.get(b"key") is None
    cache.close()


def test_a_class_named_in_the_file_is_loaded_from_nowhere_but_the_sdks(tmp_path, answer):
    cache = ResponseCache(tmp_path / "c.db")
    cache.put(b"k", answer, ttl=100)
    with sqlite3.connect(tmp_path / "c.db") as connection:
        connection.execute("UPDATE answers SET answer = ?", ('["os", "system", "{}"]',))
    connection.close()
    assert cache.get(b"k") is None
    cache.close()


def test_a_reload_that_takes_the_cache_away_closes_its_file(provider_server, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback-0123456789")
    path = tmp_path / "llmhub.yaml"
    head = f"project: p\nproviders: {{openai: {{api_base: {provider_server.openai_base}}}}}\n"
    role = "roles:\n  chat: {provider: openai, model: m%s}\n"
    path.write_text(head + role % ", cache: {ttl: 60}", encoding="utf-8")
    with Hub(path, plugins=PluginHost.empty()) as hub:
        hub.completion("chat", HELLO)
        cache = hub._life.engine._equipment.cache
        path.write_text(head + role % "", encoding="utf-8")
        hub.reload()
        hub.completion("chat", HELLO)
        assert cache._connection is None
    assert provider_server.counts.requests == 2
