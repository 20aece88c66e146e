"""`GET /v1/models`: the roles, as the models that they are to a client."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request  # noqa: TID253 - imported by the worker, never at start-up
from starlette.responses import Response  # noqa: TID253
from starlette.routing import BaseRoute, Route  # noqa: TID253

from llmhub import Hub
from llmhub_server.access.principal import SCOPE, Principal
from llmhub_server.gateway import roles
from llmhub_server.gateway.dialect import MESSAGES, Dialect, dialect_of
from llmhub_server.gateway.elsewhere import respond
from llmhub_server.gateway.problem import ProblemError
from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """The list of models, and each by its name."""
    began = time.time()

    async def listed(request: Request) -> Response:
        hub, names = service.hub, _allowed(request, service.hub)
        if _dialect(request) is MESSAGES:
            data = [_anthropic(name, began) for name in names]
            ends = (
                {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
            )
            return _json({"data": data, "has_more": False, **ends})
        return _json({"object": "list", "data": [_openai(hub, name, began) for name in names]})

    async def one(request: Request) -> Response:
        name, hub, dialect = request.path_params["name"], service.hub, _dialect(request)
        try:
            roles.admit(_principal(request), name)
        except ProblemError as refused:
            return respond(refused.problem, request)
        if name not in hub.config.roles:
            return respond(roles.unknown(hub, name).problem, request)
        return _json(_anthropic(name, began) if dialect is MESSAGES else _openai(hub, name, began))

    return [
        Route("/v1/models", listed, methods=["GET"]),
        Route("/v1/models/{name:path}", one, methods=["GET"]),
    ]


def _principal(request: Request) -> Principal:
    principal: Principal = request.scope[SCOPE]
    return principal


def _allowed(request: Request, hub: Hub) -> list[str]:
    principal = _principal(request)
    return [name for name in hub.config.roles if principal.may_use(name)]


def _openai(hub: Hub, name: str, began: float) -> Mapping[str, Any]:
    """A role as OpenAI lists a model. `created` is when this worker began to serve it: roles have no date of birth."""
    resolved = hub.resolve(name)
    first = resolved.primary
    return {
        "id": name,
        "object": "model",
        "created": int(began),
        "owned_by": first.provider,
        "llmhub": {
            "mode": resolved.mode,
            "routes": roles.routes_of(resolved.mode),
            "targets": [f"{target.provider}:{target.model}" for target in resolved.targets],
            "context_tokens": first.context_tokens,
        },
    }


def _anthropic(name: str, began: float) -> dict[str, Any]:
    created = datetime.fromtimestamp(int(began), UTC).isoformat().replace("+00:00", "Z")
    return {"type": "model", "id": name, "display_name": name, "created_at": created}


def _dialect(request: Request) -> Dialect:
    return dialect_of(request.url.path, dict(request.headers.raw))


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")
