"""A catalog as other machines may have it: whole, without what is true of this machine alone. Pure.

Who answers from here, and what a server on this machine happens to have loaded, the others find out for themselves.
"""

from __future__ import annotations

import re

from attrs import evolve

from llmhub.catalog.availability import LISTING_SOURCE
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.records.model import CanonicalModel

__all__ = ["shareable", "without_places"]


def shareable(catalog: Catalog) -> Catalog:
    """*catalog* without listings, warnings, and the models that only a local server of this machine lists."""
    models = {key: model for key, model in catalog.models.items() if not _is_of_this_machine(model)}
    return evolve(
        catalog,
        models=models,
        listings=(),
        warnings=(),
        sources=tuple(evolve(state, detail=without_places(state.detail)) for state in catalog.sources),
        fingerprint=fingerprint(models.values(), catalog.statistics),
    )


def without_places(detail: str) -> str:
    """What a source said, without the files of this machine that it names.

    >>> without_places("cannot be reached; using the copy of 2026-11-20 (/home/me/.cache/llmhub/downloads/0af3.json)")
    'cannot be reached; using the copy of 2026-11-20'
    """
    return _PLACE.sub("", detail)


_PLACE = re.compile(r" \((?:/|[A-Za-z]:\\)[^()]*\)")


def _is_of_this_machine(model: CanonicalModel) -> bool:
    from llmhub.anyllm.discovery import KEYLESS_SERVERS

    if model.provider not in KEYLESS_SERVERS:
        return False
    return {origin.source for origin in model.provenance if origin.field == "model_id"} == {LISTING_SOURCE}
