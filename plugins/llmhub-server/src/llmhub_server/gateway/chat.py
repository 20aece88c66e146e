"""`POST /v1/chat/completions`."""

from __future__ import annotations

import json

from starlette.requests import Request  # noqa: TID253 - imported by the worker, never at start-up
from starlette.responses import Response  # noqa: TID253
from starlette.routing import BaseRoute, Route  # noqa: TID253

from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """The routes of chat."""

    async def create(request: Request) -> Response:
        asked = json.loads(await request.body())
        role, messages = asked.pop("model"), asked.pop("messages")
        answer = await service.hub.acompletion(role, messages, params_override=asked)
        return Response(answer.model_dump_json(exclude_unset=True), media_type="application/json")

    return [Route("/v1/chat/completions", create, methods=["POST"])]
