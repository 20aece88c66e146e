"""Counts requests by the route that answers them: outside all else, so that what is turned away is counted, too."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route  # noqa: TID253 - imported by the worker, never at start-up
from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: TID253

if TYPE_CHECKING:
    from llmhub_server.observation.meters import Meters

NO_ROUTE = "(none)"
"""Paths that lead nowhere, of which anybody can make up any number, and requests turned away before any route."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class RequestMeter:
    """*app* with its requests counted in *meters*; *routes* are those it has."""

    def __init__(self, app: ASGIApp, meters: Meters, routes: Iterable[BaseRoute]) -> None:
        self._app, self._meters = app, meters
        self._paths = {id(route.endpoint): route.path for route in routes if isinstance(route, Route)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._meters.requests_under_way.inc()
        try:
            await self._app(scope, receive, noting)
        finally:
            self._meters.requests_under_way.dec()
            route = self._paths.get(id(scope.get("endpoint")), NO_ROUTE)
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            self._meters.requests.labels(route, method, str(status)).inc()
            self._meters.request_seconds.labels(route).observe(time.perf_counter() - began)
