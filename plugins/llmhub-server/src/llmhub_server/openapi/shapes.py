"""The shapes within the fields of requests, as the gateway checks them before any target is asked. Pure.

What targets ask beyond them, only they can say.
"""

from __future__ import annotations

from collections.abc import Mapping

from llmhub_server.openapi.types import TEXT, Schema, listed, or_null

_OBJECT: Schema = {"type": "object"}


def _having(**properties: Schema) -> Schema:
    """An object with all of *properties* at least."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _typed(**known: Mapping[str, Schema]) -> Schema:
    """An object that its `type` tells apart: those that are *known* have these fields, others are their target's
    matter."""
    stated = [_having(type={"const": name}, **fields) for name, fields in known.items()]
    return {"anyOf": [*stated, _having(type={**TEXT, "not": {"enum": list(known)}})]}


_PART = _typed(
    text={"text": TEXT},
    refusal={"refusal": TEXT},
    image_url={"image_url": _having(url={**TEXT, "pattern": "^(?!data:[^,]*$)"})},
    input_audio={"input_audio": _OBJECT},
    file={"file": _OBJECT},
    image={"source": _OBJECT},
    document={"source": _OBJECT},
)
_FUNCTION = _having(name=TEXT, arguments=TEXT)
_CALL: Schema = {
    "anyOf": [
        {**_having(id=TEXT, function=_FUNCTION), "not": _having(type={"not": {"const": "function"}})},
        _having(id=TEXT, type={"not": {"const": "function"}}),
    ]
}
_MESSAGE: Schema = {
    "type": "object",
    "properties": {
        "role": TEXT,
        "content": {"anyOf": [TEXT, listed(_PART), {"type": "null"}]},
        "tool_calls": or_null(listed(_CALL)),
    },
    "required": ["role"],
}
_DECLARED: Schema = {
    "type": "object",
    "properties": {"name": TEXT, "parameters": or_null(_OBJECT)},
    "required": ["name"],
}
_TEXTS: Schema = {"type": ["string", "array"], "minItems": 1, "items": TEXT}
_OBJECTS: Schema = {"items": _OBJECT}

_ANYWHERE: Mapping[str, Schema] = {
    "messages": {"minItems": 1, "items": _MESSAGE},
    # Labels. A name may have any letters that can be printed; those are too many to list.
    "metadata": {
        "maxProperties": 16,
        "propertyNames": {"pattern": "^[ -~]{1,64}$"},
        "additionalProperties": {"maxLength": 512},
    },
}
_BY_METHOD: Mapping[str, Mapping[str, Schema]] = {
    "completion": {
        "tools": {"items": _typed(function={"function": _DECLARED})},
        "tool_choice": {"anyOf": [TEXT, _typed(function={"function": _having(name=TEXT)})]},
        "response_format": {
            "anyOf": [
                _having(type={"enum": ["text", "json_object"]}),
                _having(type={"const": "json_schema"}, json_schema=_having(name=TEXT, schema=_OBJECT)),
            ]
        },
    },
    "responses": {"input": _OBJECTS, "tools": _OBJECTS},
    "embedding": {"input": _TEXTS, "encoding_format": {"enum": ["float", "base64"]}},
    "rerank": {"documents": {"minItems": 1, "items": {"anyOf": [TEXT, _having(text=TEXT)]}}},
    "transcription": {
        "response_format": {"enum": ["json", "verbose_json", "text", "srt", "vtt"]},
        "timestamp_granularities": {"items": TEXT},
    },
}


def shape(method: str, field: str) -> Schema:
    """What is asked of a *field* of requests for *method* beyond its types."""
    return _BY_METHOD.get(method, {}).get(field, _ANYWHERE.get(field, {}))
