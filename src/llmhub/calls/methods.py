"""What a hub answers beside chat and embeddings: one pair of functions, sync and async, for each operation of any-llm.

They are methods of `Hub`, kept here because each is but a name for a call. Options are the same for all:

    params_override: parameters for this call; they win over the file's. Any other keyword does the same, and wins.
    user: who the call is for; told to hooks, never to the provider.
    labels: what else the call is about, for hooks, ledger and budgets: `{"tenant": "acme"}`.
    call_id: the call's own name, for `Hub.feedback`; made up when not given.

What comes back is any-llm's own object. All raise `UnknownRoleError` and `WrongModeError` before anything is sent, and
`CallError` as `Hub.completion` does.
"""

# ruff: noqa: A002 - `input` is the field's name for it

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, overload

from llmhub.records.calls import Method

if TYPE_CHECKING:
    from llmhub.anyllm.types import (
        ImagesResponse,
        MessageResponse,
        ModerationResponse,
        RerankResponse,
        Response,
        Transcription,
    )

Items = str | Sequence[Any]


class Occasion(NamedTuple):
    """What is said of a call that is not for the provider."""

    stream: bool = False
    user: str | None = None
    labels: Mapping[str, str] | None = None
    call_id: str | None = None


class Caller(Protocol):
    """The part of a hub that these functions need."""

    def _call(self, method: Method, role: str, payload: Any, asked: Mapping[str, Any], occasion: Occasion) -> Any: ...

    def _acall(
        self, method: Method, role: str, payload: Any, asked: Mapping[str, Any], occasion: Occasion
    ) -> Awaitable[Any]: ...


# --- text in other dialects -----------------------------------------------------------------------------------------


@overload
def responses(self: Caller, role: str, input: Items, *, stream: Literal[False] = False, **options: Any) -> Response: ...


@overload
def responses(self: Caller, role: str, input: Items, *, stream: Literal[True], **options: Any) -> Iterator[Any]: ...


def responses(self: Caller, role: str, input: Items, *, stream: bool = False, **options: Any) -> Any:
    """Ask a chat role in the dialect of OpenAI's Responses API.

    *input* is a text or a list of items. Options: see `llmhub.calls.methods`.
    """
    return self._call("responses", role, _listed(input), *_told(options, stream))


@overload
async def aresponses(
    self: Caller, role: str, input: Items, *, stream: Literal[False] = False, **options: Any
) -> Response: ...


@overload
async def aresponses(
    self: Caller, role: str, input: Items, *, stream: Literal[True], **options: Any
) -> AsyncIterator[Any]: ...


async def aresponses(self: Caller, role: str, input: Items, *, stream: bool = False, **options: Any) -> Any:
    """`responses` for async code."""
    return await self._acall("responses", role, _listed(input), *_told(options, stream))


@overload
def messages(
    self: Caller, role: str, messages: Sequence[Any], *, stream: Literal[False] = False, **options: Any
) -> MessageResponse: ...


@overload
def messages(
    self: Caller, role: str, messages: Sequence[Any], *, stream: Literal[True], **options: Any
) -> Iterator[Any]: ...


def messages(self: Caller, role: str, messages: Sequence[Any], *, stream: bool = False, **options: Any) -> Any:
    """Ask a chat role in the dialect of Anthropic's Messages API, whichever provider serves it.

    It needs `max_tokens`, among the role's params or with the call. Options: see `llmhub.calls.methods`.
    """
    return self._call("messages", role, list(messages), *_told(options, stream))


@overload
async def amessages(
    self: Caller, role: str, messages: Sequence[Any], *, stream: Literal[False] = False, **options: Any
) -> MessageResponse: ...


@overload
async def amessages(
    self: Caller, role: str, messages: Sequence[Any], *, stream: Literal[True], **options: Any
) -> AsyncIterator[Any]: ...


async def amessages(self: Caller, role: str, messages: Sequence[Any], *, stream: bool = False, **options: Any) -> Any:
    """`messages` for async code."""
    return await self._acall("messages", role, list(messages), *_told(options, stream))


# --- pictures and sound ---------------------------------------------------------------------------------------------


def image(self: Caller, role: str, prompt: str, **options: Any) -> ImagesResponse:
    """Make pictures with an image role. Parameters: `n`, `size`, `quality`, ... Options: see `llmhub.calls.methods`."""
    answer: ImagesResponse = self._call("image", role, prompt, *_told(options))
    return answer


async def aimage(self: Caller, role: str, prompt: str, **options: Any) -> ImagesResponse:
    """`image` for async code."""
    answer: ImagesResponse = await self._acall("image", role, prompt, *_told(options))
    return answer


def speech(self: Caller, role: str, input: str, **options: Any) -> bytes:
    """Speak a text with a speech role: the sound as bytes.

    It needs a `voice`, among the role's params or with the call. Options: see `llmhub.calls.methods`.
    """
    answer: bytes = self._call("speech", role, input, *_told(options))
    return answer


async def aspeech(self: Caller, role: str, input: str, **options: Any) -> bytes:
    """`speech` for async code."""
    answer: bytes = await self._acall("speech", role, input, *_told(options))
    return answer


def transcription(self: Caller, role: str, file: Any, **options: Any) -> Transcription:
    """Write down what is said in *file* with a transcription role.

    *file*: bytes, a path, or a file open for reading, which is read once and whole, so that another target can have it
    too. Options: see `llmhub.calls.methods`.
    """
    sound, options = _read(file, options)
    answer: Transcription = self._call("transcription", role, sound, *_told(options))
    return answer


async def atranscription(self: Caller, role: str, file: Any, **options: Any) -> Transcription:
    """`transcription` for async code."""
    sound, options = _read(file, options)
    answer: Transcription = await self._acall("transcription", role, sound, *_told(options))
    return answer


# --- judgements -----------------------------------------------------------------------------------------------------


def rerank(self: Caller, role: str, query: str, documents: Sequence[str], **options: Any) -> RerankResponse:
    """Order *documents* by how well they answer *query*, with a rerank role. Options: see `llmhub.calls.methods`."""
    answer: RerankResponse = self._call("rerank", role, {"query": query, "documents": list(documents)}, *_told(options))
    return answer


async def arerank(self: Caller, role: str, query: str, documents: Sequence[str], **options: Any) -> RerankResponse:
    """`rerank` for async code."""
    answer: RerankResponse = await self._acall(
        "rerank", role, {"query": query, "documents": list(documents)}, *_told(options)
    )
    return answer


def moderation(self: Caller, role: str, input: Items, **options: Any) -> ModerationResponse:
    """Ask a moderation role what is wrong with a text, or with each of several. Options: see `llmhub.calls.methods`."""
    answer: ModerationResponse = self._call("moderation", role, _listed(input), *_told(options))
    return answer


async def amoderation(self: Caller, role: str, input: Items, **options: Any) -> ModerationResponse:
    """`moderation` for async code."""
    answer: ModerationResponse = await self._acall("moderation", role, _listed(input), *_told(options))
    return answer


def _listed(given: Items) -> str | list[Any]:
    return given if isinstance(given, str) else list(given)


def _read(file: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    read = getattr(file, "read", None)
    if read is None:
        return file, options
    name = getattr(file, "name", None)
    if isinstance(name, str) and "filename" not in options:
        import os

        options = {**options, "filename": os.path.basename(name)}  # noqa: PTH119 - pathlib is not loaded for a name
    return read(), options


def _told(options: Mapping[str, Any], stream: bool = False) -> tuple[Mapping[str, Any], Occasion]:
    """What a caller wrote beside the input: the parameters for the provider, and what is for the hub alone."""
    params = {name: value for name, value in options.items() if name not in _OWN}
    occasion = Occasion(stream, options.get("user"), options.get("labels"), options.get("call_id"))
    override = options.get("params_override")
    return {**override, **params} if override else params, occasion


_OWN = frozenset({"user", "labels", "call_id", "params_override"})
