"""What a browser takes from the page beside the views: the rows of the grid, and the models as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from llmhub_server.page.selection import from_query, passing

if TYPE_CHECKING:
    from llmhub_server.page.project import OpenProject

ROWS = "/catalog.json"
FILE = "/catalog.csv"


def routes(project: OpenProject) -> APIRouter:
    """The routes of both."""
    router = APIRouter()

    @router.get(ROWS)
    def rows(of: str = "") -> Response:
        shown = project.catalog()
        if of != shown.rows_id:
            # The page counts the rows of the catalog that it was drawn from; with others it would show wrong ones.
            return Response("the catalog has changed: reload the page", status_code=409, media_type="text/plain")
        # Its address names what is in it, so the browser may keep it.
        kept = {"cache-control": "private, max-age=86400, immutable"}
        return Response(shown.rows, media_type="application/json", headers=kept)

    @router.get(FILE)
    def file(request: Request) -> Response:
        from llmhub.catalog.availability import by_provider
        from llmhub.catalog.export import as_csv, row

        shown = project.catalog()
        listings = by_provider(shown.catalog.listings)
        places = passing(shown.searched, from_query(request.query_params))
        table = as_csv(row(shown.models[place], listings) for place in places)
        return Response(
            table, media_type="text/csv", headers={"content-disposition": 'attachment; filename="models.csv"'}
        )

    return router
