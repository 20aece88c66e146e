"""Which models may serve a role, and the reason for every one that may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]


@pytest.mark.parametrize(
    ("facts", "preferences", "reason"),
    [
        ({"canonical_id": "groq:m"}, {}, "provider groq is not allowed"),
        ({"canonical_id": "openai:text-embedding-3-small"}, {}, "wrong kind: made for embedding"),
        ({"canonical_id": "openai:gpt-5-codex"}, {}, "wrong kind: not served through chat completions"),
        ({"status": "deprecated"}, {}, "deprecated"),
        ({"status": "retired"}, {}, "retired"),
        ({}, {"exclude_models": ["m"]}, "excluded by 'm'"),
        ({}, {"exclude_models": ["openai:m*"]}, "excluded by 'openai:m*'"),
        ({"supports_tool_call": False}, {"needs": ["tools"]}, "no tool calls"),
        ({"supports_tool_call": None}, {"needs": ["tools"]}, "not known to have tool calls"),
        ({}, {"needs": ["structured_output"]}, "not known to have structured output"),
        ({"supports_reasoning": False}, {"needs": ["reasoning"]}, "no reasoning"),
        ({}, {"needs": ["vision"]}, "no images as input"),
        ({}, {"needs": ["pdf"]}, "no PDF files as input"),
        ({"input_modalities": ()}, {"needs": ["audio"]}, "not known to have audio as input"),
        ({"context_tokens": 8_000}, {"context_min": 100_000}, "context of 8,000 tokens is under 100,000"),
        ({"context_tokens": None}, {"context_min": 1}, "context window not known"),
        ({"price": (3.0, 1.0)}, {"max_price_input": 2}, "input price $3 is over $2"),
        ({"price": (1.0, 3.0)}, {"max_price_output": 2}, "output price $3 is over $2"),
        ({"price": None}, {"max_price_input": 2}, "input price not known"),
        ({"price": None, "price_state": "included"}, {"max_price_output": 2}, "output price included in a plan"),
        ({"open_weights": False}, {"open_weights": True}, "weights are not open"),
        ({"open_weights": True}, {"open_weights": False}, "weights are open"),
        ({"open_weights": None}, {"open_weights": True}, "not known whether its weights are open"),
    ],
)
def test_every_rejection_has_its_reason(
    facts: dict[str, Any], preferences: dict[str, Any], reason: str, make_model: MakeModel, choose: Choose
) -> None:
    fitting = make_model(
        "anthropic:fits",
        context_tokens=1_000_000,
        input_modalities=("text", "image", "pdf", "audio"),
        supports_reasoning=True,
        supports_structured_output=True,
        open_weights=preferences.get("open_weights"),
        price=(1.0, 1.0),
    )
    rejected = make_model(**{"canonical_id": "openai:m", **facts})
    selection = choose([rejected, fitting], {"preferences": preferences})
    assert [candidate.model for candidate in selection.ranked] == [fitting]
    assert [(found.canonical_id, found.reason) for found in selection.rejected] == [(rejected.canonical_id, reason)]


def test_a_model_that_just_meets_a_limit_is_admitted(make_model: MakeModel, choose: Choose) -> None:
    exact = make_model("openai:exact", (2.0, 8.0), context_tokens=100_000)
    limits = {"context_min": 100_000, "max_price_input": 2, "max_price_output": 8}
    assert choose([exact], {"preferences": limits}).chosen == exact


def test_an_embedding_role_takes_embeddings_only(make_model: MakeModel, choose: Choose) -> None:
    small, chat = make_model("openai:text-embedding-3-small", (0.02, 0.0)), make_model("openai:gpt-5")
    selection = choose([chat, small], {"kind": "embedding"})
    assert selection.chosen == small
    assert selection.rejected[0].reason == "wrong kind: a chat model"


def test_an_embedding_is_under_a_limit_of_output_price_for_it_puts_out_none(
    make_model: MakeModel, choose: Choose
) -> None:
    small = make_model("openai:text-embedding-3-small", (0.02, 0.0), price_output_per_million=None)
    limits = {"kind": "embedding", "preferences": {"max_price_output": 0.01, "max_price_input": 0.02}}
    assert choose([small], limits).chosen == small


def test_an_audio_role_wants_speech_unless_it_must_listen(make_model: MakeModel, choose: Choose) -> None:
    speech = make_model("openai:tts-1", output_modalities=("audio",))
    listener = make_model("openai:whisper-1", input_modalities=("audio",))
    assert choose([speech, listener], {"kind": "audio"}).chosen == speech
    assert choose([speech, listener], {"kind": "audio", "preferences": {"needs": ["audio"]}}).chosen == listener


def test_an_image_role_takes_models_that_make_images(make_model: MakeModel, choose: Choose) -> None:
    image = make_model("openai:gpt-image-1", None, output_modalities=("image",))
    assert choose([make_model("openai:gpt-5"), image], {"kind": "image"}).chosen == image


def test_a_model_known_by_name_alone_may_chat(make_model: MakeModel, choose: Choose) -> None:
    bare = CanonicalModel(canonical_id="openai:new-model", provider="openai", model_id="new-model")
    assert choose([bare]).chosen == bare
    assert choose([bare, make_model("openai:known", rating=1200.0)]).chosen.model_id == "known"


def test_every_reason_is_told_of_models_of_allowed_providers(make_model: MakeModel, choose: Choose) -> None:
    faulty = make_model("openai:m", (9.0, 9.0), status="deprecated", supports_tool_call=False)
    fitting, elsewhere = make_model("openai:fits"), make_model("groq:m", status="deprecated")
    preferences = {"max_price_input": 2, "needs": ["tools"]}
    found = {
        one.canonical_id: one for one in choose([faulty, fitting, elsewhere], {"preferences": preferences}).rejected
    }
    assert (found["openai:m"].reason, found["openai:m"].others) == (
        "deprecated",
        ("no tool calls", "input price $9 is over $2"),
    )
    assert (found["groq:m"].reason, found["groq:m"].others) == ("provider groq is not allowed", ())
