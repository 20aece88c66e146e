"""The whole description. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llmhub_server.access.permission import needed
from llmhub_server.openapi import catalog, gateway, observation
from llmhub_server.openapi.types import Schema, reference


def description(declared: Iterable[str] = ()) -> dict[str, Any]:
    """What `/openapi.json` says. *declared* are providers of the project's own, which a need may name, too."""
    from llmhub import __version__
    from llmhub.anyllm.providers import PROVIDER_NAMES

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LLM Hub",
            "version": __version__,
            "description": "Roles as models behind the APIs of OpenAI and Anthropic, and the catalog of models.",
        },
        "paths": _guarded({**gateway.paths(), **catalog.paths(), **observation.paths()}),
        "components": {
            "schemas": {**gateway.schemas(), **catalog.schemas(tuple(sorted({*PROVIDER_NAMES, *declared})))},
            "responses": {
                **{name: _said(_AT_THE_DOOR[status], _ERROR) for status, name in _NAMES.items()},
                **{f"Catalog{name}": _said(_AT_THE_DOOR[status], _PROBLEM) for status, name in _NAMES.items()},
                "Unavailable": _said("There is no catalog to answer from, or all places are taken.", _PROBLEM),
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
        "security": _security(),
    }


_ERROR: Schema = {"application/json": {"schema": reference("Error")}}
_PROBLEM: Schema = {catalog.PROBLEM: {"schema": reference("Problem")}}
_NAMES = {"401": "Unauthorized", "403": "Forbidden"}
_AT_THE_DOOR = {
    "401": "No valid access key.",
    "403": "The key does not allow this, or the request is refused for where it comes from.",
}


def _guarded(paths: dict[str, Any]) -> dict[str, Any]:
    """*paths*, each with what stands before it: whoever may not ask is told so, and what a key needs to allow."""
    for path, operations in paths.items():
        permission, kind = needed(path), "Catalog" if path.startswith("/api/") else ""
        for operation in operations.values():
            if operation.get("security") == []:
                continue
            if permission is not None:
                operation["security"] = _security(permission)
            for status, name in _NAMES.items():
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{kind}{name}"})
    return paths


def _security(*permissions: str) -> list[Schema]:
    """Any key, or one that has *permissions*. Without keys the server takes requests from its own machine."""
    return [{}, {"bearer": list(permissions)}, {"header": list(permissions)}]


def _said(told: str, content: Schema) -> Schema:
    return {"description": told, "content": content}
