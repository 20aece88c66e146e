"""The catalog as a service: models to look through, one model whole, a recommendation, what changed, whose data it is.

`shelf` keeps the stored catalog in memory; `columns` is what can be told of a model, `query` what a list is asked for.
`listing`, `model`, `recommendation`, `changes`, `sources` and `export` each make one answer as plain values; `credit`
names whose data it shows. `problems` are what is wrong with a request, `answers` how all of that goes over HTTP, and
`routes` what leads where.
"""

from __future__ import annotations

from starlette.routing import BaseRoute  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server.catalog_api.routes import catalog_routes
from llmhub_server.catalog_api.shelf import Shelf
from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """Every route of the catalog service."""
    return catalog_routes(service, Shelf(service.workspace))
