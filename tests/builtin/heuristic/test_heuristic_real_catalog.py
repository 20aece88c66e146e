"""Picks on the real catalog (July 2026), and how long they take."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from attrs import evolve

from llmhub.builtin.heuristic.generator import generate
from llmhub.builtin.heuristic.need import need_of
from llmhub.builtin.heuristic.select import Market, decide
from llmhub.catalog import Catalog
from llmhub.records.selection import GenerateRequest, Selection
from llmhub.records.spec import HubSpec

MakeSpec = Callable[..., HubSpec]

PROVIDERS = ("openai", "anthropic", "gemini", "mistral", "groq")


Pick = Callable[..., Selection]


@pytest.fixture
def pick(real_market: Market, make_spec: MakeSpec) -> Pick:
    def pick(
        kind: str = "chat", providers: tuple[str, ...] = ("openai", "anthropic"), **preferences: object
    ) -> Selection:
        spec = make_spec(
            {"r": {"kind": kind, "preferences": preferences, "fallbacks": 1}},
            providers={name: {} for name in providers},
        )
        return decide(need_of("r", spec), spec, real_market).selection

    return pick


def request(catalog: Catalog, spec: HubSpec) -> GenerateRequest:
    return GenerateRequest(spec=spec, models=tuple(catalog.models.values()), statistics=catalog.statistics)


def test_the_example_of_the_documentation_gets_sensible_models(pick: Pick) -> None:
    preprocess = pick(providers=("openai",), cost="low", latency="low", quality="medium")
    assert preprocess.chosen.model_id in ("gpt-4.1-nano", "gpt-5-nano", "gpt-5.4-nano")
    inference = pick(cost="medium", latency="medium", quality="high")
    assert inference.chosen.model_id == "claude-sonnet-5"
    assert [model.provider for model in inference.fallbacks] == ["openai"]
    embedding = pick("embedding", ("openai",), cost="low", latency="low", quality="medium")
    assert embedding.chosen.model_id == "text-embedding-3-small"


def test_when_only_quality_counts_a_flagship_is_chosen(pick: Pick) -> None:
    flagships = ("claude-fable-5", "claude-opus-4-8", "gemini-3.1-pro-preview", "gpt-5.5")
    assert pick(cost="high", latency="high", quality="high").chosen.model_id in flagships[:2]
    assert pick(providers=PROVIDERS, cost="high", latency="high", quality="high").chosen.model_id in flagships


def test_no_old_generation_is_chosen_for_its_price(pick: Pick) -> None:
    for quality, latency in itertools.product(("medium", "high"), ("low", "medium", "high")):
        chosen = pick(cost="low", quality=quality, latency=latency).chosen
        assert (chosen.release_date or "") >= "2025", chosen.canonical_id


def test_every_kind_gets_a_model_of_its_kind(pick: Pick) -> None:
    assert pick("embedding", cost="high", quality="high").chosen.model_id == "text-embedding-3-large"
    assert "image" in pick("image").chosen.output_modalities
    assert pick("tool").chosen.supports_tool_call
    assert "tts" in pick("audio", PROVIDERS).chosen.model_id
    assert "whisper" in pick("audio", PROVIDERS, needs=["audio"]).chosen.model_id


def test_a_large_window_is_honoured(pick: Pick) -> None:
    chosen = pick(context_min=900_000, cost="low").chosen
    assert (chosen.context_tokens or 0) >= 900_000


def test_no_chat_candidate_is_an_embedding_a_guard_or_a_voice(pick: Pick) -> None:
    words = ("embed", "guard", "moderation", "tts", "whisper", "image", "realtime", "transcribe", "codex", "rerank")
    ranked = pick(providers=PROVIDERS).ranked
    assert len(ranked) > 50
    assert [one.model.model_id for one in ranked if any(word in one.model.model_id for word in words)] == []


def test_a_hundred_roles_of_all_wishes_each_get_a_model(real_catalog: Catalog, make_spec: MakeSpec) -> None:
    levels = ("low", "medium", "high")
    wishes = itertools.islice(itertools.cycle(itertools.product(levels, repeat=3)), 100)
    roles = {
        f"role-{number}": {"kind": "chat", "preferences": {"cost": cost, "latency": latency, "quality": quality}}
        for number, (cost, latency, quality) in enumerate(wishes)
    }
    spec = make_spec(roles, providers={name: {} for name in PROVIDERS})
    assert len(generate(request(real_catalog, spec)).selections) == 100


def test_the_same_catalog_gives_the_same_configuration(real_catalog: Catalog, make_spec: MakeSpec) -> None:
    spec = make_spec({"r": {"kind": "chat", "fallbacks": 3}})
    first = generate(request(real_catalog, spec))
    shuffled = evolve(request(real_catalog, spec), models=tuple(reversed(real_catalog.models.values())))
    assert generate(shuffled).config == first.config
