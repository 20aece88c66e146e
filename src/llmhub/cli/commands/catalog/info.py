"""`llmhub catalog info`: all about one model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.catalog.alternatives import Alternatives
    from llmhub.catalog.lifecycle import Successor
    from llmhub.records.model import CanonicalModel


@click.command()
@click.argument("model")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: the model with provenance, offers, cheaper, better, successor."
)
@click.pass_obj
def command(session: Session, model: str, as_json: bool) -> None:
    """Tell all about MODEL: every field with source and date, offers elsewhere, and nearest alternatives.

    MODEL is a canonical id (openai:gpt-4.1), a model id, a name on a leaderboard, or a display name. Where several
    providers serve it, its maker's own is taken, and the others are named.

    Example: llmhub catalog info openai:gpt-4.1
    """
    from llmhub.catalog.alternatives import alternatives
    from llmhub.catalog.lifecycle import successor
    from llmhub.cli.commands.catalog.one_model import one_model
    from llmhub.records.measures import is_live

    catalog = session.catalog()
    found = one_model(session, catalog, model)
    beside = alternatives(found, catalog.models, catalog.statistics.price_ratio)
    following = None if is_live(found) else successor(found, catalog.models)
    if as_json:
        _print_json(catalog, found, beside, following)
    else:
        _print(catalog, found, beside, following)


def _print(catalog: Catalog, model: CanonicalModel, beside: Alternatives, following: Successor | None) -> None:
    from llmhub.catalog.availability import by_provider
    from llmhub.cli.commands.catalog.credit import print_credit
    from llmhub.cli.commands.catalog.facts import print_facts
    from llmhub.cli.render import print_text
    from llmhub.records.measures import is_live

    here = catalog.availability(model)
    print_facts(model)
    detail = f" ({here.detail})" if here.detail else ""
    callable_here = "yes" if here.callable else f"no, {here.reason.replace('_', ' ')}"
    print_text(f"callable here: {callable_here}{detail}", space_above=1)
    if not is_live(model):
        told = f"{following.model.canonical_id} ({following.inference})" if following else "none known"
        print_text(f"{model.status}; successor: {told}")
    listings = by_provider(catalog.listings)
    offers = catalog.offers(model)
    _print_some("the same model elsewhere", offers, listings)
    nearness = "price" if model.arena_score is None else "rating"
    _print_some(f"cheaper, nearest in {nearness} first", beside.cheaper, listings)
    _print_some("rated better beyond chance, nearest in price first", beside.better, listings)
    if beside.note:
        print_text(f"alternatives: {beside.note}.", space_above=1)
    print_credit(catalog, (model, *offers, *beside.cheaper, *beside.better))


def _print_some(title: str, models: tuple[CanonicalModel, ...], listings: Any) -> None:
    from llmhub.cli.commands.catalog.rows import print_models
    from llmhub.cli.render import print_heading, print_text

    print_heading(f"\n{title}")
    if models:
        print_models(models, listings)
    else:
        print_text("none known")


def _print_json(catalog: Catalog, model: CanonicalModel, beside: Alternatives, following: Successor | None) -> None:
    from llmhub.catalog.availability import by_provider
    from llmhub.catalog.export import detailed_row, row
    from llmhub.cli.render import print_json

    listings = by_provider(catalog.listings)
    print_json(
        {
            **detailed_row(model, listings),
            "callable_detail": catalog.availability(model).detail,
            "offers": [row(other, listings) for other in catalog.offers(model)],
            "cheaper": [row(other, listings) for other in beside.cheaper],
            "better": [row(other, listings) for other in beside.better],
            "alternatives_note": beside.note,
            "successor": following and {"canonical_id": following.model.canonical_id, "inference": following.inference},
        }
    )
