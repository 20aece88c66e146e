"""A page of the models that a query admits. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import TYPE_CHECKING, Any

from attrs import evolve

from llmhub_server.catalog_api.columns import told
from llmhub_server.catalog_api.credit import credited, heading
from llmhub_server.catalog_api.problems import RefusedError
from llmhub_server.catalog_api.query import CatalogQuery, remarks, selected

if TYPE_CHECKING:
    from llmhub_server.catalog_api.shelf import Kept


def listing(query: CatalogQuery, kept: Kept) -> dict[str, Any]:
    """The page that *query* asks for, and how many models there are in all.

    Raises:
        RefusedError: its cursor is none, or is one of another query or of an earlier catalog (404).
    """
    offset = query.offset if query.cursor is None else _place(query, query.cursor, kept)
    found = selected(query, kept)
    page = found[offset : offset + query.limit]
    following = offset + len(page)
    return {
        "catalog": heading(kept.catalog),
        "total": len(found),
        "limit": query.limit,
        "offset": offset,
        "next": _cursor(query, following, kept) if page and following < len(found) else None,
        "models": [{column: told(column, model, kept) for column in query.fields} for model in page],
        "notes": list(remarks(query, kept)),
        "attribution": credited(kept.catalog, page),
    }


def _cursor(query: CatalogQuery, offset: int, kept: Kept) -> str:
    return base64.urlsafe_b64encode(json.dumps([kept.tag, _mark(query), offset]).encode()).decode().rstrip("=")


def _place(query: CatalogQuery, cursor: str, kept: Kept) -> int:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        tag, mark, offset = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise RefusedError(
            status=404, title="no such cursor", detail="`cursor` is what `next` of an answer held."
        ) from None
    if mark != _mark(query):
        raise RefusedError(status=404, title="the cursor is of another query", detail="Ask with the same parameters.")
    if tag != kept.tag:
        raise RefusedError(
            status=404,
            title="the cursor is of an earlier catalog",
            detail="The catalog was refreshed meanwhile, and its pages would not join. Begin again without `cursor`.",
        )
    return int(offset)


def _mark(query: CatalogQuery) -> str:
    """What tells one query from another, whatever its page."""
    asked = evolve(query, limit=0, offset=0, cursor=None)
    return hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()[:12]
