from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmhub.testing import ProviderServer

WORDS = st.sampled_from(
    [
        *("type", "name", "function", "parameters", "schema", "json_schema", "format", "content", "role", "text"),
        *("properties", "required", "items", "anyOf", "allOf", "$ref", "input_schema", "minimum", "pattern", "enum"),
    ]
)
TEXTS = WORDS | st.sampled_from(
    ["", "auto", "tool", "json_object", "object", "array", "string", "integer", "#/type", "["]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | TEXTS
json_values = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)

SOUND: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "m", "messages": [{"role": "user", "content": "use a tool"}]},
    "/v1/messages": {"model": "m", "messages": [{"role": "user", "content": "use a tool"}], "max_tokens": 9},
    "/v1/responses": {"model": "m", "input": "use a tool"},
    "/v1/embeddings": {"model": "m", "input": "hello", "dimensions": 2},
    "/v1/moderations": {"model": "m", "input": "hello"},
}
FIELDS = (
    *("messages", "input", "tools", "tool_choice", "response_format", "text", "output_config", "stream_options"),
    *("system", "instructions", "max_tokens", "n", "dimensions", "encoding_format", "model", "metadata"),
)
SHAPED = {
    "messages": json_values.map(lambda content: [{"role": "user", "content": content}]),
    "input": json_values.map(lambda content: [{"role": "user", "content": content}]),
    "tools": json_values.map(lambda schema: [{"name": "f", "input_schema": schema, "parameters": schema}])
    | json_values.map(lambda function: [{"function": function}])
    | json_values.map(lambda schema: [{"function": {"name": "f", "parameters": schema}}]),
    "response_format": json_values.map(lambda schema: {"type": "json_schema", "json_schema": {"schema": schema}})
    | json_values.map(lambda content: {"type": "json_schema", "json_schema": content}),
    "text": json_values.map(lambda schema: {"format": {"type": "json_schema", "schema": schema}}),
    "output_config": json_values.map(lambda schema: {"format": {"type": "json_schema", "schema": schema}}),
}


@pytest.mark.parametrize("path", SOUND)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_a_field_holds_the_server_answers_or_refuses_but_never_breaks(
    provider_server: ProviderServer, path: str, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(FIELDS))
    value = data.draw(SHAPED.get(field, json_values) | json_values)
    stream = data.draw(st.booleans())

    answer = httpx.post(f"{provider_server.url}{path}", json=SOUND[path] | {field: value, "stream": stream})

    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert answer.json()["error"]["message"]
