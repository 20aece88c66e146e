"""`llmhub catalog sources`: state, age, counts and errors of every source, and which providers answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog


@click.command()
@click.option("--details", is_flag=True, help="With all that sources said, and providers without a key.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: built_at, fingerprint, through, models, sources, providers."
)
@click.pass_obj
def command(session: Session, details: bool, as_json: bool) -> None:
    """Show how every source stood when the catalog was built, and which providers answer from here.

    Example: llmhub catalog sources --details
    """
    from llmhub.cli.render import print_json, print_text

    catalog = session.catalog()
    if as_json:
        print_json(plain(catalog))
        return
    print_sources(catalog)
    _print_providers(catalog)
    if details:
        _print_details(catalog)
    from llmhub.catalog.credit import age, attributions, made

    built = age(catalog.age(datetime.now(UTC)))
    print_text(
        f"{len(catalog)} models, built {built} ago{made(catalog)}, fingerprint {catalog.fingerprint}.", space_above=1
    )
    for line in attributions(catalog.sources, [source.name for source in catalog.sources if source.records]):
        print_text(line)


def print_sources(catalog: Catalog) -> None:
    """A table of the sources, each with the gist of what it said."""
    from llmhub.catalog.credit import age
    from llmhub.cli.render import print_table

    now = datetime.now(UTC)

    def since(iso: str | None) -> str | None:
        return age(now - datetime.fromisoformat(iso)) if iso else None

    print_table(
        ("source", "state", "records", "left out", "data of", "age", "detail"),
        [
            (
                one.name,
                "ok" if one.ok else "failed",
                one.records,
                one.quarantined or None,
                one.as_of,
                since(one.fetched_at),
                _gist(one.detail) or None,
            )
            for one in catalog.sources
        ],
        numeric=("records", "left out"),
        unbroken=("source", "state", "age"),
    )


def plain(catalog: Catalog) -> dict[str, Any]:
    """The same, and all providers, as plain values."""
    import attrs

    return {
        "built_at": catalog.built_at,
        "fingerprint": catalog.fingerprint,
        "through": catalog.through or None,
        "models": len(catalog),
        "unlinked": len(catalog.unlinked),
        "sources": [attrs.asdict(source) for source in catalog.sources],
        "providers": [
            {"provider": one.provider, "outcome": one.outcome, "detail": one.detail} for one in catalog.listings
        ],
        "warnings": list(catalog.warnings),
    }


def _print_providers(catalog: Catalog) -> None:
    """What each provider answered; those without a key are many, and counted."""
    from llmhub.cli.render import print_heading, print_table, print_text

    answering = [one for one in catalog.listings if one.outcome != "no_key"]
    silent = [one.provider for one in catalog.listings if one.outcome == "no_key"]
    if answering:
        print_heading("\nproviders asked")
        print_table(
            ("provider", "outcome", "detail"), [(one.provider, one.outcome, one.detail or None) for one in answering]
        )
    if silent:
        print_text(f"{len(silent)} providers without a key in the environment, which --details names.", space_above=1)


def _print_details(catalog: Catalog) -> None:
    from llmhub.cli.render import print_fields, print_heading, print_table

    print_heading("\ndetails")
    told = {
        f"{one.name} {name}": value
        for one in catalog.sources
        for name, value in (("fetched", one.fetched_at), ("said", one.detail))
        if value
    }
    print_fields(told)
    print_heading("\nproviders without a key")
    silent = [one for one in catalog.listings if one.outcome == "no_key"]
    print_table(("provider", "remedy"), [(one.provider, one.detail or None) for one in silent])


def _gist(detail: str) -> str:
    """*detail* without what stands in brackets: `103 contradicted (first: ...)` is 103 contradicted."""
    return re.sub(r" \([^()]*\)", "", detail)
