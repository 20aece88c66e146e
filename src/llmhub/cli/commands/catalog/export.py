"""`llmhub catalog export`: every known model, for programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from llmhub.cli.session import Session


@click.command()
@click.option("--format", "form", type=click.Choice(("json", "csv")), default="json", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file (default: stdout).")
@click.option("--details", is_flag=True, help="With the provenance of every field.")
@click.pass_obj
def command(session: Session, form: str, output: Path | None, details: bool) -> None:
    """Print every known model of every provider any-llm supports, callable from here or not.

    All fields, with `callable` and its reason. In JSON unknown is null; in CSV it is empty.

    Example: llmhub catalog export --format csv --output models.csv
    """
    from llmhub.catalog.availability import by_provider
    from llmhub.catalog.export import as_csv, as_json, detailed_row, row

    catalog = session.catalog()
    listings = by_provider(catalog.listings)
    rows = ((detailed_row if details else row)(model, listings) for model in catalog)
    text = (as_csv if form == "csv" else as_json)(rows)
    if output is None:
        sys.stdout.write(text)
        return
    _write(output, text)
    session.say(f"{output}: {len(catalog)} models.")


def _write(output: Path, text: str) -> None:
    from llmhub.config.files import write_atomically
    from llmhub.errors import CatalogError

    try:
        write_atomically(output, text)
    except OSError as error:
        raise CatalogError(f"cannot write {output}: {(error.strerror or str(error)).lower()}") from error
