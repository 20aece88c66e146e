"""`llmhub serve`: the gateway, for this machine or, with keys, for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub import hookimpl
from llmhub_server.commands.keys import keys

if TYPE_CHECKING:
    from llmhub.cli.session import Session
    from llmhub.records.config import HubConfig
    from llmhub_server.access.ring import KeyRing
    from llmhub_server.settings import Settings


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; others need a key.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on; 0 takes a free one.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that serve.")
@click.option("--max-body", default="16M", show_default=True, help="The largest body of a request: 512K, 16M.")
@click.option(
    "--max-calls", default=1000, show_default=True, type=click.IntRange(1), help="Calls at once in one worker."
)
@click.option(
    "--drain", default=30.0, show_default=True, type=click.FloatRange(0), help="Seconds for calls to end when it ends."
)
@click.option("--model", "models", multiple=True, help="A provider:model that may be asked for, too; again for more.")
@click.option("--serve-defaults", is_flag=True, help="Serve a model that is no role by the file's defaults.")
@click.option("--cors-origin", multiple=True, help="A web page's origin that may ask; may be given again.")
@click.option(
    "--reload/--no-reload",
    default=True,
    show_default=True,
    help="Follow changes of the files; keys are always followed.",
)
@click.option("--access-log", is_flag=True, help="Log a line for each request, on standard error.")
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    workers: int,
    max_body: str,
    max_calls: int,
    drain: float,
    models: tuple[str, ...],
    serve_defaults: bool,
    cors_origin: tuple[str, ...],
    reload: bool,
    access_log: bool,
) -> None:
    """Answer OpenAI's and Anthropic's APIs, with roles as models.

    Example: llmhub serve --port 8080
    """
    if ctx.invoked_subcommand is not None:
        return
    from llmhub_server.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        workers=workers,
        max_body=_bytes(max_body),
        max_calls=max_calls,
        drain=drain,
        models=models,
        serve_defaults=serve_defaults,
        cors_origins=tuple(map(_origin, cors_origin)),
        reload=reload,
        access_log=access_log,
    )
    session: Session = ctx.obj
    _serve(session, settings)


serve.add_command(keys)


@hookimpl
def llmhub_commands() -> Sequence[click.Command]:
    return [serve]


def _serve(session: Session, settings: Settings) -> None:
    import os

    from llmhub_server.access.ring import KeyRing
    from llmhub_server.access.store import KeyStore
    from llmhub_server.named_models import with_models
    from llmhub_server.process.listening import address_of, listen
    from llmhub_server.process.logs import log_to_stderr

    # Workers read `.env` for themselves, so that they know what of the environment changes with it.
    environ = dict(os.environ)
    config = with_models(session.config(), settings.models)
    ring = KeyRing(KeyStore.of(config.project, session.environ))
    _refuse_open_house(settings, ring)
    _check_budgets(session, config, ring)
    listener = listen(settings.host, settings.port)
    log_to_stderr()
    told = f"{config.project} at {address_of(listener)}/v1: {_roles(config)}; {_keys(ring)}"
    if settings.workers == 1:
        from llmhub_server.process.worker import run_worker

        for name in os.environ.keys() - environ.keys():
            del os.environ[name]
        run_worker(session.workspace, listener, settings, lambda _: click.echo(told))
    else:
        _need_posix()
        from llmhub_server.observation.shared_figures import shared_figures
        from llmhub_server.process.supervisor import Supervisor

        start = str(session.start.resolve())
        with shared_figures(environ):
            supervisor = Supervisor(start, session.environment, listener, settings, environ)
            supervisor.run(lambda: click.echo(f"{told}; {settings.workers} workers"))


def _refuse_open_house(settings: Settings, ring: KeyRing) -> None:
    from llmhub.errors import HubError
    from llmhub_server.access.origin import is_this_machine

    if not is_this_machine(settings.host) and not ring.required:
        raise HubError(
            f"--host {settings.host} lets other machines ask, and there is no key: anybody could spend your money. "
            "Make one with `llmhub serve keys add NAME --role ROLE`, or listen on 127.0.0.1."
        )


def _check_budgets(session: Session, config: HubConfig, ring: KeyRing) -> None:
    """Budgets of keys need a ledger that keeps them: better to hear now than at the first call."""
    from llmhub_server.access.budgets import with_budgets

    session.workspace.budgets(with_budgets(config, ring.keys))
    session.report_failures()


def _need_posix() -> None:
    import os

    from llmhub.errors import HubError

    if os.name == "nt":
        raise HubError("several workers share a socket in a way that Windows has not. Leave out --workers.")


def _roles(config: HubConfig) -> str:
    names = sorted(config.roles)
    shown = ", ".join(names[:8]) + (f", and {len(names) - 8} more" if len(names) > 8 else "")
    return f"{len(names)} role{'' if len(names) == 1 else 's'}" + (f" ({shown})" if names else "")


def _keys(ring: KeyRing) -> str:
    import time

    if not ring.required:
        return "no keys, for this machine only"
    active = sum(key.state(time.time()) == "active" for key in ring.keys)
    return f"{active} active key{'' if active == 1 else 's'}"


def _bytes(text: str) -> int:
    import re

    found = re.fullmatch(r"(\d{1,12})\s*([KkMmGg]?)(?:i?[Bb])?", text.strip())
    if not found or int(found[1]) == 0:
        raise click.BadParameter(f"{text!r} is no size such as 512K or 16M", param_hint="--max-body")
    size: int = int(found[1]) * 1024 ** " kmg".index(found[2].lower() or " ")
    return size


def _origin(text: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or "*" in text:
        raise click.BadParameter(
            f"{text!r} is no origin such as https://app.example.org (exact, without a path)", param_hint="--cors-origin"
        )
    return text.lower()
