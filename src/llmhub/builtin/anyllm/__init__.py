"""What can be called from here: any-llm's providers, which of them answer, and the models they list."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> Sequence[CatalogSource]:
    return [CatalogSource(name="anyllm", load=_load, priority=90, attribution="the providers' own lists")]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.anyllm.source import load

    return load(context)
