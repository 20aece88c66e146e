"""What a model is made for, by its name and what it puts out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmhub.builtin.heuristic.purpose import purpose_of
from llmhub.records.model import CanonicalModel

MakeModel = Callable[..., CanonicalModel]


@pytest.mark.parametrize(
    ("canonical_id", "purpose"),
    [
        ("openai:gpt-4o-mini", "chat"),
        ("openai:gpt-5-chat-latest", "chat"),
        ("anthropic:claude-sonnet-4-5", "chat"),
        ("groq:llama-3.1-8b-instant", "chat"),
        ("mistral:codestral-latest", "code"),
        ("openrouter:openai/gpt-5-pro", "chat"),
        ("moonshot:kimi-k2.7-code", "code"),
        ("together:Qwen/Qwen3-Coder-Next-FP8", "code"),
        ("xai:grok-build-0.1", "code"),
        ("perplexity:sonar-pro", "special chat"),
        ("cohere:command-r7b-arabic-02-2025", "special chat"),
        ("bedrock:mistral.voxtral-small-24b-2507", "hearing"),
        ("zai:glm-4.6v", "seeing"),
        ("zai:glm-5v-turbo", "seeing"),
        ("zai:glm-5-turbo", "chat"),
        ("dashscope:qwen3-vl-plus", "seeing"),
        ("cohere:c4ai-aya-vision-8b", "seeing"),
        ("mistral:pixtral-12b", "seeing"),
        ("groq:groq/compound-mini", "special chat"),
        ("openrouter:openrouter/pareto-code", "router"),
        ("azure:model-router", "router"),
        ("fireworks:accounts/fireworks/routers/glm-5p2-fast", "chat"),
        ("openai:text-embedding-3-small", "embedding"),
        ("gemini:gemini-embedding-001", "embedding"),
        ("mistral:mistral-embed", "embedding"),
        ("together:BAAI/bge-large-en-v1.5", "embedding"),
        ("voyage:voyage-3", "embedding"),
        ("cohere:rerank-v3.5", "rerank"),
        ("openai:omni-moderation-latest", "moderation"),
        ("groq:meta-llama/llama-prompt-guard-2-86m", "moderation"),
        ("groq:openai/gpt-oss-safeguard-20b", "moderation"),
        ("together:meta-llama/Llama-Guard-4-12B", "moderation"),
        ("groq:whisper-large-v3", "transcription"),
        ("openai:gpt-4o-transcribe", "transcription"),
        ("gemini:gemini-2.5-flash-preview-tts", "speech"),
        ("openai:gpt-audio-mini", "speech"),
        ("openai:gpt-realtime", "live session"),
        ("openai:gpt-image-1", "image"),
        ("gemini:gemini-2.5-flash-image", "image"),
        ("openai:gpt-5.1-codex-max", "other endpoint"),
        ("openai:o3-deep-research", "other endpoint"),
        ("openai:gpt-5-pro", "other endpoint"),
        ("azure:o3-pro", "other endpoint"),
        ("openai:gpt-3.5-turbo-instruct", "other endpoint"),
        ("openai:gpt-4o-search-preview", "special chat"),
        ("cohere:command-a-translate-08-2025", "special chat"),
        ("inception:mercury-edit-2", "special chat"),
        ("openrouter:openrouter/auto", "router"),
    ],
)
def test_the_name_tells_the_purpose_though_sources_say_text(
    canonical_id: str, purpose: str, make_model: MakeModel
) -> None:
    assert purpose_of(make_model(canonical_id)) == purpose


@pytest.mark.parametrize(
    ("outputs", "purpose"),
    [
        (("image",), "image"),
        (("video",), "video"),
        (("audio",), "speech"),
        (("text", "audio"), "chat"),
        (("pdf",), "other endpoint"),
        ((), "chat"),
    ],
)
def test_a_name_that_tells_nothing_leaves_it_to_what_the_model_puts_out(
    outputs: tuple[str, ...], purpose: str, make_model: MakeModel
) -> None:
    assert purpose_of(make_model("openai:nameless", output_modalities=outputs)) == purpose
