"""All routes of a server, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server import catalog_api, gateway
from llmhub_server.service import Service


def application(service: Service) -> Starlette:
    """The server as an ASGI application. Its end closes the hub."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await service.hub.aclose()

    return Starlette(routes=[*gateway.routes(service), *catalog_api.routes(service)], lifespan=lifespan)
