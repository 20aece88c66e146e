"""All routes of a server, put together, behind its door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette  # noqa: TID253 - imported by the worker, never at start-up
from starlette.types import ASGIApp  # noqa: TID253

from llmhub_server import catalog_api, gateway, observation, openapi
from llmhub_server.observation.requests import RequestMeter
from llmhub_server.process.door import Door
from llmhub_server.service import Service


def application(service: Service) -> ASGIApp:
    """The server as an ASGI application. Its end closes the hub."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await service.hub.aclose()

    rooms = (gateway, catalog_api, observation, openapi)
    routes = [route for room in rooms for route in room.routes(service)]
    routed = Starlette(routes=routes, lifespan=lifespan, exception_handlers=gateway.HANDLERS)
    # A path with a slash too many leads nowhere. It would be sent on under the name in the request's Host header, and
    # without TLS: with the key, for whoever listens.
    routed.router.redirect_slashes = False
    open_to = _for_web_pages(Door(routed, service.settings, service.ring), service)
    return RequestMeter(open_to, service.state.meters, routes)


def _for_web_pages(app: ASGIApp, service: Service) -> ASGIApp:
    """*app* for the pages that may ask from elsewhere; outside the door: a browser's first question has no key."""
    if not service.settings.cors_origins:
        return app
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware(
        app,
        allow_origins=service.settings.cors_origins,
        allow_methods=("GET", "POST"),
        allow_headers=("*",),
        expose_headers=("*",),
        max_age=600,
    )
