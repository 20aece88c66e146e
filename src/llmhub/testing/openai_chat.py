"""The dialect of OpenAI: chat completions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from llmhub.testing.answers import JSON_OBJECT, Answer, Question, Tool, answer, count_words, identifier, text_of
from llmhub.testing.faults import Fault
from llmhub.testing.wire import (
    CREATED,
    Document,
    Fields,
    Refusal,
    RefusedError,
    Reply,
    Request,
    an_object,
    check_at_most,
    check_fields,
    check_messages,
    check_positive,
    json_reply,
)

_CHAT_REQUIRED: Final[Fields] = {"model": (str,), "messages": (list,)}
_CHAT_OPTIONAL: Final[Fields] = {
    "stream": (bool,),
    "stream_options": (dict,),
    "temperature": (float, int),
    "top_p": (float, int),
    "max_tokens": (int,),
    "max_completion_tokens": (int,),
    "n": (int,),
    "stop": (str, list),
    "tools": (list,),
    "tool_choice": (str, dict),
    "response_format": (dict,),
    "user": (str,),
}
_FINISH: Final = {"stop": "stop", "length": "length", "tool_call": "tool_calls", "filtered": "content_filter"}


def chat(request: Request, fault: Fault) -> Reply:
    """Answer `POST /chat/completions`."""
    document = request.document
    check_fields(document, _CHAT_REQUIRED, _CHAT_OPTIONAL)
    check_messages(document["messages"])
    check_positive(document, "max_tokens", "max_completion_tokens", "n")
    check_at_most(document, "n", 128)
    given = answer(_question(document, request.scripted), fault)
    choices = document.get("n") or 1
    name = identifier("chatcmpl-", request.body)
    if document.get("stream"):
        usage = bool((document.get("stream_options") or {}).get("include_usage"))
        return Reply(events=_chunks(given, name, request.model, choices, _usage(given, choices) if usage else None))
    message: dict[str, Any] = {"role": "assistant", "content": given.text, "refusal": None, "annotations": []}
    if given.tool is not None:
        message |= {"content": None, "tool_calls": [_tool_call(given, name)]}
    finish = _FINISH[given.finish] if given.finish else None
    return json_reply(
        {
            "id": name,
            "object": "chat.completion",
            "created": CREATED,
            "model": request.model,
            "choices": [
                {"index": index, "message": message, "logprobs": None, "finish_reason": finish}
                for index in range(choices)
            ],
            "usage": _usage(given, choices),
            "service_tier": "default",
            "system_fingerprint": "fp_llmhub",
        }
    )


def _question(document: Document, scripted: str | None) -> Question:
    messages = document["messages"]
    last = next((message for message in reversed(messages) if message["role"] in ("user", "tool")), messages[-1])
    return Question(
        text=text_of(last.get("content")),
        from_tool=last["role"] == "tool",
        input_tokens=sum(count_words(text_of(message.get("content"))) for message in messages),
        tools=tools_of(document, "tools"),
        tool_choice=_tool_choice(document.get("tool_choice")),
        schema=_schema(document.get("response_format")),
        max_tokens=document.get("max_completion_tokens") or document.get("max_tokens"),
        scripted=scripted,
    )


def tools_of(document: Document, name: str) -> tuple[Tool, ...]:
    """The function tools of a request, be they nested (chat) or flat (responses)."""
    tools = []
    for index, tool in enumerate(document.get(name) or ()):
        outer = an_object(tool, f"{name}[{index}]")
        function = an_object(outer.get("function", outer), f"{name}[{index}].function")
        if not isinstance(function.get("name"), str):
            raise RefusedError(Refusal(reason="missing", name=f"{name}[{index}].function.name"))
        tools.append(Tool(name=function["name"], parameters=function.get("parameters") or {}))
    return tuple(tools)


def _tool_choice(choice: Any) -> str:
    if isinstance(choice, Mapping):
        return f"name:{an_object(choice.get('function', choice), 'tool_choice.function').get('name', '')}"
    return choice or "auto"


def _schema(response_format: Any) -> Mapping[str, Any] | None:
    kind = response_format.get("type") if response_format else "text"
    if kind == "json_object":
        return JSON_OBJECT
    if kind != "json_schema":
        return None
    schema = an_object(response_format.get("json_schema"), "response_format.json_schema").get("schema")
    if not isinstance(schema, Mapping):
        raise RefusedError(Refusal(reason="missing", name="response_format.json_schema.schema"))
    return schema


def _usage(given: Answer, choices: int) -> dict[str, Any]:
    output = given.output_tokens * choices
    return {
        "prompt_tokens": given.input_tokens,
        "completion_tokens": output,
        "total_tokens": given.input_tokens + output,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }


def _tool_call(given: Answer, name: str) -> dict[str, Any]:
    function = {"name": given.tool, "arguments": given.arguments}
    return {"id": name.replace("chatcmpl-", "call_"), "type": "function", "function": function}


def _chunks(given: Answer, name: str, model: str, choices: int, usage: Any) -> Iterator[bytes]:
    head = json.dumps({"id": name, "object": "chat.completion.chunk", "created": CREATED, "model": model})[:-1]
    # Once usage was asked for, every chunk carries the key, and all but the last carry null.
    tail = ', "usage": null}\n\n' if usage else "}\n\n"

    def chunk(index: int, delta: Any, finish: str | None = None) -> bytes:
        ending = f'"{finish}"' if finish else "null"
        choice = f'{{"index": {index}, "delta": {json.dumps(delta)}, "logprobs": null, "finish_reason": {ending}}}'
        return f'data: {head}, "choices": [{choice}]{tail}'.encode()

    for index in range(choices):
        if given.tool is None:
            yield chunk(index, {"role": "assistant", "content": "", "refusal": None})
            for piece in given.pieces:
                yield chunk(index, {"content": piece})
        else:
            call = {"index": 0, **_tool_call(given, name)}
            opening = {**call, "function": {"name": given.tool, "arguments": ""}}
            yield chunk(index, {"role": "assistant", "content": None, "tool_calls": [opening]})
            middle = len(given.arguments) // 2
            for part in (given.arguments[:middle], given.arguments[middle:]):
                yield chunk(index, {"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
        if given.finish:
            yield chunk(index, {}, _FINISH[given.finish])
    if given.finish:
        if usage:
            yield f'data: {head}, "choices": [], "usage": {json.dumps(usage)}}}\n\n'.encode()
        yield b"data: [DONE]\n\n"
