"""The shapes within the fields of a chat: what a client library turns over in its hands before anything is sent.

any-llm makes other dialects of them, and fails in the middle of it over a shape that cannot be. That would look like a
failure of the provider: it would be tried again, and in the end the target left alone, for all other clients, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from llmhub_server.gateway.fields import check_number, expect
from llmhub_server.gateway.kinds import LIST, OBJECT, TEXT, Kind
from llmhub_server.gateway.problem import invalid

_PART_FIELDS: Mapping[str, tuple[str, Kind]] = {
    "text": ("text", TEXT),
    "refusal": ("refusal", TEXT),
    "image_url": ("image_url", OBJECT),
    "input_audio": ("input_audio", OBJECT),
    "file": ("file", OBJECT),
    "image": ("source", OBJECT),
    "document": ("source", OBJECT),
}
"""OpenAI's, and those of Anthropic's dialect."""


def check_messages(messages: list[Any]) -> None:
    """The messages of a chat, or of Anthropic's dialect.

    Raises:
        ProblemError: the first of them that cannot be is named.
    """
    if not messages:
        raise invalid("'messages' must not be empty.", param="messages", code="invalid_value")
    check_number(messages, "messages")
    for number, message in enumerate(messages):
        if type(message) is not dict or type(message.get("role")) is not str:
            expect(message, OBJECT, f"messages[{number}]")
            expect(message.get("role"), TEXT, f"messages[{number}].role")
        content = message.get("content")
        if type(content) is not str and content is not None:
            _check_content(content, f"messages[{number}].content")
        if message.get("tool_calls") is not None:
            _check_calls(message["tool_calls"], f"messages[{number}].tool_calls")


def _check_content(content: Any, name: str) -> None:
    if type(content) is not list:
        expect(content, (str, list), name)
    for number, part in enumerate(content):
        inner = f"{name}[{number}]"
        expect(part, OBJECT, inner)
        kind = expect(part.get("type"), TEXT, f"{inner}.type")
        if kind in _PART_FIELDS:
            field, types = _PART_FIELDS[kind]
            value = expect(part.get(field), types, f"{inner}.{field}")
            if kind == "image_url":
                url = expect(value.get("url"), TEXT, f"{inner}.image_url.url")
                if url.startswith("data:") and "," not in url:
                    message = f"'{inner}.image_url.url' must be data:TYPE;base64,DATA where it is data."
                    raise invalid(message, param=f"{inner}.image_url.url", code="invalid_value")


def _check_calls(calls: Any, name: str) -> None:
    expect(calls, LIST, name)
    for number, call in enumerate(calls):
        inner = f"{name}[{number}]"
        expect(call, OBJECT, inner)
        expect(call.get("id"), TEXT, f"{inner}.id")
        if call.get("type", "function") == "function":
            function = expect(call.get("function"), OBJECT, f"{inner}.function")
            expect(function.get("name"), TEXT, f"{inner}.function.name")
            expect(function.get("arguments"), TEXT, f"{inner}.function.arguments")


def check_chat(document: Mapping[str, Any]) -> None:
    """All that a chat has of shapes.

    Raises:
        ProblemError: the first that cannot be is named.
    """
    check_messages(document["messages"])
    for number, tool in enumerate(document.get("tools") or ()):
        expect(tool, OBJECT, f"tools[{number}]")
        if expect(tool.get("type"), TEXT, f"tools[{number}].type") == "function":
            function = expect(tool.get("function"), OBJECT, f"tools[{number}].function")
            expect(function.get("name"), TEXT, f"tools[{number}].function.name")
            if function.get("parameters") is not None:
                expect(function["parameters"], OBJECT, f"tools[{number}].function.parameters")
    choice = document.get("tool_choice")
    if type(choice) is dict and expect(choice.get("type"), TEXT, "tool_choice.type") == "function":
        function = expect(choice.get("function"), OBJECT, "tool_choice.function")
        expect(function.get("name"), TEXT, "tool_choice.function.name")
    if document.get("response_format") is not None:
        _check_format(document["response_format"])


_FORMATS = ("text", "json_object", "json_schema")


def _check_format(wanted: Mapping[str, Any]) -> None:
    kind = expect(wanted.get("type"), TEXT, "response_format.type")
    if kind not in _FORMATS:
        listed = ", ".join(map(repr, _FORMATS))
        message = f"'response_format.type' must be one of {listed}, not {kind[:80]!r}."
        raise invalid(message, param="response_format.type", code="invalid_value")
    if kind == "json_schema":
        schema = expect(wanted.get("json_schema"), OBJECT, "response_format.json_schema")
        expect(schema.get("name"), TEXT, "response_format.json_schema.name")
        expect(schema.get("schema"), OBJECT, "response_format.json_schema.schema")


def check_arguments(messages: list[Any]) -> None:
    """That tools called before are functions, and their arguments JSON. OpenAI takes back whatever its models made of
    them; other dialects know no other tools, and have objects there.

    Raises:
        ProblemError: the first that are not are named.
    """
    for number, message in enumerate(messages):
        for place, call in enumerate(message.get("tool_calls") or ()):
            name = f"messages[{number}].tool_calls[{place}]"
            if "function" not in call:
                message = f"'{name}.type' must be 'function' for the models of this role."
                raise invalid(message, param=f"{name}.type", code="invalid_value")
            try:
                json.loads(call["function"]["arguments"] or "{}")
            except ValueError as fault:
                name = f"{name}.function.arguments"
                message = f"{name!r} must be JSON for the models of this role: {fault}."
                raise invalid(message, param=name, code="invalid_value") from None
