"""The routes of the gateway: requests from the tables of fields that they are checked by. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub_server.gateway import OPERATIONS
from llmhub_server.gateway.fields import Types
from llmhub_server.gateway.operation import Operation
from llmhub_server.openapi.shapes import shape
from llmhub_server.openapi.types import TEXT, WHOLE, Schema, closed, listed, or_null, reference

_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}

FORM = "multipart/form-data"

FAILURES: Mapping[str, str] = {
    "400": "The request has faults, or no target can do what it asks.",
    "401": "No valid access key.",
    "403": "Refused: the key does not allow it, a hook says so, or for where it comes from.",
    "404": "No such role.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "Not a type of content that is read here.",
    "429": "The provider's rate limit, or a budget that is used up.",
    "500": "A key or package is missing on the server.",
    "501": "Not to be had here.",
    "502": "The provider failed, or refused the server.",
    "503": "All places are taken, or the target is left alone for now.",
    "504": "The provider did not answer in time.",
}


def schemas() -> Mapping[str, Schema]:
    """The components of the gateway."""
    error = {"message": TEXT, "type": TEXT, "param": or_null(TEXT), "code": or_null(TEXT)}
    return {
        "Error": {
            "type": "object",
            "description": "What went wrong, in the shape of OpenAI's API; of Anthropic's where a request speaks that.",
            "properties": {"error": {"type": "object", "properties": error, "required": ["message", "type"]}},
            "required": ["error"],
        },
        "RoleAsModel": {
            "type": "object",
            "properties": {"id": TEXT, "object": {"const": "model"}, "created": WHOLE, "owned_by": TEXT},
            "required": ["id", "object"],
        },
    }


def paths() -> Mapping[str, Any]:
    """The routes."""
    one = [{"name": "name", "in": "path", "required": True, "schema": TEXT}]
    models = {
        "type": "object",
        "properties": {"object": {"const": "list"}, "data": listed(reference("RoleAsModel"))},
        "required": ["data"],
    }
    count = closed()
    return {
        **{operation.path: {"post": _operation(operation)} for operation in OPERATIONS},
        "/v1/models": {"get": _get("listRoles", "The roles, as models.", models, [])},
        "/v1/models/{name}": {"get": _get("getRole", "One role, as a model.", reference("RoleAsModel"), one)},
        "/v1/messages/count_tokens": {
            "post": {
                "operationId": "countTokens",
                "summary": "Not to be had: each provider counts in its own way.",
                "tags": ["gateway"],
                "requestBody": {"content": {"application/json": {"schema": {**count, "additionalProperties": True}}}},
                "responses": {"501": _failure("501")},
            }
        },
    }


def _operation(operation: Operation) -> Schema:
    is_form = any(bytes in types for types in operation.fields.required.values())
    kind = FORM if is_form else "application/json"
    told = f"The hub's `{operation.method}`, with a role as `model`."
    whole: Schema = {"application/json": {"schema": {"type": "object"}}}
    if operation.chunk is not None:
        whole["text/event-stream"] = {}
    return {
        "operationId": operation.path.removeprefix("/v1/").replace("/", "_"),
        "summary": told,
        "tags": ["gateway"],
        "requestBody": {"required": True, "content": {kind: {"schema": _request(operation, kind)}}},
        "responses": {
            "200": {"description": "The answer of the target that served.", "content": _content(operation, whole)},
            **{status: _failure(status) for status in FAILURES if status != "501"},
        },
    }


def _content(operation: Operation, whole: Schema) -> Schema:
    """Sound comes as bytes, and a transcription as text where it is asked for so."""
    if operation.method == "speech":
        return {"audio/*": {"schema": {"type": "string", "format": "binary"}}}
    return {**whole, "text/plain": {"schema": TEXT}} if operation.method == "transcription" else whole


def _request(operation: Operation, kind: str) -> Schema:
    fields = operation.fields
    optional = _of(operation.method, fields.optional)
    return {
        "type": "object",
        "properties": {
            **_of(operation.method, fields.required),
            **(_in_a_form(optional) if kind == FORM else {name: or_null(one) for name, one in optional.items()}),
        },
        "required": list(fields.required),
        "additionalProperties": False,
    }


def _in_a_form(fields: Mapping[str, Schema]) -> Schema:
    """*fields* as a form has them: without a null, and each entry of a list as `name[]`."""
    return {(f"{name}[]" if one.get("type") == "array" else name): one for name, one in fields.items()}


def _of(method: str, types: Types) -> Mapping[str, Schema]:
    return {name: {**_kinds(kinds), **shape(method, name)} for name, kinds in types.items()}


def _kinds(kinds: tuple[type, ...]) -> Schema:
    if bytes in kinds:
        return {"type": "string", "format": "binary"}
    names = [_NAMES[kind] for kind in kinds if kind is not int or float not in kinds]
    return {"type": names[0] if len(names) == 1 else names}


def _get(name: str, told: str, answer: Schema, parameters: list[Schema]) -> Schema:
    statuses = ("401", "403", "404") if parameters else ("401", "403")
    return {
        "operationId": name,
        "summary": told,
        "tags": ["gateway"],
        "parameters": parameters,
        "responses": {
            "200": {"description": told, "content": {"application/json": {"schema": answer}}},
            **{status: _failure(status) for status in statuses},
        },
    }


def _failure(status: str) -> Schema:
    return {"description": FAILURES[status], "content": {"application/json": {"schema": reference("Error")}}}
