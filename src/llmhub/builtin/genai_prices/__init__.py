"""Prices from the data of the package genai-prices (MIT): a second witness beside models.dev.

It adds no models. Where models.dev states no price it is the one that counts; where both do, models.dev's counts, and
whether the two agree is kept with it. It also knows of some models that they are deprecated before models.dev does.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> Sequence[CatalogSource]:
    return [
        CatalogSource(
            name="genai_prices", load=_load, priority=5, attribution="genai-prices by Pydantic (MIT)", witness=True
        )
    ]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.genai_prices.source import load

    return load(context)
