"""`llmhub catalog sources`: state, age, counts and errors of every source, and which providers answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON: built_at, fingerprint, models, sources, providers.")
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Show how every source stood when the catalog was built, and which providers answer from here.

    Example: llmhub catalog sources
    """
    from llmhub.cli.render import print_json, print_text

    catalog = session.catalog()
    if as_json:
        print_json(plain(catalog))
        return
    print_sources(catalog)
    _print_providers(catalog)
    from llmhub.cli.commands.catalog.credit import age

    built = age(catalog.age(datetime.now(UTC)))
    print_text(f"{len(catalog)} models, built {built} ago, fingerprint {catalog.fingerprint}.", space_above=1)


def print_sources(catalog: Catalog) -> None:
    """A table of the sources."""
    from llmhub.cli.commands.catalog.credit import age
    from llmhub.cli.render import print_table

    now = datetime.now(UTC)

    def since(iso: str | None) -> str | None:
        return age(now - datetime.fromisoformat(iso)) if iso else None

    print_table(
        ("source", "state", "records", "left out", "data of", "age", "fetched", "detail", "attribution"),
        [
            (
                one.name,
                "ok" if one.ok else "failed",
                one.records,
                one.quarantined or None,
                one.as_of,
                since(one.fetched_at),
                one.fetched_at,
                one.detail or None,
                one.attribution or None,
            )
            for one in catalog.sources
        ],
        numeric=("records", "left out"),
        droppable=("attribution", "fetched"),
    )


def plain(catalog: Catalog) -> dict[str, Any]:
    """The same, and all providers, as plain values."""
    import attrs

    return {
        "built_at": catalog.built_at,
        "fingerprint": catalog.fingerprint,
        "models": len(catalog),
        "unlinked": len(catalog.unlinked),
        "sources": [attrs.asdict(source) for source in catalog.sources],
        "providers": [
            {"provider": one.provider, "outcome": one.outcome, "detail": one.detail} for one in catalog.listings
        ],
        "warnings": list(catalog.warnings),
    }


def _print_providers(catalog: Catalog) -> None:
    """A line per outcome; providers without a key are many, and named in one line."""
    from llmhub.cli.render import print_heading, print_table, print_text

    answering = [one for one in catalog.listings if one.outcome != "no_key"]
    silent = [one.provider for one in catalog.listings if one.outcome == "no_key"]
    if answering:
        print_heading("\nproviders asked")
        print_table(
            ("provider", "outcome", "detail"), [(one.provider, one.outcome, one.detail or None) for one in answering]
        )
    if silent:
        print_text(f"{len(silent)} providers without a key in the environment: {', '.join(silent)}.", space_above=1)
