"""The routes of the catalog service. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from attrs import fields

from llmhub.catalog.diff import CatalogDiff, ModelChange
from llmhub.config.schema import spec_schema
from llmhub.records.model import CanonicalModel, SourceState
from llmhub_server.catalog_api.columns import COLUMNS
from llmhub_server.catalog_api.query import (
    DEFAULT_LIMIT,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    MODES,
    STATUSES,
    TIERS,
)
from llmhub_server.catalog_api.recommendation import SHOWN
from llmhub_server.openapi.types import (
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Schema,
    closed,
    listed,
    of_record,
    of_type,
    or_null,
    reference,
)

PROBLEM = "application/problem+json"


def schemas(providers: tuple[str, ...]) -> Mapping[str, Schema]:
    """The components of the catalog service. *providers* are those that a need may name."""
    page = {"total": WHOLE, "limit": WHOLE, "offset": WHOLE, "next": or_null(TEXT)}
    counts = {field.name: WHOLE for field in fields(CatalogDiff)}
    return {
        **_need(providers),
        "Model": {"type": "object", "properties": _columns(), "additionalProperties": False},
        "Catalog": closed(
            "The catalog that an answer is from.",
            built_at=TEXT, fingerprint=TEXT, models=WHOLE, price_ratio=NUMBER, through=or_null(TEXT),
        ),
        "Attribution": closed(
            "Whose data an answer shows. Show it with them.",
            source=TEXT, attribution=TEXT, as_of=or_null(TEXT), fetched_at=or_null(TEXT),
        ),
        "Page": _answer(**page, models=listed(reference("Model")), notes=listed(TEXT)),
        "ModelWhole": _answer(
            model=reference("Model"),
            **dict.fromkeys(("offers", "cheaper", "better"), listed(reference("Model"))),
            alternatives_note=TEXT,
            successor=or_null(closed(canonical_id=TEXT, inference=TEXT)),
        ),
        "ModelChange": of_record(ModelChange),
        "Difference": closed(
            older=reference("Catalog"), newer=reference("Catalog"), counts=closed(**counts),
            added=listed(TEXT), removed=listed(TEXT),
            repriced=listed(reference("ModelChange")), changed=listed(reference("ModelChange")),
            attribution=listed(reference("Attribution")),
        ),
        "Sources": _answer(
            sources=listed(of_record(SourceState)),
            providers=listed(closed(provider=TEXT, outcome=TEXT)),
            unlinked=WHOLE,
            earlier=listed(closed(number=WHOLE, built_at=TEXT)),
        ),
        "Recommendation": _answer(
            providers=listed(TEXT),
            providers_from={"enum": ["need", "project", "catalog"]},
            model=or_null(TEXT),
            reason=TEXT,
            fallbacks=listed(TEXT),
            params={"type": "object"},
            weights={"type": "object", "additionalProperties": NUMBER},
            relaxed=listed(TEXT),
            candidates=listed(reference("Candidate")),
            candidate_count=WHOLE,
            rejected_count=WHOLE,
            rejected=listed(closed(reason=TEXT, models=WHOLE)),
            passed_over=listed(closed(model=TEXT, why=TEXT)),
            warnings=listed(TEXT),
        ),
        "Candidate": closed(
            place=WHOLE, model=TEXT, score=NUMBER,
            price_input_per_million=or_null(NUMBER), price_output_per_million=or_null(NUMBER),
            context_tokens=or_null(WHOLE), arena_score=or_null(NUMBER), arena_as_of=or_null(TEXT),
            contributions=listed(
                closed(criterion=TEXT, value=or_null(NUMBER), weight=NUMBER, points=NUMBER, note=TEXT)
            ),
        ),
        "Problem": {
            "type": "object",
            "description": "What is wrong with a request, all of it at once (RFC 9457).",
            "properties": {
                "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "nearest": listed(TEXT),
                "errors": listed(reference("Fault")),
            },
            "required": ["type", "title", "status", "detail"],
            "additionalProperties": False,
        },
        "Fault": {
            "type": "object",
            "properties": dict.fromkeys(("pointer", "parameter", "detail", "expected", "suggestion"), TEXT),
            "required": ["detail"],
            "additionalProperties": False,
        },
    }  # fmt: skip


def paths() -> Mapping[str, Any]:
    """The routes."""
    return {
        "/api/catalog": {"get": _get("listModels", "Models, filtered, ordered, a page at a time.", "Page", _query())},
        "/api/catalog/export": {
            "get": {
                **_get("exportCatalog", "The whole catalog in the format of its file, for other machines.", "", []),
            }
        },
        "/api/models/{name}": {
            "get": _get(
                "getModel",
                "One model, whole: every fact with its source; by id, alias, leaderboard's or display name.",
                "ModelWhole",
                [{"name": "name", "in": "path", "required": True, "schema": TEXT, "example": "openai:gpt-4.1"}],
            )
        },
        "/api/recommend": {"post": _recommend()},
        "/api/diff": {
            "get": _get(
                "diffCatalogs",
                "What changed between two kept catalogs.",
                "Difference",
                [
                    _parameter(name, {**TEXT, "default": default})
                    for name, default in (("from", "1"), ("to", "current"))
                ],
            )
        },
        "/api/sources": {
            "get": _get("listSources", "Every source with its state, dates and attribution.", "Sources", [])
        },
    }


def _need(providers: tuple[str, ...]) -> Mapping[str, Schema]:
    """A role as the spec's own schema has it, with the providers there are."""
    kept = {name: _moved(schema) for name, schema in spec_schema(providers)["$defs"].items()}
    need = dict(kept["RoleSpec"])
    need["properties"] = {
        **need["properties"],
        "shown": {"type": "integer", "minimum": 1, "maximum": 100, "default": SHOWN},
        "force_provider": {"enum": [*providers, None]},
    }
    need["description"] = "What a model is needed for: the fields of a role, and how many candidates to tell."
    preferences = dict(kept["Preferences"])
    preferences["properties"] = {
        **preferences["properties"],
        "providers": {"type": ["array", "null"], "items": {"enum": list(providers)}},
    }
    return {"Need": need, "Preferences": preferences}


def _moved(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(one) for one in schema] if isinstance(schema, list) else schema


def _columns() -> Mapping[str, Schema]:
    hints = get_type_hints(CanonicalModel)
    worked_out = {
        "callable": TRUTH,
        "callable_reason": TEXT,
        "callable_detail": TEXT,
        "blended_price": or_null(NUMBER),
        "arena_as_of": or_null(TEXT),
    }
    return {name: worked_out[name] if name in worked_out else of_type(hints[name]) for name in COLUMNS}


def _answer(**properties: Schema) -> Schema:
    return closed(catalog=reference("Catalog"), **properties, attribution=listed(reference("Attribution")))


def _query() -> list[Schema]:
    names = {"type": "array", "items": {"type": "string", "minLength": 1, "pattern": "^[^,]+$"}, "minItems": 1}
    return [
        _parameter("q", TEXT),
        _parameter("provider", names),
        _parameter("tags", names),
        _parameter("mode", {"enum": list(MODES)}),
        _parameter("max_price", {"type": "number", "minimum": 0}),
        _parameter("min_context", {"type": "integer", "minimum": 0, "maximum": 10**12}),
        *(_parameter(f"max_{tier}", {"type": "integer", "minimum": 1, "maximum": 5}) for tier in TIERS),
        _parameter("open_weights", TRUTH),
        _parameter("callable", TRUTH),
        _parameter("status", {"type": "array", "items": {"enum": list(STATUSES)}, "minItems": 1}),
        _parameter("sort", {"enum": list(COLUMNS), "default": "canonical_id"}),
        _parameter("order", {"enum": ["asc", "desc"], "default": "asc"}),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}),
        _parameter("offset", {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}),
        _parameter("cursor", TEXT),
        _parameter("fields", {"type": "array", "items": {"enum": list(COLUMNS)}, "minItems": 1}),
    ]


def _parameter(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _get(name: str, told: str, answer: str, parameters: list[Schema]) -> Schema:
    body = reference(answer) if answer else {"type": "object"}
    return {
        "operationId": name,
        "summary": told,
        "tags": ["catalog"],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": told,
                "headers": {"ETag": {"schema": TEXT}, "Cache-Control": {"schema": TEXT}},
                "content": {"application/json": {"schema": body}},
            },
            "304": {"description": "What `If-None-Match` names is as it was."},
            "400": _problem("The query has faults, all of them told."),
            **({"404": _problem("There is none of that name; the nearest are told.")} if parameters else {}),
            "503": {"$ref": "#/components/responses/Unavailable"},
        },
    }


def _recommend() -> Schema:
    told = "Which model to take for a need, and why."
    return {
        "operationId": "recommendModel",
        "summary": told,
        "tags": ["catalog"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("Need")}}},
        "responses": {
            "200": {"description": told, "content": {"application/json": {"schema": reference("Recommendation")}}},
            "400": _problem("The need has faults, all of them told."),
            "413": _problem("A need has at most 64 KiB."),
            "415": _problem("A need is application/json."),
            "503": {"$ref": "#/components/responses/Unavailable"},
        },
    }


def _problem(told: str) -> Schema:
    return {"description": told, "content": {PROBLEM: {"schema": reference("Problem")}}}
