"""`POST /v1/responses`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import RESPONSES
from llmhub_server.gateway.fields import (
    FLAG,
    INTEGER,
    LIST,
    NUMBER,
    OBJECT,
    TEXT,
    TEXT_OR_LIST,
    TEXT_OR_OBJECT,
    Fields,
    expect,
)
from llmhub_server.gateway.operation import Begin, Operation, event_json

FIELDS = Fields(
    required={"model": TEXT, "input": TEXT_OR_LIST},
    optional={
        "include": LIST,
        "instructions": TEXT,
        "max_output_tokens": INTEGER,
        "max_tool_calls": INTEGER,
        "metadata": OBJECT,
        "parallel_tool_calls": FLAG,
        "previous_response_id": TEXT,
        "prompt_cache_key": TEXT,
        "prompt_cache_retention": TEXT,
        "reasoning": OBJECT,
        "safety_identifier": TEXT,
        "service_tier": TEXT,
        "store": FLAG,
        "stream": FLAG,
        "stream_options": OBJECT,
        "temperature": NUMBER,
        "text": OBJECT,
        "tool_choice": TEXT_OR_OBJECT,
        "tools": LIST,
        "top_logprobs": INTEGER,
        "top_p": NUMBER,
        "truncation": TEXT,
        "user": TEXT,
    },
)
"""OpenAI's, without what belongs to one account at OpenAI and could not be asked for here again: `background`,
`conversation`, `prompt`."""


def _check(document: dict[str, Any]) -> None:
    for name in ("input", "tools"):
        value = document.get(name)
        if type(value) is list:
            for number, item in enumerate(value):
                expect(item, OBJECT, f"{name}[{number}]")


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    respond: Begin = hub.aresponses
    return respond(given.role, given.params.pop("input"), stream=given.stream, **given.options())


OPERATION = Operation(
    path="/v1/responses",
    method="responses",
    dialect=RESPONSES,
    fields=FIELDS,
    check=_check,
    begin=_begin,
    chunk=event_json,
)
