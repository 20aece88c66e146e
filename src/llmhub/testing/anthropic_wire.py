"""The dialect of Anthropic: messages, plain and as a stream of events, token counts, models, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from llmhub.testing.answers import Answer, Question, Tool, answer, count_words, identifier, text_of
from llmhub.testing.faults import Fault
from llmhub.testing.wire import (
    Document,
    Fields,
    Refusal,
    RefusedError,
    Reply,
    Request,
    check_fields,
    check_messages,
    check_positive,
    json_reply,
    refusal_reply,
)

_COUNT_REQUIRED: Final[Fields] = {"model": (str,), "messages": (list,)}
_REQUIRED: Final[Fields] = {**_COUNT_REQUIRED, "max_tokens": (int,)}
_OPTIONAL: Final[Fields] = {
    "stream": (bool,),
    "system": (str, list),
    "temperature": (float, int),
    "top_p": (float, int),
    "stop_sequences": (list,),
    "tools": (list,),
    "tool_choice": (dict,),
    "output_config": (dict,),
}
_STOP_REASON: Final = {"stop": "end_turn", "length": "max_tokens", "tool_call": "tool_use", "filtered": "refusal"}
_CHOICES: Final = {"any": "required", "none": "none", "auto": "auto"}


def messages(request: Request, fault: Fault) -> Reply:
    """Answer `POST /messages`."""
    document = request.document
    check_fields(document, _REQUIRED, _OPTIONAL)
    check_messages(document["messages"])
    check_positive(document, "max_tokens")
    given = answer(_question(document, request.scripted), fault)
    message = {
        "id": identifier("msg_", request.body),
        "type": "message",
        "role": "assistant",
        "model": request.model,
        "content": _content(given, identifier("toolu_", request.body)),
        "stop_reason": _STOP_REASON[given.finish] if given.finish else None,
        "stop_sequence": None,
        "usage": _usage(given.input_tokens, given.output_tokens),
    }
    return Reply(events=_events(given, message)) if document.get("stream") else json_reply(message)


def count_tokens(request: Request, fault: Fault) -> Reply:
    """Answer `POST /messages/count_tokens`."""
    check_fields(request.document, _COUNT_REQUIRED, _OPTIONAL)
    check_messages(request.document["messages"])
    return json_reply({"input_tokens": 0 if fault.kind == "empty" else _question(request.document, None).input_tokens})


def _question(document: Document, scripted: str | None) -> Question:
    said = document["messages"]
    last = next((message for message in reversed(said) if message["role"] == "user"), said[-1])
    results = _tool_results(last.get("content"))
    choice = document.get("tool_choice") or {"type": "auto"}
    kind = choice.get("type")
    return Question(
        text=" ".join(results) if results else text_of(last.get("content")),
        from_tool=bool(results),
        input_tokens=count_words(text_of(document.get("system") or ""))
        + sum(count_words(_all_text(message.get("content"))) for message in said),
        tools=_tools(document),
        tool_choice=f"name:{choice.get('name', '')}" if kind == "tool" else _CHOICES.get(str(kind), "auto"),
        schema=_schema(document),
        max_tokens=document.get("max_tokens"),
        scripted=scripted,
    )


def _tool_results(content: Any) -> list[str]:
    parts = content if isinstance(content, list) else ()
    return [
        text_of(part.get("content"))
        for part in parts
        if isinstance(part, Mapping) and part.get("type") == "tool_result"
    ]


def _all_text(content: Any) -> str:
    return " ".join([text_of(content), *_tool_results(content)])


def _tools(document: Document) -> tuple[Tool, ...]:
    tools = []
    for index, tool in enumerate(document.get("tools") or ()):
        if not isinstance(tool, Mapping) or not isinstance(tool.get("name"), str):
            raise RefusedError(Refusal(reason="missing", name=f"tools.{index}.name"))
        tools.append(Tool(name=tool["name"], parameters=tool.get("input_schema") or {}))
    return tuple(tools)


def _schema(document: Document) -> Mapping[str, Any] | None:
    # `output_format` is the beta's name for what is now `output_config.format`.
    wanted = (document.get("output_config") or {}).get("format") or document.get("output_format")
    if not isinstance(wanted, Mapping):
        return None
    if not isinstance(wanted.get("schema"), Mapping):
        raise RefusedError(Refusal(reason="missing", name="output_config.format.schema"))
    schema: Mapping[str, Any] = wanted["schema"]
    return schema


def _content(given: Answer, call: str) -> list[dict[str, Any]]:
    if given.tool is not None:
        return [{"type": "tool_use", "id": call, "name": given.tool, "input": json.loads(given.arguments)}]
    return [{"type": "text", "text": given.text}] if given.pieces else []


def _usage(input_tokens: int, output_tokens: int) -> dict[str, Any]:
    return {
        "input_tokens": input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _events(given: Answer, message: dict[str, Any]) -> Iterator[bytes]:
    opening: dict[str, Any] = {"content": [], "stop_reason": None, "usage": _usage(given.input_tokens, 0)}
    yield _event("message_start", message=message | opening)
    if message["content"]:
        (block,) = message["content"]
        yield _event("content_block_start", index=0, content_block=block | _EMPTY_BLOCK[block["type"]])
        yield _event("ping")
        if given.tool is not None:
            middle = len(given.arguments) // 2
            for part in (given.arguments[:middle], given.arguments[middle:]):
                yield _event("content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": part})
        for piece in given.pieces:
            # Built by hand: this is what a benchmark of streams sends by the thousand.
            text = json.dumps(piece)
            yield (
                'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, '
                f'"delta": {{"type": "text_delta", "text": {text}}}}}\n\n'
            ).encode()
        if given.finish:
            yield _event("content_block_stop", index=0)
    if given.finish:
        delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
        yield _event("message_delta", delta=delta, usage=_usage(given.input_tokens, given.output_tokens))
        yield _event("message_stop")


_EMPTY_BLOCK: Final[dict[str, dict[str, Any]]] = {"text": {"text": ""}, "tool_use": {"input": {}}}


def _event(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def model_entry(name: str) -> dict[str, Any]:
    """One entry of `GET /models`, and the answer to `GET /models/NAME`."""
    return {"type": "model", "id": name, "display_name": name, "created_at": "2025-01-01T00:00:00Z"}


def model_list(names: Sequence[str]) -> Reply:
    """Answer `GET /models`, all on one page."""
    first, last = (names[0], names[-1]) if names else (None, None)
    entries = [model_entry(name) for name in names]
    return json_reply({"data": entries, "has_more": False, "first_id": first, "last_id": last})


_WORDING: Final = {
    "missing": "{name}: Field required",
    "wrong_type": "{name}: Input should be {detail}",
    "invalid": "{name}: {detail}",
    "not_json": "The request body is not a JSON object: {detail}",
    "unknown_path": "Not found: {name}",
    "wrong_key": "invalid x-api-key",
    "context_length": "prompt is too long: {detail} tokens > 8 maximum",
    "content_filter": "Output blocked by content filtering policy",
    "insufficient_quota": "Your credit balance is too low to access the Anthropic API.",
}
_STATUS_WORDING: Final = {
    401: ("invalid x-api-key", "authentication_error"),
    402: ("Your credit balance is too low.", "billing_error"),
    403: ("Your key may not use the model {name}.", "permission_error"),
    404: ("model: {name}", "not_found_error"),
    413: ("Request exceeds the maximum size", "request_too_large"),
    429: ("This request would exceed your rate limit.", "rate_limit_error"),
    503: ("Overloaded", "overloaded_error"),
    529: ("Overloaded", "overloaded_error"),
}
_STATUS_BY_REASON: Final = {"unknown_path": 404, "wrong_key": 401}
_TYPE_BY_REASON: Final = {"unknown_path": "not_found_error", "wrong_key": "authentication_error"}


def refuse(refusal: Refusal) -> Reply:
    """Word *refusal* as Anthropic does."""
    if refusal.reason == "status":
        status = refusal.status
        other = ("Internal server error", "api_error") if status >= 500 else ("Bad request", "invalid_request_error")
        message, kind = _STATUS_WORDING.get(status, other)
    else:
        status = _STATUS_BY_REASON.get(refusal.reason, 400)
        message = _WORDING[refusal.reason]
        kind = _TYPE_BY_REASON.get(refusal.reason, "invalid_request_error")
    error = {"type": kind, "message": message.format(name=refusal.name, detail=refusal.detail)}
    return refusal_reply(refusal, status, {"type": "error", "error": error, "request_id": "req_llmhub"})
