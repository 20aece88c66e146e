"""`POST /v1/chat/completions`."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Answer, Begin, Operation, as_json, json_of
from llmhub_server.gateway.roles import speak_openai
from llmhub_server.gateway.shapes import check_arguments, check_chat

FIELDS = Fields(
    required={"model": kinds.TEXT, "messages": kinds.LIST},
    optional={
        "audio": kinds.OBJECT,
        "frequency_penalty": kinds.NUMBER,
        "function_call": kinds.TEXT_OR_OBJECT,
        "functions": kinds.LIST,
        "logit_bias": kinds.OBJECT,
        "logprobs": kinds.FLAG,
        "max_completion_tokens": kinds.INTEGER,
        "max_tokens": kinds.INTEGER,
        "metadata": kinds.OBJECT,
        "modalities": kinds.LIST,
        "moderation": kinds.OBJECT,
        "n": kinds.INTEGER,
        "parallel_tool_calls": kinds.FLAG,
        "prediction": kinds.OBJECT,
        "presence_penalty": kinds.NUMBER,
        "prompt_cache_key": kinds.TEXT,
        "prompt_cache_retention": kinds.TEXT,
        "reasoning": kinds.OBJECT,
        "reasoning_effort": kinds.TEXT,
        "response_format": kinds.OBJECT,
        "safety_identifier": kinds.TEXT,
        "seed": kinds.INTEGER,
        "service_tier": kinds.TEXT,
        "stop": kinds.TEXT_OR_LIST,
        "store": kinds.FLAG,
        "stream": kinds.FLAG,
        "stream_options": kinds.OBJECT,
        "temperature": kinds.NUMBER,
        "thinking": kinds.OBJECT,
        "tool_choice": kinds.TEXT_OR_OBJECT,
        "tools": kinds.LIST,
        "top_k": kinds.INTEGER,
        "top_logprobs": kinds.INTEGER,
        "top_p": kinds.NUMBER,
        "user": kinds.TEXT,
        "verbosity": kinds.TEXT,
        "web_search_options": kinds.OBJECT,
    },
)
"""OpenAI's, and `top_k`, `thinking` and `reasoning`, which some providers take beside."""


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    messages = given.params.pop("messages")
    if any(message.get("tool_calls") for message in messages) and not speak_openai(hub, given.role):
        check_arguments(messages)
    if given.stream:
        options = given.params.get("stream_options") or {}
        given.wants_usage = options.get("include_usage") is True
        # Asked for in any case: without it nobody knows what a stream cost.
        given.params["stream_options"] = {**options, "include_usage": True}
    complete: Begin = hub.acompletion
    return complete(given.role, messages, stream=given.stream, **given.options())


def _chunk(given: Asked, chunk: Any) -> str | None:
    if not (chunk.choices or given.wants_usage) and chunk.usage is not None:
        return None
    if given.first is None:
        given.first = chunk
        _begins(chunk)
    else:
        # any-llm names each chunk anew where a provider's own dialect has no chunks of this kind.
        chunk.id, chunk.created = given.first.id, given.first.created
    return json_of(chunk)


def _begins(chunk: Any) -> None:
    """What clients look for in the first chunk, and any-llm leaves out for some providers."""
    chunk.created = chunk.created or int(time.time())
    for choice in chunk.choices:
        choice.delta.role = choice.delta.role or "assistant"


def _answer(given: Asked, answer: Any) -> Answer:
    answer.created = answer.created or int(time.time())
    return as_json(given, answer)


OPERATION = Operation(
    path="/v1/chat/completions",
    method="completion",
    dialect=CHAT,
    fields=FIELDS,
    check=check_chat,
    begin=_begin,
    answer=_answer,
    chunk=_chunk,
)
