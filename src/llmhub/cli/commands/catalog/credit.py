"""How old a catalog is, and whose data it shows, printed below what shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from llmhub.cli.render import print_text

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.model import CanonicalModel


def print_credit(catalog: Catalog, models: Iterable[CanonicalModel], summary: str = "") -> None:
    """*summary*, the catalog's age, and with its date the attribution of every source that *models* show."""
    from llmhub.catalog.credit import attributions, credit

    print_text(f"{summary} {credit(catalog, datetime.now(UTC))}".strip(), space_above=1)
    for line in attributions(catalog.sources, {origin.source for model in models for origin in model.provenance}):
        print_text(line)
