"""Facts and prices that ship with LLM Hub, so that there is a catalog without network and before the first download.

`facts.json.gz` is made from models.dev (MIT) by `python -m llmhub.catalog.snapshot`; its date is shown with it. It is
used only where models.dev itself gave nothing.
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
            name="snapshot",
            load=_load,
            priority=10,
            attribution="models.dev (MIT), as shipped with LLM Hub",
            stands_in_for="models_dev",
        )
    ]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.snapshot.source import load

    return load(context)
