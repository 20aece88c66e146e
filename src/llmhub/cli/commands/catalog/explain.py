"""`llmhub catalog explain`: why a model is linked or not, and how its tiers came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.catalog.explain import Explanation
    from llmhub.records.model import CanonicalModel


@click.command()
@click.argument("model")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: canonical_id, understood, links, nearest, price, tiers."
)
@click.pass_obj
def command(session: Session, model: str, as_json: bool) -> None:
    """Tell why MODEL is linked to a leaderboard's name or not, and how its price and each tier came about.

    MODEL may also be a leaderboard's name that no model was recognised for.

    Example: llmhub catalog explain openai:gpt-4.1
    """
    from llmhub.catalog.explain import explain
    from llmhub.cli.commands.catalog.one_model import one_model

    catalog = session.catalog()
    board_name = next((name for name in catalog.unlinked if name.lower() == model.strip().lower()), None)
    if board_name is not None and not catalog.matches(model):
        _tell_unlinked(catalog, board_name, as_json)
        return
    found = one_model(session, catalog, model)
    explanation = explain(found, catalog, catalog.board_names())
    if as_json:
        _print_json(found, explanation)
    else:
        _print(catalog, found, explanation)


def _print(catalog: Catalog, model: CanonicalModel, explanation: Explanation) -> None:
    from llmhub.cli.commands.catalog.credit import print_credit
    from llmhub.cli.render import print_fields, print_heading, print_table, print_text

    print_heading(model.canonical_id)
    print_fields({f"  {part}": value for part, value in explanation.understood.items()})
    print_heading("\nlinks")
    if explanation.links:
        print_table(("name", "why"), list(explanation.links.items()))
    else:
        names = catalog.board_names()
        print_text("none: no name of a leaderboard means it by any rule" if names else "none: no leaderboard was read")
        _print_nearest("nearest name on a leaderboard", explanation)
    print_heading("\nprice")
    print_text(explanation.price)
    print_heading("\ntiers, 1 (best or cheapest) to 5")
    print_table(
        ("tier", "value", "why"),
        [(name, value, reason or "no deriver judged it") for name, (value, reason) in explanation.tiers.items()],
        numeric=("value",),
    )
    print_credit(catalog, [model])


def _print_nearest(title: str, explanation: Explanation) -> None:
    from llmhub.cli.render import print_text

    near = explanation.nearest
    if near is None:
        print_text(f"{title}: none of its maker")
        return
    print_text(f"{title}: {near.name}")
    for difference in near.reasons:
        print_text(difference, indent=2)


def _print_json(model: CanonicalModel, explanation: Explanation) -> None:
    import attrs

    from llmhub.cli.render import print_json

    tiers = {name: {"value": value, "reason": reason} for name, (value, reason) in explanation.tiers.items()}
    links: list[dict[str, Any]] = [
        {**attrs.asdict(link), "why": why} for link, why in zip(model.links, explanation.links.values(), strict=True)
    ]
    near = explanation.nearest
    print_json(
        {
            "canonical_id": model.canonical_id,
            "understood": dict(explanation.understood),
            "links": links,
            "nearest": near and {"name": near.name, "reasons": list(near.reasons)},
            "price_state": model.price_state,
            "price": explanation.price,
            "tiers": tiers,
        }
    )


def _tell_unlinked(catalog: Catalog, name: str, as_json: bool) -> None:
    from llmhub.catalog.explain import understood
    from llmhub.catalog.identity import identify
    from llmhub.cli.render import print_fields, print_heading, print_json, print_text

    meaning = understood(identify(name))
    near, because = catalog.unlinked[name], catalog.unlinked_because.get(name, "")
    if as_json:
        listed = near and {"name": near, "reasons": [because]}
        print_json({"board_name": name, "understood": dict(meaning), "links": [], "nearest": listed})
        return
    print_heading(name)
    print_fields({f"  {part}": value for part, value in meaning.items()})
    print_text("A leaderboard's name that no model in the catalog was recognised as.", space_above=1)
    print_text(f"nearest model: {near or 'none of its maker'}")
    if because:
        print_text(because, indent=2)
