"""What changed between two catalogs, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llmhub.cli.render import dollars, print_heading, print_table, print_text

if TYPE_CHECKING:
    from llmhub.catalog.diff import CatalogDiff, ModelChange


def print_summary(found: CatalogDiff) -> None:
    """One line with the counts, and where the whole can be read."""
    if not found:
        print_text("Nothing changed since the catalog before.")
        return
    counts = ", ".join(f"{count} {name}" for name, count in found.counts.items())
    print_text(f"Since the catalog before: {counts}. `llmhub catalog diff` names them.")


def print_changes(found: CatalogDiff) -> None:
    """Every model that was added, removed, repriced or changed."""
    for title, ids in (("added", found.added), ("removed", found.removed)):
        if ids:
            print_heading(f"{title} ({len(ids)})")
            for canonical_id in ids:
                print_text(canonical_id, indent=2)
    if found.repriced:
        print_heading(f"repriced ({len(found.repriced)}), $ per million tokens")
        _print_fields(found.repriced, dollars)
    if found.changed:
        print_heading(f"changed ({len(found.changed)})")
        _print_fields(found.changed, _written)
    print_text(", ".join(f"{count} {name}" for name, count in found.counts.items()) + ".")


def plain_changes(found: CatalogDiff) -> dict[str, Any]:
    """The same as plain values, with the counts first."""
    import attrs

    return {"counts": dict(found.counts), **attrs.asdict(found)}


def _print_fields(changes: Sequence[ModelChange], written: Any) -> None:
    print_table(
        ("model", "field", "before", "after"),
        [
            (change.canonical_id, one.field, written(one.before), written(one.after))
            for change in changes
            for one in change.fields
        ],
    )


def _written(value: Any) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    return " ".join(value) if isinstance(value, tuple) else str(value)
