"""The tools behind the protocol."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcp.server import MCPServer  # noqa: TID253 - imported by `llmhub mcp`, never at start-up
from mcp.types import ToolAnnotations  # noqa: TID253

from llmhub import __version__
from llmhub_server.catalog_api.shelf import Shelf
from llmhub_server.mcp_server.catalog_tools import CatalogTools
from llmhub_server.mcp_server.role_tools import RoleTools

if TYPE_CHECKING:
    from llmhub.workspace import Workspace

INSTRUCTIONS = (
    "What is known of language models: prices in US dollars per million tokens, windows, abilities, ratings, each with "
    "its source and date. null is unknown: never say zero, free or average for it. Tell whose data you show and of "
    "which date, as `attribution` has it."
)


def mcp_server(workspace: Workspace) -> MCPServer[Any]:
    """A server of the tools over the project and the catalog of *workspace*."""
    shelf = Shelf(workspace)
    catalog, roles = CatalogTools(shelf, workspace), RoleTools(shelf, workspace)
    server: MCPServer[Any] = MCPServer(
        "llmhub", title="LLM Hub", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )
    looking = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    tools: tuple[Callable[..., Any], ...] = (
        catalog.search_models,
        catalog.get_model,
        catalog.compare_models,
        catalog.recommend_model,
        catalog.diff_catalog,
        roles.list_roles,
        roles.explain_role,
    )
    for tool in tools:
        told = functools.reduce(lambda text, line: f"{text} {line.strip()}", (tool.__doc__ or "").splitlines())
        server.add_tool(tool, description=told.strip(), annotations=looking, structured_output=True)
    return server
