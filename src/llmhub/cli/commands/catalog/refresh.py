"""`llmhub catalog refresh`: fresh facts, and what they changed."""

from __future__ import annotations

import click

from llmhub.cli.session import Session


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON: models, sources with state, age, counts; changes.")
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Fetch facts from every source and store the catalog made of them.

    A source that cannot be reached falls back to what it gave last, and says so.

    Example: llmhub catalog refresh
    """
    from llmhub.catalog import refresh_catalog
    from llmhub.catalog.diff import diff
    from llmhub.cli.commands.catalog.changes import plain_changes, print_summary
    from llmhub.cli.commands.catalog.sources import plain, print_sources
    from llmhub.cli.render import print_json, print_text

    before = session.stored_catalog()
    options = session.catalog_options()
    catalog = refresh_catalog(
        session.environ, session.host, working_dir=session.start, progress=session.show_progress, **options
    )
    session.report_failures()
    for warning in catalog.warnings:
        session.say(f"warning: {warning}")
    found = None if before is None else diff(before, catalog)
    if as_json:
        print_json({**plain(catalog), "changes": None if found is None else plain_changes(found)})
        return
    print_sources(catalog)
    print_text(f"{len(catalog)} models, fingerprint {catalog.fingerprint}.", space_above=1)
    if found is None:
        print_text("The first catalog of this machine.")
    else:
        print_summary(found)
