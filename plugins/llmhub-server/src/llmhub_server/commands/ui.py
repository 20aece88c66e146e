"""`llmhub ui`: the page on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub import hookimpl

if TYPE_CHECKING:
    import socket

    from llmhub.cli.session import Session
    from llmhub_server.page.gateways import Gateway
    from llmhub_server.page.project import OpenProject

HOST = "127.0.0.1"
"""The page can write files: it is for this machine alone."""


@click.command()
@click.option("--port", default=8090, show_default=True, help="The port to listen on; 0 takes a free one.")
@click.option("--no-open", is_flag=True, help="Do not open a browser; only print the address.")
@click.option(
    "--gateway",
    "addresses",
    multiple=True,
    metavar="URL",
    help="A running `llmhub serve` whose circuits are shown as they are; several may be given.",
)
@click.option(
    "--gateway-key-env",
    "key_variable",
    default="LLMHUB_GATEWAY_KEY",
    show_default=True,
    metavar="NAME",
    help="The environment variable that holds the key for gateways that ask for one.",
)
@click.pass_obj
def ui(session: Session, port: int, no_open: bool, addresses: Sequence[str], key_variable: str) -> None:
    """Show the catalog, the choices and the spending as a page in the browser.

    It answers on this machine only, until Ctrl-C. Needs the extra `ui`: pip install 'llmhub-server[ui]'.

    Example: llmhub ui --port 8090
    """
    _need_nicegui()
    from llmhub.errors import CatalogError
    from llmhub_server.page.project import OpenProject
    from llmhub_server.service import keep_to_catalog

    project = OpenProject(
        session.start,
        env=session.environment,
        host=session.host,
        gateways=_gateways(addresses, key_variable),
        tell=session.say,
        progress=session.show_progress,
    )
    try:
        # Read, or built, before anybody waits for it in a browser; what is wrong with it the page tells.
        _ = project.catalog().rows
        session.report_failures()
    except CatalogError as error:
        session.say(f"warning: {error}")
    keep_to_catalog(project.workspace())
    listener = _listener(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    click.echo(f"The page of {session.start.resolve().name}: {address}")
    session.say("Ctrl-C ends it.")
    _run(project, listener, None if no_open else address)


@hookimpl
def llmhub_commands() -> Sequence[click.Command]:
    return [ui]


def _gateways(addresses: Sequence[str], key_variable: str) -> list[Gateway]:
    from llmhub_server.page.gateways import gateway_at

    try:
        return list(dict.fromkeys(gateway_at(text, key_variable) for text in addresses))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--gateway'") from error


def _need_nicegui() -> None:
    from importlib.util import find_spec

    from llmhub.errors import HubError

    if find_spec("nicegui") is None:
        raise HubError("the page needs NiceGUI, which is not installed: pip install 'llmhub-server[ui]'")


def _listener(port: int) -> socket.socket:
    import socket

    from llmhub.errors import HubError

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)  # from now on a browser waits, and is not refused
    except OSError as error:
        listener.close()
        raise HubError(
            f"cannot listen on port {port}: {(error.strerror or str(error)).lower()}. "
            "`llmhub ui --port 0` takes a free one."
        ) from error
    return listener


def _run(project: OpenProject, listener: socket.socket, address: str | None) -> None:
    """Serve until the process is told to end; *address* is opened in a browser, where there is a display."""
    import logging
    import threading

    import uvicorn

    from llmhub_server.page.application import application

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    served = application(project, listener.getsockname()[1])
    config = uvicorn.Config(served, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    if address is not None and _has_display():
        import webbrowser

        threading.Timer(0.5, webbrowser.open, (address,)).start()
    uvicorn.Server(config).run(sockets=[listener])


def _has_display() -> bool:
    import os
    import sys

    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
