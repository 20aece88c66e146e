"""any-llm's calls by the name of our method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from llmhub.errors import UnsupportedOperationError
from llmhub.records.calls import Method

NEEDED: Mapping[Method, tuple[str, ...]] = {"messages": ("max_tokens",), "speech": ("voice",)}
"""Parameters that any-llm cannot do without, beside what is asked."""


async def start(client: Any, method: Method, model: str, payload: Any, arguments: Mapping[str, Any]) -> Any:
    """Call *method* on a client, for any-llm's own answer, or its async iterator of chunks.

    *arguments* are under the names that the client's provider understands.

    Raises:
        UnsupportedOperationError: the client says of itself that it lacks the whole method.
    """
    try:
        return await _STARTS[method](client, model, payload, arguments)
    except NotImplementedError as fault:
        # Raised for a single parameter, too, such as `container` where a provider has no Messages API of its own.
        if getattr(client, _DECLARED[method], None) is not False:
            raise
        raise UnsupportedOperationError(str(fault) or f"the provider does not offer {method}()") from fault


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

_DECLARED: Mapping[Method, str] = {
    "completion": "SUPPORTS_COMPLETION",
    "embedding": "SUPPORTS_EMBEDDING",
    "responses": "SUPPORTS_RESPONSES",
    # What has no such API of its own is asked for a completion.
    "messages": "SUPPORTS_COMPLETION",
    "image": "SUPPORTS_IMAGE_GENERATION",
    "speech": "SUPPORTS_AUDIO_SPEECH",
    "transcription": "SUPPORTS_AUDIO_TRANSCRIPTION",
    "rerank": "SUPPORTS_RERANK",
    "moderation": "SUPPORTS_MODERATION",
}
"""Where any-llm's clients say whether they have a method."""
