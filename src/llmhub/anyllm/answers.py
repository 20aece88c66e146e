"""What to read from any-llm's answers and chunks: tokens, text, whether they are whole.

Each of the three text dialects has its own shapes (chat completions, responses, messages); they are told apart by what
an object has, since subclasses and providers differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, NamedTuple

from llmhub import errors
from llmhub.records.calls import Method, Usage
from llmhub.records.foreign import amount


class ReadChunk(NamedTuple):
    """One chunk of a stream: the text it adds, whether it says that the stream ends here, what it says was used."""

    text: str
    finished: bool = False
    usage: Usage | None = None


def read_chunk(method: Method, chunk: Any) -> ReadChunk:
    """What *chunk* of a stream of *method* says.

    Raises:
        ProviderError: it says that the provider failed half way.
    """
    return _READERS[method](chunk)


def usage_of(answer: Any) -> Usage | None:
    """The tokens that an answer or a chunk says were used; `None` when it says nothing of it."""
    usage = getattr(answer, "usage", None)
    if usage is None:
        return None
    stated = _stated(usage)
    return _anthropic_usage(stated) if "cache_read_input_tokens" in stated else _openai_usage(stated)


def flaw_of(method: Method, answer: Any) -> errors.UnusableAnswerError | None:
    """What makes a whole answer useless, if anything does: that it says nothing, or stops at its longest length."""
    flaw: errors.UnusableAnswerError | None = None
    if _is_truncated(method, answer):
        flaw = errors.TruncatedAnswerError("the answer ran into its longest length")
    elif _is_empty(method, answer):
        flaw = errors.EmptyAnswerError("the answer says nothing")
    if flaw is not None:
        flaw.response = answer
    return flaw


def is_json(answer: Any) -> bool:
    """Whether the text of a chat answer is JSON: asked where a format was given as a dict, which any-llm leaves to us.

    An answer without text (a tool call, a refusal) is none of its business.
    """
    import json

    for choice in answer.choices:
        if choice.message.content:
            try:
                json.loads(choice.message.content)
            except ValueError:
                return False
    return True


# --- chunks ---------------------------------------------------------------------------------------------------------


def _read_completion(chunk: Any) -> ReadChunk:
    text, finished = "", False
    for choice in chunk.choices:
        text += choice.delta.content or ""
        finished = finished or choice.finish_reason is not None
    return ReadChunk(text, finished, usage_of(chunk) if getattr(chunk, "usage", None) is not None else None)


_RESPONSES_ENDS = ("response.completed", "response.incomplete")


def _read_responses(event: Any) -> ReadChunk:
    kind = getattr(event, "type", "")
    if kind in ("response.failed", "error"):
        fault = event if kind == "error" else getattr(event.response, "error", None)
        raise errors.ProviderError(f"the provider gave up: {getattr(fault, 'message', None) or kind}")
    text = event.delta if kind == "response.output_text.delta" else ""
    finished = kind in _RESPONSES_ENDS
    return ReadChunk(text, finished, usage_of(event.response) if finished else None)


def _read_messages(event: Any) -> ReadChunk:
    kind = getattr(event, "type", "")
    if kind == "content_block_delta":
        return ReadChunk(getattr(event.delta, "text", None) or "")
    if kind == "message_delta":
        return ReadChunk("", event.delta.stop_reason is not None, usage_of(event))
    return ReadChunk("", kind == "message_stop")


_READERS: Mapping[Method, Callable[[Any], ReadChunk]] = {
    "completion": _read_completion,
    "responses": _read_responses,
    "messages": _read_messages,
}


# --- usage ----------------------------------------------------------------------------------------------------------


def _stated(record: Any) -> Mapping[str, Any]:
    """The fields of *record* and whatever else it came with. To ask a pydantic model for a name that it lacks takes
    2 us, and there are many names for what was used."""
    fields: Mapping[str, Any] = getattr(record, "__dict__", _NOTHING)
    extra = getattr(record, "model_extra", None) if record is not None else None
    return {**extra, **fields} if extra else fields


_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _openai_usage(usage: Mapping[str, Any]) -> Usage:
    given = _stated(usage.get("prompt_tokens_details") or usage.get("input_tokens_details"))
    made = _stated(usage.get("completion_tokens_details") or usage.get("output_tokens_details"))
    return Usage(
        input_tokens=_tokens(usage, "prompt_tokens", "input_tokens"),
        output_tokens=_tokens(usage, "completion_tokens", "output_tokens"),
        total_tokens=_tokens(usage, "total_tokens"),
        cached_input_tokens=_tokens(given, "cached_tokens"),
        cache_write_tokens=_tokens(given, "cache_write_tokens"),
        cache_write_long_tokens=_kept_an_hour(given.get("cache_creation_token_details")),
        reasoning_tokens=_tokens(made, "reasoning_tokens"),
        audio_input_tokens=_tokens(given, "audio_tokens"),
        audio_output_tokens=_tokens(made, "audio_tokens"),
        cost=_dollars(usage.get("cost")),
    )


def _anthropic_usage(usage: Mapping[str, Any]) -> Usage:
    """Anthropic counts what came from or went to its cache beside `input_tokens`, not within it."""
    fresh, output = _tokens(usage, "input_tokens"), _tokens(usage, "output_tokens")
    read, written = _tokens(usage, "cache_read_input_tokens"), _tokens(usage, "cache_creation_input_tokens")
    whole = None if fresh is None else fresh + (read or 0) + (written or 0)
    return Usage(
        input_tokens=whole,
        output_tokens=output,
        total_tokens=None if whole is None or output is None else whole + output,
        cached_input_tokens=read,
        cache_write_tokens=written,
        cache_write_long_tokens=_kept_an_hour(usage.get("cache_creation")),
        cost=_dollars(usage.get("cost")),
    )


def _kept_an_hour(writes: Any) -> int | None:
    return _tokens(_stated(writes), "ephemeral_1h_input_tokens")


MOST_TOKENS = 50_000_000
"""Five times the longest context there is: what a provider counts beyond that, or below nothing, is no count."""

MOST_DOLLARS = 1_000_000


def _tokens(stated: Mapping[str, Any], *names: str) -> int | None:
    """The first count under one of *names*; the SDKs check no types, so that anything may stand there."""
    for name in names:
        value = stated.get(name)
        if value is not None:
            count = amount(value)
            return int(count) if count is not None and count <= MOST_TOKENS and count == int(count) else None
    return None


def _dollars(cost: Any) -> Decimal | None:
    if cost is None or isinstance(cost, bool):
        return None
    try:
        dollars = Decimal(str(cost))
    except (InvalidOperation, ValueError):
        return None
    return dollars if dollars.is_finite() and 0 <= dollars <= MOST_DOLLARS else None


# --- flaws ----------------------------------------------------------------------------------------------------------


def _is_truncated(method: Method, answer: Any) -> bool:
    if method == "completion":
        return any(choice.finish_reason == "length" for choice in answer.choices)
    if method == "responses":
        details = getattr(answer, "incomplete_details", None)
        return getattr(details, "reason", None) == "max_output_tokens"
    if method == "messages":
        return bool(answer.stop_reason == "max_tokens")
    return False


def _is_empty(method: Method, answer: Any) -> bool:
    if method == "completion":
        return not any(_says_something(choice.message) for choice in answer.choices)
    if method == "responses":
        return not any(_has_content(item) for item in answer.output)
    if method == "messages":
        return not any(getattr(block, "text", None) or block.type == "tool_use" for block in answer.content)
    if method == "speech":
        return not answer
    if method == "transcription":
        return not answer.text.strip()
    items = getattr(answer, "data", None) or getattr(answer, "results", None)
    return not items


def _says_something(message: Any) -> bool:
    content = message.content
    spoken = content.strip() if isinstance(content, str) else content
    others = (getattr(message, name, None) for name in ("tool_calls", "refusal", "audio", "images", "function_call"))
    return bool(spoken) or any(others)


def _has_content(item: Any) -> bool:
    if item.type != "message":
        # Reasoning alone answers nothing; a call of a tool does.
        return bool(item.type != "reasoning")
    return any(getattr(part, "text", None) or getattr(part, "refusal", None) for part in item.content)
