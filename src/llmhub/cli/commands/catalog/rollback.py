"""`llmhub catalog rollback`: an earlier catalog in the place of the present one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.catalog.generations import Generation


@click.command()
@click.argument("generation", required=False)
@click.option("--list", "listing", is_flag=True, help="List the catalogs there are, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: present, replaced, counts; or present, earlier.")
@click.pass_obj
def command(session: Session, generation: str | None, listing: bool, as_json: bool) -> None:
    """Make an earlier catalog the present one: the one before, or GENERATION.

    GENERATION is a number of the list, or how its time begins (2026-11-23). The present catalog is kept among the
    earlier ones, so that the same command without GENERATION undoes it.

    Example: llmhub catalog rollback --list
    """
    from llmhub.catalog.credit import age
    from llmhub.catalog.diff import diff
    from llmhub.catalog.generations import roll_back
    from llmhub.cli.render import print_json, print_text

    if listing and generation is not None:
        raise click.UsageError("--list shows all catalogs; leave out either it or GENERATION.")
    if listing:
        _show_list(session, as_json)
        return
    replaced = session.stored_catalog()
    present = roll_back(session.workspace.catalog_environ, generation)
    found = None if replaced is None else diff(replaced, present)
    if as_json:
        counts = None if found is None else dict(found.counts)
        print_json({"present": _told(present), "replaced": replaced and _told(replaced), "counts": counts})
        return
    print_text(f"Back at the catalog of {present.built_at} ({len(present)} models).")
    if replaced is not None and found is not None:
        counted = ", ".join(f"{count} {name}" for name, count in found.counts.items())
        print_text(f"Against that of {replaced.built_at}, which is kept: {counted}.")
        print_text("`llmhub catalog rollback` undoes it.")
    now = datetime.now(UTC)
    if present.is_stale(now):
        session.say(
            f"note: it is {age(present.age(now))} old, and whatever uses a catalog of more than a day begins to "
            "refresh it; LLMHUB_OFFLINE=1 holds it."
        )


def _show_list(session: Session, as_json: bool) -> None:
    from llmhub.catalog.generations import generations
    from llmhub.cli.render import print_json, print_table, print_text

    present, earlier = session.stored_catalog(), [_row(one) for one in generations(session.workspace.catalog_environ)]
    if as_json:
        print_json({"present": present and _told(present), "earlier": earlier})
        return
    if present is not None:
        print_text(f"present: the catalog of {present.built_at} ({len(present)} models)")
    if earlier:
        print_table(
            ("number", "built", "models", "fingerprint"),
            [
                (one["number"], one["built_at"], one["models"], one["fingerprint"] or "cannot be read")
                for one in earlier
            ],
        )
    else:
        print_text("No earlier catalog is kept yet: `llmhub catalog refresh` keeps the one it replaces.")


def _row(generation: Generation) -> dict[str, Any]:
    """Of one that cannot be read, what its name says."""
    from llmhub.catalog.store import read_catalog
    from llmhub.errors import CatalogError

    told: dict[str, Any] = {
        "number": generation.number,
        "built_at": generation.built_at,
        "models": None,
        "fingerprint": None,
    }
    try:
        found = read_catalog(generation.path)
    except CatalogError:
        return told
    return told if found is None else {**told, **_told(found)}


def _told(catalog: Catalog) -> dict[str, Any]:
    return {"built_at": catalog.built_at, "fingerprint": catalog.fingerprint, "models": len(catalog)}
