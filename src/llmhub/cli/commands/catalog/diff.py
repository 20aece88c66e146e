"""`llmhub catalog diff`: what changed between two catalogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog

CURRENT = "current"


@click.command()
@click.argument("older", required=False, metavar="[A]")
@click.argument("newer", required=False, metavar="[B]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: older, newer, counts, and the four lists.")
@click.pass_obj
def command(session: Session, older: str | None, newer: str | None, as_json: bool) -> None:
    """Compare the catalog A with B: models added, removed, repriced, and changed otherwise.

    A and B are earlier catalogs by name, number or date (2026-11-23), the word `current`, or files. Without B: the
    current one; without A: the one before it.

    Example: llmhub catalog diff 2026-11-20
    """
    from llmhub.catalog.diff import diff
    from llmhub.cli.commands.catalog.changes import plain_changes, print_changes
    from llmhub.cli.commands.catalog.credit import print_credit
    from llmhub.cli.render import print_json, print_text

    before = _catalog(session, older) if older else _previous(session)
    after = _catalog(session, newer or CURRENT)
    found = diff(before, after)
    if as_json:
        print_json({"older": _told(before), "newer": _told(after), **plain_changes(found)})
        return
    print_text(f"from the catalog of {before.built_at} ({len(before)} models)")
    print_text(f"to the catalog of {after.built_at} ({len(after)} models)")
    if found:
        print_changes(found)
    else:
        print_text("Nothing changed.")
    touched = [*found.added, *(change.canonical_id for change in (*found.repriced, *found.changed))]
    print_credit(after, [after.models[key] for key in touched if key in after.models])


def _previous(session: Session) -> Catalog:
    from llmhub.catalog.generations import generations, read_generation
    from llmhub.errors import CatalogError

    known = generations(session.workspace.catalog_environ)
    if not known:
        raise CatalogError("there is no earlier catalog yet: `llmhub catalog refresh` keeps the one it replaces.")
    return read_generation(session.workspace.catalog_environ, str(known[0].number))


def _catalog(session: Session, name: str) -> Catalog:
    """The catalog that *name* means: the current one, a file, or an earlier one.

    Raises:
        CatalogError: there is none of that name, or it cannot be read.
    """
    from llmhub.catalog.generations import read_generation
    from llmhub.catalog.store import read_catalog
    from llmhub.errors import CatalogError

    if name == CURRENT:
        return session.catalog()
    path = Path(name).expanduser()
    if not path.exists() and path.suffix != ".json":
        return read_generation(session.workspace.catalog_environ, name)
    found = read_catalog(path)
    if found is None:
        raise CatalogError(f"there is no file {path}")
    return found


def _told(catalog: Catalog) -> dict[str, object]:
    return {"built_at": catalog.built_at, "fingerprint": catalog.fingerprint, "models": len(catalog)}
