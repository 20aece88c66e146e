"""The page's web server, put together."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub_server.page import downloads, shell
from llmhub_server.page.context import PageContext
from llmhub_server.page.guard import Guard
from llmhub_server.page.views import NOWHERE, VIEWS, View

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from llmhub_server.page.project import OpenProject

FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" \
fill="#2f5d8a"/><path d="M9 8v16M9 16h14M23 8v16" stroke="#fff" stroke-width="3.5" stroke-linecap="round" \
fill="none"/></svg>"""
BUILD_TIME = 120.0
"""Seconds that a view may take; the first may have to build the catalog."""
RECONNECT = 60.0
"""Seconds for which a browser may be busy or gone before a page is let go, and what is unsaved in it."""


def application(project: OpenProject, port: int) -> ASGIApp:
    """The page of *project* as an ASGI application that answers under names of this machine at *port*."""
    for kind, ending in (("text/css", ".css"), ("text/javascript", ".js")):
        mimetypes.add_type(kind, ending)  # Windows takes them from its registry, where anything may stand
    app = FastAPI(title="LLM Hub", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount(shell.ASSETS, StaticFiles(directory=Path(__file__).parent / "assets"))
    app.include_router(downloads.routes(project))
    for view in VIEWS:
        _serve(view, project)
    # Nothing is compressed: within one machine that takes longer than it saves.
    ui.run_with(
        app,
        root=_nowhere(project),
        title="LLM Hub",
        favicon=FAVICON,
        dark=None,
        language="en-US",
        tailwind=False,
        gzip_middleware_factory=None,
        reconnect_timeout=RECONNECT,
        show_welcome_message=False,
    )
    return Guard(app, port)


def _serve(view: View, project: OpenProject) -> None:
    @ui.page(view.path, response_timeout=BUILD_TIME)
    async def visit(request: Request) -> None:
        await shell.draw(view, _context(request, project))


def _nowhere(project: OpenProject) -> Callable[[Request], Awaitable[None]]:
    """What is drawn for an address that leads to no view."""

    async def visit(request: Request) -> None:
        ui.context.client.status_code = 404
        await shell.draw(NOWHERE, _context(request, project))

    return visit


def _context(request: Request, project: OpenProject) -> PageContext:
    return PageContext(
        project=project,
        workspace=project.workspace(),
        query=dict(request.query_params),
        path={name: str(value) for name, value in request.path_params.items()},
        cookies=dict(request.cookies),
    )
