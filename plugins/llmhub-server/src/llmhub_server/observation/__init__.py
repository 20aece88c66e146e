"""What can be seen of a server from outside: whether it lives, whether it is ready, and its figures for Prometheus.

`meters` are the figures of one worker, `calls` counts what the hub does and `requests` what comes in over HTTP;
`looked_up` is what is found out when somebody asks (budgets, the build). `state` is all that a worker knows of itself,
`readiness` says what it waits for; `exposition` puts the figures of all workers together, which `shared_figures` lets
them keep in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """`/healthz`, `/readyz` and `/metrics`."""
    from llmhub_server.observation.exposition import observation_routes

    return observation_routes(service)
