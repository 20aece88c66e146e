"""The routes of health and figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub_server.openapi.types import TEXT, Schema, closed


def paths() -> Mapping[str, Any]:
    """The routes. Nobody needs a key for the first two."""
    status = closed(status=TEXT)
    conditions = closed(status=TEXT, conditions={"type": "object", "additionalProperties": TEXT})
    return {
        "/healthz": {"get": _get("isAlive", "Whether the process answers.", {"200": _json("It does.", status)}, [])},
        "/readyz": {
            "get": _get(
                "isReady",
                "Whether calls can be taken, condition by condition.",
                {"200": _json("They can.", conditions), "503": _json("They cannot, yet or any longer.", conditions)},
                [],
            )
        },
        "/metrics": {
            "get": _get(
                "getFigures",
                "Figures for Prometheus, of all workers.",
                {
                    "200": {
                        "description": "In the format that is asked for.",
                        "content": {kind: {"schema": TEXT} for kind in ("text/plain", "application/openmetrics-text")},
                    }
                },
                None,
            )
        },
        "/openapi.json": {
            "get": _get("describe", "This description.", {"200": _json("It.", {"type": "object"})}, None)
        },
    }


def _get(name: str, told: str, responses: Mapping[str, Schema], security: list[Any] | None) -> Schema:
    return {
        "operationId": name,
        "summary": told,
        "tags": ["observation"],
        "responses": responses,
        **({"security": security} if security is not None else {}),
    }


def _json(told: str, schema: Schema) -> Schema:
    return {"description": told, "content": {"application/json": {"schema": schema}}}
