"""What the server answers, described in OpenAPI 3.1: `GET /openapi.json`.

`types` turns records into schemas; `catalog`, `gateway` and `observation` describe the routes of their rooms, from the
same tables that those rooms work by, `shapes` what is within the gateway's fields; `document` puts it together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """`/openapi.json`."""
    import json

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from llmhub_server.openapi.document import description

    body = json.dumps(description(_declared(service)), ensure_ascii=False).encode()

    async def described(_: Request) -> Response:
        return Response(body, media_type="application/json", headers={"X-Content-Type-Options": "nosniff"})

    return [Route("/openapi.json", described, methods=["GET"])]


def _declared(service: Service) -> tuple[str, ...]:
    """Providers that the spec declares; a spec with problems is told of elsewhere."""
    from llmhub.errors import HubError

    try:
        return tuple(service.workspace.spec().providers) if service.workspace.spec_path is not None else ()
    except HubError:
        return ()
