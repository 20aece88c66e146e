"""`llmhub serve`: the gateway on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub import hookimpl

if TYPE_CHECKING:
    from llmhub.cli.session import Session


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on; 0 takes a free one.")
@click.pass_obj
def serve(session: Session, host: str, port: int) -> None:
    """Answer OpenAI's API, with roles as models.

    Example: llmhub serve --port 8080
    """
    import uvicorn

    from llmhub_server.application import application
    from llmhub_server.service import Service, serving_hub
    from llmhub_server.settings import Settings

    hub = serving_hub(session.config(), session.host)
    service = Service(hub=hub, workspace=session.workspace, settings=Settings(host=host, port=port))
    uvicorn.run(application(service), host=host, port=port, log_level="warning")


@hookimpl
def llmhub_commands() -> Sequence[click.Command]:
    return [serve]
