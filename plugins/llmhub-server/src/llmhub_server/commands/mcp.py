"""`llmhub mcp`: the catalog as tools for assistants and editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub import hookimpl

if TYPE_CHECKING:
    from llmhub.cli.session import Session

INSTALL = "pip install 'llmhub-server[mcp]'"


@click.command()
@click.option("--http", "over_http", is_flag=True, help="Answer over HTTP at /mcp on this machine, instead of stdio.")
@click.option("--port", default=8765, show_default=True, help="The port for --http; 0 takes a free one.")
@click.pass_obj
def mcp(session: Session, over_http: bool, port: int) -> None:
    """Offer the catalog, recommendations and this project's roles as tools of the Model Context Protocol.

    An assistant or editor starts this command and speaks with it over stdin and stdout. With --http, programs of this
    machine ask at http://127.0.0.1:8765/mcp.

    Example: llmhub mcp
    """
    from importlib.util import find_spec

    from llmhub.errors import HubError

    if find_spec("mcp") is None:
        raise HubError(f"`llmhub mcp` needs a package that is not installed: {INSTALL}")
    from llmhub_server.mcp_server.server import mcp_server

    server = mcp_server(session.workspace)
    if not over_http:
        server.run("stdio")
        return
    import uvicorn

    from llmhub_server.process.listening import address_of, listen

    listener = listen("127.0.0.1", port)
    click.echo(f"tools at {address_of(listener)}/mcp", err=True)
    app = server.streamable_http_app(host="127.0.0.1")
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


@hookimpl
def llmhub_commands() -> Sequence[click.Command]:
    return [mcp]
