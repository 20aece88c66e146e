"""`llmhub catalog search`: models by words."""

from __future__ import annotations

import click

from llmhub.cli.session import Session


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list with all fields of each model.")
@click.pass_obj
def command(session: Session, text: tuple[str, ...], as_json: bool) -> None:
    """List the models that have every word of TEXT in their id, name or family.

    Example: llmhub catalog search claude opus
    """
    from llmhub.catalog.availability import by_provider
    from llmhub.cli.commands.catalog.credit import print_credit
    from llmhub.cli.commands.catalog.one_model import unknown
    from llmhub.cli.commands.catalog.rows import print_models
    from llmhub.cli.render import print_json

    words = " ".join(text)
    catalog = session.catalog()
    models = catalog.search(words)
    if as_json:
        from llmhub.catalog.export import row

        listings = by_provider(catalog.listings)
        print_json([row(model, listings) for model in models])
        return
    if not models:
        raise unknown(catalog, words)
    print_models(models, by_provider(catalog.listings))
    print_credit(catalog, models, f"{len(models)} model{'' if len(models) == 1 else 's'} of {len(catalog)}.")
