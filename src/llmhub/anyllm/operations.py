"""any-llm's calls by the name of our method, and what to read from their answers."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from llmhub.anyllm.parameters import translate
from llmhub.records.calls import Method, Usage


def start(
    client: Any, any_llm_provider: str | None, method: Method, model: str, payload: Any, params: Mapping[str, Any]
) -> Awaitable[Any]:
    """Begin *method* on a client; await the result for any-llm's own answer, or its async iterator of chunks."""
    arguments = translate(any_llm_provider, method, params)
    if method == "embedding":
        return client.aembedding(model, payload, **arguments)  # type: ignore[no-any-return]
    return client.acompletion(model=model, messages=payload, **arguments)  # type: ignore[no-any-return]


def usage_of(answer: Any) -> Usage | None:
    """The token counts an answer or a chunk carries; `None` when it carries none."""
    usage = getattr(answer, "usage", None)
    if usage is None:
        return None
    return Usage(
        input_tokens=getattr(usage, "prompt_tokens", None),
        output_tokens=getattr(usage, "completion_tokens", None),
        total_tokens=getattr(usage, "total_tokens", None),
    )


def finished(chunk: Any) -> bool:
    """Whether this chunk says why its stream ends. A stream that never says so was cut."""
    return any(choice.finish_reason is not None for choice in chunk.choices)
