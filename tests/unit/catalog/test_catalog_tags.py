from typing import Any

import pytest

from llmhub.catalog.tags import tags
from llmhub.records.model import CanonicalModel


def model(model_id: str = "some-model", **facts: Any) -> CanonicalModel:
    return CanonicalModel(canonical_id=f"host:{model_id}", provider="host", model_id=model_id, **facts)


def test_tags_say_what_is_known_to_hold_and_nothing_else() -> None:
    able = model(
        supports_tool_call=True,
        supports_reasoning=True,
        supports_structured_output=False,
        open_weights=None,
        input_modalities=("text", "image", "audio"),
        output_modalities=("text", "image"),
    )
    assert tags(able) == ("audio-input", "image-gen", "reasoning", "tools", "vision")
    assert tags(model()) == ()


@pytest.mark.parametrize(
    ("model_id", "tag"),
    [
        ("text-embedding-3-small", "embedding"),
        ("mistral-embed", "embedding"),
        ("BAAI/bge-m3", "embedding"),
        ("cohere.rerank-v3-5:0", "rerank"),
        ("bge-reranker-v2-m3", "rerank"),
        ("omni-moderation-latest", "moderation"),
        ("meta-llama/Llama-Guard-4-12B", "moderation"),
        ("whisper-large-v3", "transcription"),
        ("gpt-4o-mini-tts", "speech"),
    ],
)
def test_models_that_are_no_chat_models_are_known_by_their_names(model_id: str, tag: str) -> None:
    assert tags(model(model_id, output_modalities=("text",))) == (tag,)


@pytest.mark.parametrize("model_id", ["gpt-4o", "openai/gpt-oss-120b", "claude-opus-4-5", "gemini-2.5-flash"])
def test_chat_models_have_no_such_tag(model_id: str) -> None:
    assert tags(model(model_id, output_modalities=("text",))) == ()
