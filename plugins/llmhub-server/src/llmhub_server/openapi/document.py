"""The whole description. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
                "Unauthorized": _error("No valid access key."),
                "Forbidden": _error("Refused for where it comes from."),
                "Unavailable": {
                    "description": "There is no catalog to answer from, or all places are taken.",
                    "content": {
                        catalog.PROBLEM: {"schema": reference("Problem")},
                        "application/json": {"schema": reference("Error")},
                    },
                },
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
        # Without keys the server takes requests from its own machine.
        "security": [{}, {"bearer": []}, {"header": []}],
    }


def _guarded(paths: dict[str, Any]) -> dict[str, Any]:
    """*paths*, each with what stands before it: whoever may not ask is told so."""
    for path in paths.values():
        for operation in path.values():
            if operation.get("security") != []:
                operation["responses"].setdefault("401", {"$ref": "#/components/responses/Unauthorized"})
                operation["responses"].setdefault("403", {"$ref": "#/components/responses/Forbidden"})
    return paths


def _error(told: str) -> Schema:
    return {"description": told, "content": {"application/json": {"schema": reference("Error")}}}
