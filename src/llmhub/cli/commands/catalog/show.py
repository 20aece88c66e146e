"""`llmhub catalog show`: the known models, filtered and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llmhub.catalog import Catalog
    from llmhub.records.model import CanonicalModel


@click.command()
@click.option("--provider", "providers", multiple=True, metavar="NAME", help="Only this provider; may be repeated.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag (tools, vision, ...); repeat.")
@click.option("--max-price", type=click.FloatRange(min=0), help="At most this blended price, $ per million tokens.")
@click.option("--min-context", type=click.IntRange(min=0), help="At least this context window, in tokens.")
@click.option("--sort", "order", default="model", show_default=True, metavar="ORDER", help="model, price, context, ...")
@click.option("--callable", "scope", flag_value="callable", help="Only models that can be called from here.")
@click.option("--all", "scope", flag_value="all", help="Retired models, too.")
@click.option("--details", is_flag=True, help="Every field of each model, and where it came from.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list with all fields of each model.")
@click.pass_obj
def command(
    session: Session,
    providers: tuple[str, ...],
    tags: tuple[str, ...],
    max_price: float | None,
    min_context: int | None,
    order: str,
    scope: str | None,
    details: bool,
    as_json: bool,
) -> None:
    """List the known models with price, context, tiers and score.

    Tiers run from 1 (best or cheapest) to 5; "-" is unknown, which is not a middle. A model whose price or context is
    unknown is under no --max-price and over no --min-context. Orders: model, price, context, quality, reasoning,
    creative, coding, released; what is unknown comes last.

    Example: llmhub catalog show --tag tools --max-price 1 --sort quality
    """
    from llmhub.catalog.filters import sort_models

    catalog = session.catalog()
    _check_names(catalog, providers, tags, order)
    found = catalog.filter(provider=providers, tags=tags, max_price=max_price, min_context=min_context)
    models = sort_models(_within(catalog, found, scope), order, catalog.statistics.price_ratio)
    if as_json:
        _print_json(catalog, models, details)
    else:
        _print(catalog, models, details)


def _within(catalog: Catalog, models: Sequence[CanonicalModel], scope: str | None) -> Sequence[CanonicalModel]:
    if scope == "callable":
        return [model for model in models if catalog.availability(model).callable]
    return [model for model in models if scope == "all" or model.status != "retired"]


def _check_names(catalog: Catalog, providers: Sequence[str], tags: Sequence[str], order: str) -> None:
    """Raises `CatalogError` that tells all names that nothing goes by, each with the nearest."""
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.catalog.filters import SORTS
    from llmhub.errors import CatalogError

    held = sorted({key.partition(":")[0] for key in catalog.models})
    faults = [
        f"no model of {name} is known yet: no source lists any. `llmhub catalog refresh` asks it, once it answers here."
        if name in PROVIDER_NAMES
        else _unknown(f"the catalog has no provider {name!r}.", name, held)
        for name in providers
        if name not in held
    ]
    known = sorted({tag for model in catalog for tag in model.tags}) if tags else []
    faults += [_unknown(f"no model has the tag {tag!r}.", tag, known) for tag in tags if tag not in known]
    if order not in SORTS:
        faults.append(_unknown(f"models cannot be sorted by {order!r}.", order, list(SORTS)))
    if faults:
        raise CatalogError("\n".join(faults))


def _unknown(fault: str, name: str, known: Sequence[str]) -> str:
    from llmhub.errors import nearest

    close = nearest(name, known)
    return f"{fault}{f' Did you mean {close!r}?' if close else ''} There are: {', '.join(known)}."


def _print_json(catalog: Catalog, models: Sequence[CanonicalModel], details: bool) -> None:
    from llmhub.catalog.availability import by_provider
    from llmhub.catalog.export import detailed_row, row
    from llmhub.cli.render import print_json

    listings = by_provider(catalog.listings)
    print_json([(detailed_row if details else row)(model, listings) for model in models])


def _print(catalog: Catalog, models: Sequence[CanonicalModel], details: bool) -> None:
    from llmhub.catalog.availability import by_provider
    from llmhub.cli.commands.catalog.credit import print_credit

    if details:
        from llmhub.cli.commands.catalog.facts import print_facts

        for model in models:
            print_facts(model)
    elif models:
        from llmhub.cli.commands.catalog.rows import print_models

        print_models(models, by_provider(catalog.listings))
    count = f"{len(models)} model{'' if len(models) == 1 else 's'}"
    print_credit(catalog, models, f"{count} of {len(catalog)}.")
