"""The dialect of OpenAI: the Responses API, plain and as a stream of events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

from llmhub.testing.answers import JSON_OBJECT, Answer, Question, answer, count_words, identifier, text_of
from llmhub.testing.faults import Fault
from llmhub.testing.openai_chat import tools_of
from llmhub.testing.wire import (
    CREATED,
    Document,
    Fields,
    Refusal,
    RefusedError,
    Reply,
    Request,
    an_object,
    check_fields,
    check_positive,
    json_reply,
)

_REQUIRED: Final[Fields] = {"model": (str,), "input": (str, list)}
_OPTIONAL: Final[Fields] = {
    "stream": (bool,),
    "instructions": (str,),
    "temperature": (float, int),
    "top_p": (float, int),
    "max_output_tokens": (int,),
    "tools": (list,),
    "tool_choice": (str, dict),
    "text": (dict,),
}


def responses(request: Request, fault: Fault) -> Reply:
    """Answer `POST /responses`."""
    document = request.document
    check_fields(document, _REQUIRED, _OPTIONAL)
    check_positive(document, "max_output_tokens")
    given = answer(_question(document, request.scripted), fault)
    shell = _shell(document, identifier("resp_", request.body), request.model)
    if document.get("stream"):
        return Reply(events=_events(given, shell))
    return json_reply(_finished(shell, given))


def _question(document: Document, scripted: str | None) -> Question:
    said = document["input"]
    items = [{"role": "user", "content": said}] if isinstance(said, str) else said
    items = [an_object(item, f"input[{index}]") for index, item in enumerate(items)]
    last = next((item for item in reversed(items) if _is_said_to_model(item)), an_object(None, "input"))
    choice = document.get("tool_choice") or "auto"
    return Question(
        text=_text(last),
        from_tool=last.get("type") == "function_call_output",
        input_tokens=count_words(document.get("instructions") or "") + sum(count_words(_text(item)) for item in items),
        tools=tools_of(document, "tools"),
        tool_choice=f"name:{choice.get('name', '')}" if isinstance(choice, Mapping) else choice,
        schema=_schema(an_object((document.get("text") or {}).get("format"), "text.format")),
        max_tokens=document.get("max_output_tokens"),
        scripted=scripted,
    )


def _is_said_to_model(item: Mapping[str, Any]) -> bool:
    return item.get("role") == "user" or item.get("type") == "function_call_output"


def _text(item: Mapping[str, Any]) -> str:
    return text_of(item.get("output") if item.get("type") == "function_call_output" else item.get("content"))


def _schema(wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if wanted.get("type") == "json_object":
        return JSON_OBJECT
    if wanted.get("type") != "json_schema":
        return None
    if not isinstance(wanted.get("schema"), Mapping):
        raise RefusedError(Refusal(reason="missing", name="text.format.schema"))
    schema: Mapping[str, Any] = wanted["schema"]
    return schema


def _shell(document: Document, name: str, model: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "response",
        "created_at": CREATED,
        "completed_at": None,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": document.get("instructions"),
        "max_output_tokens": document.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": document.get("previous_response_id"),
        "prompt_cache_key": None,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": None,
        "service_tier": "default",
        "store": False,
        "temperature": document.get("temperature", 1.0),
        "text": document.get("text") or {"format": {"type": "text"}},
        "tool_choice": document.get("tool_choice") or "auto",
        "tools": document.get("tools") or [],
        "top_logprobs": 0,
        "top_p": document.get("top_p", 1.0),
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "truncation": "disabled",
        "usage": None,
        "metadata": document.get("metadata") or {},
    }


def _finished(shell: dict[str, Any], given: Answer) -> dict[str, Any]:
    total = given.input_tokens + given.output_tokens
    cut_short = {"length": "max_output_tokens", "filtered": "content_filter"}.get(given.finish or "")
    return shell | {
        "status": "incomplete" if cut_short else "completed",
        "completed_at": None if cut_short else CREATED,
        "incomplete_details": {"reason": cut_short} if cut_short else None,
        "output": [_item(shell, given)],
        "usage": {
            "input_tokens": given.input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": given.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": total,
        },
    }


def _item(shell: dict[str, Any], given: Answer) -> dict[str, Any]:
    suffix = shell["id"].removeprefix("resp_")
    if given.tool is not None:
        call = {"type": "function_call", "id": f"fc_{suffix}", "call_id": f"call_{suffix}", "status": "completed"}
        return {**call, "name": given.tool, "arguments": given.arguments}
    status = "completed" if given.finish == "stop" else "incomplete"
    content = [_part(given.text)] if given.pieces else []
    return {"type": "message", "id": f"msg_{suffix}", "status": status, "role": "assistant", "content": content}


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _events(given: Answer, shell: dict[str, Any]) -> Iterator[bytes]:
    numbers = count()

    def event(kind: str, **fields: Any) -> bytes:
        document = {"type": kind, "sequence_number": next(numbers), **fields}
        return f"event: {kind}\ndata: {json.dumps(document)}\n\n".encode()

    item = _item(shell, given)
    place: dict[str, Any] = {"item_id": item["id"], "output_index": 0}
    yield event("response.created", response=shell)
    yield event("response.in_progress", response=shell)
    if given.tool is not None:
        yield event(
            "response.output_item.added", output_index=0, item=item | {"status": "in_progress", "arguments": ""}
        )
        yield event("response.function_call_arguments.delta", **place, delta=given.arguments)
        yield event("response.function_call_arguments.done", **place, name=given.tool, arguments=given.arguments)
    else:
        yield event("response.output_item.added", output_index=0, item=item | {"status": "in_progress", "content": []})
        place["content_index"] = 0
        yield event("response.content_part.added", **place, part=_part(""))
        for piece in given.pieces:
            yield event("response.output_text.delta", **place, delta=piece, logprobs=[])
        if given.finish is None:
            return
        yield event("response.output_text.done", **place, text=given.text, logprobs=[])
        yield event("response.content_part.done", **place, part=_part(given.text))
    if given.finish is None:
        return
    yield event("response.output_item.done", output_index=0, item=item)
    finished = _finished(shell, given)
    yield event(f"response.{finished['status']}", response=finished)
