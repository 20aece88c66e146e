"""any-llm's calls by the name of our method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from llmhub.records.calls import Method

NEEDED: Mapping[Method, tuple[str, ...]] = {"messages": ("max_tokens",), "speech": ("voice",)}
"""Parameters that any-llm cannot do without, beside what is asked."""


def start(client: Any, method: Method, model: str, payload: Any, arguments: Mapping[str, Any]) -> Awaitable[Any]:
    """Begin *method* on a client; await the result for any-llm's own answer, or its async iterator of chunks.

    *arguments* are under the names that the client's provider understands.
    """
    return _STARTS[method](client, model, payload, arguments)


Start = Callable[[Any, str, Any, Mapping[str, Any]], Awaitable[Any]]


def _completion(client: Any, model: str, payload: Any, arguments: Mapping[str, Any]) -> Awaitable[Any]:
    return client.acompletion(model=model, messages=payload, **arguments)  # type: ignore[no-any-return]


def _rerank(client: Any, model: str, payload: Any, arguments: Mapping[str, Any]) -> Awaitable[Any]:
    return client.arerank(model, payload["query"], payload["documents"], **arguments)  # type: ignore[no-any-return]


def _named(operation: str) -> Start:
    def start_it(client: Any, model: str, payload: Any, arguments: Mapping[str, Any]) -> Awaitable[Any]:
        return getattr(client, operation)(model, payload, **arguments)  # type: ignore[no-any-return]

    return start_it


OPERATIONS: Mapping[Method, str] = {
    "completion": "acompletion",
    "embedding": "aembedding",
    "responses": "aresponses",
    "messages": "amessages",
    "image": "aimage_generation",
    "speech": "aspeech",
    "transcription": "atranscription",
    "rerank": "arerank",
    "moderation": "amoderation",
}
"""What each method is called on any-llm's client."""

_STARTS: Mapping[Method, Start] = {
    **{method: _named(operation) for method, operation in OPERATIONS.items()},
    "completion": _completion,
    "rerank": _rerank,
}
