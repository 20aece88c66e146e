"""The whole catalog in the format of its file, for other machines (`LLMHUB_CATALOG_URL`). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmhub.catalog import Catalog


def exported(catalog: Catalog) -> bytes:
    """*catalog* as others may have it; the document says its format, and carries a checksum."""
    from llmhub.catalog.sharing import shareable
    from llmhub.catalog.store import catalog_text

    return catalog_text(shareable(catalog)).encode()
