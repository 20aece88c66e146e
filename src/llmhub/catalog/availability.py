"""Whether a model can be called from here, and how that is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import frozen

from llmhub.records.model import CanonicalModel, ListingOutcome, ProviderListing

__all__ = ["Availability", "availability", "by_provider"]

Reason = ListingOutcome | Literal["not_listed", "not_asked", "retired"]
"""What came of asking. `not_listed`: it answered, and did not name this model. `not_asked`: nobody asked."""

LISTING_SOURCE = "anyllm"
"""The source that asks providers: what it lists was there when the catalog was built."""


@frozen(kw_only=True)
class Availability:
    """Whether a model can be called from here; `detail` is what the provider's listing added, and how to mend it."""

    callable: bool
    reason: Reason
    detail: str = ""


def availability(model: CanonicalModel, listings: Mapping[str, ProviderListing]) -> Availability:
    """How *model* stands by its provider's listing.

    A hosted provider that answered calls models it does not list, too: aliases and regional ids are left out of lists.
    A local server serves what it lists and nothing else. A provider that cannot list its models can still be called.
    """
    if model.status == "retired":
        since = f" since {model.retired_on}" if model.retired_on else ""
        return Availability(callable=False, reason="retired", detail=f"no source lists it any longer{since}")
    listing = listings.get(model.provider)
    if listing is None:
        return Availability(callable=False, reason="not_asked", detail="the catalog was built without asking providers")
    if listing.outcome != "listed":
        return Availability(callable=listing.outcome == "unsupported", reason=listing.outcome, detail=listing.detail)
    if any(origin.source == LISTING_SOURCE and origin.field == "model_id" for origin in model.provenance):
        return Availability(callable=True, reason="listed", detail=listing.detail)
    return Availability(
        callable=not _is_local(model.provider),
        reason="not_listed",
        detail=f"{model.provider} answers from here, and did not name this id",
    )


def by_provider(listings: Iterable[ProviderListing]) -> Mapping[str, ProviderListing]:
    """The listings by the provider they are of."""
    return {listing.provider: listing for listing in listings}


def _is_local(provider: str) -> bool:
    from llmhub.anyllm.discovery import KEYLESS_SERVERS

    return provider in KEYLESS_SERVERS
