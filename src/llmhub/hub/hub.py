"""`Hub`: what an application imports."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, overload

from llmhub.calls import methods
from llmhub.calls.configuration import ConfigSource
from llmhub.calls.methods import Occasion
from llmhub.hub.life import Life
from llmhub.records.calls import CallContext, CallResult, Feedback, Health, Method, ResolvedRole
from llmhub.records.foreign import well_formed

if TYPE_CHECKING:
    from types import TracebackType

    from llmhub.anyllm.types import ChatCompletion, ChatCompletionChunk, CreateEmbeddingResponse
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig

Messages = Sequence[Mapping[str, Any] | Any]


class Hub:
    """Calls models by role.

        hub = Hub()
        answer = hub.completion("llm.inference", [{"role": "user", "content": "Hello"}])

    Args:
        config_path: the `llmhub.yaml` to read. Without it the nearest one from the working directory upward; with an
            environment (`env`, else `LLMHUB_ENV`) `llmhub.<env>.yaml` beside it.
        config: a configuration in memory, instead of a file: a `HubConfig`, or the mapping such a file holds.
        strict_env: raise `MissingKeysError` now if a provider in use has no key in the environment.
        on_before_call: called with the `CallContext` before anything is sent; may change `params` or raise
            `CallRefused`. Any other exception is logged, and the call goes on.
        on_after_call: called with the `CallResult` when a call has ended, well or not.

    Nothing is sent, and any_llm is not imported, before the first call. One hub serves any number of threads and event
    loops, and a forked child; its connections are reused. It closes by itself when it is dropped; to close sooner,
    use it as a (sync or async) context manager, or call `close`/`aclose`.

    Raises:
        ConfigNotFoundError, InvalidFileError: no file, or one with problems (all of them at once).
        MissingKeysError: under `strict_env`.
    """

    def __init__(
        self,
        config_path: str | os.PathLike[str] | None = None,
        *,
        config: HubConfig | Mapping[str, Any] | None = None,
        env: str | None = None,
        strict_env: bool = False,
        on_before_call: Callable[[CallContext], None] | None = None,
        on_after_call: Callable[[CallResult], None] | None = None,
        plugins: PluginHost | None = None,
    ) -> None:
        self._life = Life(
            ConfigSource(config_path=config_path, config=config, env=env, strict_env=strict_env),
            on_before_call=on_before_call,
            on_after_call=on_after_call,
            plugins=plugins,
        )

    @property
    def config(self) -> HubConfig:
        """The configuration in force."""
        return self._life.roles.config

    def resolve(self, role: str) -> ResolvedRole:
        """The targets that serve *role* and the policy around them, without calling anything.

        Raises:
            UnknownRoleError: the file has neither the role nor `defaults`; names the nearest role.
        """
        return self._life.roles.resolve(role)

    def reload(self, config: HubConfig | Mapping[str, Any] | None = None) -> None:
        """Read the configuration again, or go on with *config* instead of a file.

        Calls under way keep the old one; a configuration with problems changes nothing.

        Raises:
            ConfigNotFoundError, InvalidFileError, MissingKeysError: as when the hub was made.
            PluginError: it names a selector or a ledger that cannot be used.
        """
        self._life.reload(config)

    # --- chat -------------------------------------------------------------------------------------------------------

    @overload
    def completion(
        self,
        role: str,
        messages: Messages,
        *,
        stream: Literal[False] = False,
        **options: Any,
    ) -> ChatCompletion: ...

    @overload
    def completion(
        self,
        role: str,
        messages: Messages,
        *,
        stream: Literal[True],
        **options: Any,
    ) -> Iterator[ChatCompletionChunk]: ...

    def completion(
        self,
        role: str,
        messages: Messages,
        *,
        params_override: Mapping[str, Any] | None = None,
        stream: bool = False,
        user: str | None = None,
        labels: Mapping[str, str] | None = None,
        call_id: str | None = None,
        **params: Any,
    ) -> ChatCompletion | Iterator[ChatCompletionChunk]:
        """Ask the model behind a chat role, and wait for the answer.

        Args:
            role: the role's name in the file.
            messages: as in OpenAI's chat API.
            params_override: parameters for this call; they win over the file's. `**params` does the same, and wins.
            stream: return an iterator of chunks. Its first chunk has arrived by then, so errors and fallbacks come
                from this call; a stream that breaks later raises `InterruptedStreamError` where it broke.
            user: who the call is for, told to hooks; never sent to the provider.
            labels: what else the call is about, for hooks, ledger and budgets: `{"tenant": "acme"}`.
            call_id: the call's own name, for `feedback`; made up when not given.

        Returns:
            any-llm's own object, untouched.

        Raises:
            UnknownRoleError, WrongModeError: before anything is sent.
            CallError: the class of the failure after one attempt, `AllTargetsFailed` after several.
        """
        asked = _merged(params_override, params)
        answer: ChatCompletion | Iterator[ChatCompletionChunk]
        answer = self._call("completion", role, messages, asked, Occasion(stream, user, labels, call_id))
        return answer

    @overload
    async def acompletion(
        self,
        role: str,
        messages: Messages,
        *,
        stream: Literal[False] = False,
        **options: Any,
    ) -> ChatCompletion: ...

    @overload
    async def acompletion(
        self,
        role: str,
        messages: Messages,
        *,
        stream: Literal[True],
        **options: Any,
    ) -> AsyncIterator[ChatCompletionChunk]: ...

    async def acompletion(
        self,
        role: str,
        messages: Messages,
        *,
        params_override: Mapping[str, Any] | None = None,
        stream: bool = False,
        user: str | None = None,
        labels: Mapping[str, str] | None = None,
        call_id: str | None = None,
        **params: Any,
    ) -> ChatCompletion | AsyncIterator[ChatCompletionChunk]:
        """`completion` for async code: `await` it, with `stream=True` for an async iterator of chunks."""
        asked = _merged(params_override, params)
        answer: ChatCompletion | AsyncIterator[ChatCompletionChunk]
        answer = await self._acall("completion", role, messages, asked, Occasion(stream, user, labels, call_id))
        return answer

    # --- embeddings -------------------------------------------------------------------------------------------------

    def embedding(
        self,
        role: str,
        input: str | Sequence[str],  # noqa: A002 - the field's name for it
        *,
        params_override: Mapping[str, Any] | None = None,
        user: str | None = None,
        labels: Mapping[str, str] | None = None,
        call_id: str | None = None,
        **params: Any,
    ) -> CreateEmbeddingResponse:
        """Turn texts into vectors with the model behind an embedding role.

        `embedding_dim` in the file or in `params` is the size of a vector; it reaches each provider under its own name.

        Raises:
            UnknownRoleError, WrongModeError: before anything is sent.
            CallError: as for `completion`.
        """
        asked = _merged(params_override, params)
        occasion = Occasion(user=user, labels=labels, call_id=call_id)
        answer: CreateEmbeddingResponse = self._call("embedding", role, _texts(input), asked, occasion)
        return answer

    async def aembedding(
        self,
        role: str,
        input: str | Sequence[str],  # noqa: A002 - the field's name for it
        *,
        params_override: Mapping[str, Any] | None = None,
        user: str | None = None,
        labels: Mapping[str, str] | None = None,
        call_id: str | None = None,
        **params: Any,
    ) -> CreateEmbeddingResponse:
        """`embedding` for async code."""
        asked = _merged(params_override, params)
        occasion = Occasion(user=user, labels=labels, call_id=call_id)
        answer: CreateEmbeddingResponse = await self._acall("embedding", role, _texts(input), asked, occasion)
        return answer

    # --- everything else ---------------------------------------------------------------------------------------------

    responses, aresponses = methods.responses, methods.aresponses
    messages, amessages = methods.messages, methods.amessages
    image, aimage = methods.image, methods.aimage
    speech, aspeech = methods.speech, methods.aspeech
    transcription, atranscription = methods.transcription, methods.atranscription
    rerank, arerank = methods.rerank, methods.arerank
    moderation, amoderation = methods.moderation, methods.amoderation

    def feedback(self, call_id: str, score: float, **labels: str) -> None:
        """Say how good an answer was: plugins with `llmhub_feedback` are told, such as a ledger's.

        Args:
            call_id: that of the call, as it was given to it or as `CallResult` has it.
            score: higher is better; the scale is yours, and should be one per role.
            labels: what else there is to say, for example who judged; what is no text is kept as its text.

        Raises:
            TypeError: *call_id* is no text, such as a whole answer. ValueError: *score* is no finite number.
        """
        if not isinstance(call_id, str):
            raise TypeError(f"feedback is given to a call by its call_id, a text; this is a {type(call_id).__name__}")
        stated: Any = score  # a caller's types may not have been checked
        if isinstance(stated, bool) or not isinstance(stated, int | float) or not isfinite(stated):
            raise ValueError(f"a score is a finite number, not {stated!r}")
        project, env = self.config.project, self.config.env
        texts = {name: well_formed(str(value)) for name, value in labels.items()}
        told = Feedback(call_id=call_id, score=score, labels=texts, project=project, environment=env)
        (self._life.engine or self._life.begin()).feedback(told)

    def health(self) -> Health:
        """How each target of the file stands (its circuit), and how busy the providers with a limit are."""
        return (self._life.engine or self._life.begin()).health()

    # --- life -------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close connections of synchronous calls and the ledger. Asynchronous ones close with their event loop."""
        self._life.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop, then all that `close` does."""
        engine = self._life.engine
        if engine is not None:
            await engine.close_here()
        self.close()

    def __enter__(self) -> Hub:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Hub:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<Hub {self.config.project!r} env={self.config.env!r} roles={len(self.config.roles)}>"

    # --- inside -----------------------------------------------------------------------------------------------------

    def _call(self, method: Method, role: str, payload: Any, asked: Mapping[str, Any], occasion: Occasion) -> Any:
        return (self._life.engine or self._life.begin()).call(role, method, payload, asked, occasion)

    def _acall(
        self, method: Method, role: str, payload: Any, asked: Mapping[str, Any], occasion: Occasion
    ) -> Awaitable[Any]:
        return (self._life.engine or self._life.begin()).acall(role, method, payload, asked, occasion)


def _merged(override: Mapping[str, Any] | None, params: dict[str, Any]) -> Mapping[str, Any]:
    return {**override, **params} if override else params


def _texts(given: str | Sequence[str]) -> str | list[str]:
    return given if isinstance(given, str) else list(given)
