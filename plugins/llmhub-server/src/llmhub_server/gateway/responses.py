"""`POST /v1/responses`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import RESPONSES
from llmhub_server.gateway.fields import Fields, check_number, expect
from llmhub_server.gateway.operation import Begin, Operation, event_json

FIELDS = Fields(
    required={"model": kinds.TEXT, "input": kinds.TEXT_OR_LIST},
    optional={
        "include": kinds.LIST,
        "instructions": kinds.TEXT,
        "max_output_tokens": kinds.INTEGER,
        "max_tool_calls": kinds.INTEGER,
        "metadata": kinds.OBJECT,
        "parallel_tool_calls": kinds.FLAG,
        "previous_response_id": kinds.TEXT,
        "prompt_cache_key": kinds.TEXT,
        "prompt_cache_retention": kinds.TEXT,
        "reasoning": kinds.OBJECT,
        "safety_identifier": kinds.TEXT,
        "service_tier": kinds.TEXT,
        "store": kinds.FLAG,
        "stream": kinds.FLAG,
        "stream_options": kinds.OBJECT,
        "temperature": kinds.NUMBER,
        "text": kinds.OBJECT,
        "tool_choice": kinds.TEXT_OR_OBJECT,
        "tools": kinds.LIST,
        "top_logprobs": kinds.INTEGER,
        "top_p": kinds.NUMBER,
        "truncation": kinds.TEXT,
        "user": kinds.TEXT,
    },
)
"""OpenAI's, without what belongs to one account at OpenAI and could not be asked for here again: `background`,
`conversation`, `prompt`."""


def _check(document: dict[str, Any]) -> None:
    for name in ("input", "tools"):
        value = document.get(name)
        if type(value) is list:
            check_number(value, name)
            for number, item in enumerate(value):
                expect(item, kinds.OBJECT, f"{name}[{number}]")


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
