"""Facts and prices from models.dev (MIT): the catalog's main source.

`LLMHUB_MODELS_DEV_URL` points it at a mirror: a file of the same shape as api.json, or a folder with such a file in it.
`models.json` beside it adds published benchmark results; without it there are none.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> Sequence[CatalogSource]:
    return [CatalogSource(name="models_dev", load=_load, priority=60, attribution="models.dev (MIT)")]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.models_dev.source import load

    return load(context)
