"""Sleeps for three seconds on import, or for `NAP_SECONDS`; `LLMHUB_SLOW_TRACE` names a file that then exists."""

import os
import time
from pathlib import Path

import click

from llmhub import hookimpl
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad

if trace := os.environ.get("LLMHUB_SLOW_TRACE"):
    Path(trace).touch()
time.sleep(float(os.environ.get("NAP_SECONDS", "3")))


@hookimpl
def llmhub_catalog_sources() -> list[CatalogSource]:
    return [CatalogSource(name="slow", load=lambda context: SourceLoad(), default=False)]


@click.command()
def nap() -> None:
    """Say that the nap is over."""
    click.echo("Awake.")


@hookimpl
def llmhub_commands() -> list[click.Command]:
    return [nap]
