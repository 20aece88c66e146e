"""`GET /healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from starlette.concurrency import run_in_threadpool  # noqa: TID253 - imported by the worker, never at start-up
from starlette.requests import Request  # noqa: TID253
from starlette.responses import Response  # noqa: TID253
from starlette.routing import BaseRoute, Route  # noqa: TID253

from llmhub_server.observation.looked_up import LookedUp
from llmhub_server.observation.meters import is_shared
from llmhub_server.observation.readiness import conditions

if TYPE_CHECKING:
    from llmhub_server.service import Service

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LOG = logging.getLogger("llmhub.server")


def observation_routes(service: Service) -> list[BaseRoute]:
    """The three routes."""

    async def alive(_: Request) -> Response:
        return _json({"status": "alive"})

    async def ready(_: Request) -> Response:
        found = await run_in_threadpool(conditions, service)
        holds = all(one.holds for one in found)
        if not holds:
            _LOG.warning("not ready: %s", "; ".join(f"{one.name}: {one.told}" for one in found if not one.holds))
        told = {"status": "ready" if holds else "not ready", "conditions": {one.name: one.told for one in found}}
        return _json(told, 200 if holds else 503)

    async def metrics(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        body = await run_in_threadpool(lambda: encode(gathered(service)))
        return Response(body, headers={**_HEADERS, "Content-Type": kind})

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


def gathered(service: Service) -> CollectorRegistry:
    """The figures of all workers, and what is looked up now."""
    service.state.calls.settle()
    service.state.calls.look_at_circuits()
    found = CollectorRegistry()
    if is_shared():
        from prometheus_client.multiprocess import MultiProcessCollector

        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        found.register(service.state.meters.registry)
        ProcessCollector(registry=found)
    found.register(LookedUp(service))
    return found


def _json(plain: object, status: int = 200) -> Response:
    return Response(json.dumps(plain), status_code=status, media_type="application/json", headers=_HEADERS)
