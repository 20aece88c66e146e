"""The six routes of the catalog service."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool  # noqa: TID253 - imported by the worker, never at start-up
from starlette.requests import Request  # noqa: TID253
from starlette.responses import Response  # noqa: TID253
from starlette.routing import BaseRoute, Route  # noqa: TID253

from llmhub_server.catalog_api.answers import answer, encoded, etag, not_modified, refused
from llmhub_server.catalog_api.problems import FieldProblem, RefusedError, refuse_all

if TYPE_CHECKING:
    from llmhub_server.catalog_api.shelf import Kept, Shelf
    from llmhub_server.service import Service

LARGEST_NEED = 64 * 1024
"""Bytes of a need."""

LARGEST_WHOLE = 2**53
"""Beyond it a number of JSON no longer tells one whole number from the next."""

Answering = Callable[["Kept", Request], Response]


def catalog_routes(service: Service, shelf: Shelf) -> list[BaseRoute]:
    """Everything under `/api` that tells of the catalog."""
    from llmhub_server.catalog_api.changes import CURRENT, changes
    from llmhub_server.catalog_api.export import exported
    from llmhub_server.catalog_api.listing import listing
    from llmhub_server.catalog_api.model import described, named
    from llmhub_server.catalog_api.query import parse_query
    from llmhub_server.catalog_api.sources import sources

    workspace = service.workspace

    def catalog(kept: Kept, request: Request) -> Response:
        query = parse_query(request.query_params.multi_items())
        tag = etag(kept.tag, "catalog", repr(query))
        return not_modified(request, tag) or answer(request, encoded(listing(query, kept)), tag)

    def model(kept: Kept, request: Request) -> Response:
        _refuse_parameters(request)
        found = named(request.path_params["name"], kept)
        tag = etag(kept.tag, "model", found.canonical_id)
        body = kept.once(("model", found.canonical_id), lambda: encoded(described(found, kept)))
        return not_modified(request, tag) or answer(request, body, tag)

    def difference(kept: Kept, request: Request) -> Response:
        _refuse_parameters(request, "from", "to")
        older, newer = request.query_params.get("from"), request.query_params.get("to", CURRENT)
        found = encoded(changes(older, newer, kept, workspace.catalog_environ))
        tag = etag("diff", found.decode())
        return not_modified(request, tag) or answer(request, found, tag)

    def origins(kept: Kept, request: Request) -> Response:
        _refuse_parameters(request)
        found = encoded(sources(kept, workspace.catalog_environ))
        tag = etag("sources", found.decode())
        return not_modified(request, tag) or answer(request, found, tag)

    def export(kept: Kept, request: Request) -> Response:
        _refuse_parameters(request)
        tag = etag(kept.tag, "export")
        body = not_modified(request, tag)
        return body or answer(request, kept.once("export", lambda: exported(kept.catalog)), tag)

    return [
        Route("/api/catalog", _told(catalog, shelf), methods=["GET"]),
        Route("/api/catalog/export", _told(export, shelf), methods=["GET"]),
        Route("/api/models/{name:path}", _told(model, shelf), methods=["GET"]),
        Route("/api/recommend", _recommending(service, shelf), methods=["POST"]),
        Route("/api/diff", _told(difference, shelf), methods=["GET"]),
        Route("/api/sources", _told(origins, shelf), methods=["GET"]),
    ]


def _told(answering: Answering, shelf: Shelf) -> Callable[[Request], Awaitable[Response]]:
    """The route that answers by *answering*, on a thread: nothing here may hold up the calls of the same worker."""

    def work(request: Request) -> Response:
        return _guarded(lambda: answering(shelf.current(), request))

    async def route(request: Request) -> Response:
        return await run_in_threadpool(work, request)

    return route


def _recommending(service: Service, shelf: Shelf) -> Callable[[Request], Awaitable[Response]]:
    from llmhub_server.catalog_api.recommendation import recommendation

    def work(request: Request, body: bytes) -> Response:
        def recommended() -> Response:
            asked = _need(request, body)
            kept = shelf.current()
            key = ("recommend", json.dumps(asked, sort_keys=True))
            found: bytes = kept.once(key, lambda: encoded(recommendation(asked, kept, service.workspace)))
            return answer(request, found, etag(kept.tag, *key))

        return _guarded(recommended)

    async def route(request: Request) -> Response:
        return await run_in_threadpool(work, request, await request.body())

    return route


def _need(request: Request, body: bytes) -> Any:
    _refuse_parameters(request)
    if len(body) > LARGEST_NEED:
        detail = f"A need has at most {LARGEST_NEED} bytes."
        raise RefusedError(status=413, title="the body is too large", detail=detail)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        detail = f"Found {kind[:60] or 'none'!r}; a need is application/json."
        raise RefusedError(status=415, title="not a type of content that is read here", detail=detail)
    try:
        return json.loads(body, parse_constant=_refuse_constant, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError(status=400, title="the body is no JSON", detail=f"{error}"[:300]) from None


def _number(text: str) -> float:
    """A number of JSON, whose 1.0 is a whole number as much as its 1."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < LARGEST_WHOLE else value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _refuse_parameters(request: Request, *known: str) -> None:
    """Raises for parameters that mean nothing here, and for those that stand twice."""
    given = [name for name, _ in request.query_params.multi_items()]
    listed = f"one of {', '.join(known)}" if known else "no parameters"
    refuse_all(
        [
            FieldProblem(
                parameter=name, detail="unknown parameter" if name not in known else "given twice", expected=listed
            )
            for name in dict.fromkeys(given)
            if name not in known or given.count(name) > 1
        ],
        "the query has faults",
    )


def _guarded(work: Callable[[], Response]) -> Response:
    from llmhub.errors import HubError

    try:
        return work()
    except RefusedError as refusal:
        return refused(refusal)
    except HubError as error:
        return refused(RefusedError(status=503, title="there is no catalog to answer from", detail=str(error)))
