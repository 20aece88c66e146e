"""What a user knows better: names, facts, tiers, and models to hide or to keep, from two files that people write.

`overrides.yaml` beside LLM Hub's own files holds for all projects, `llmhub.overrides.yaml` beside the spec for one; the
project's counts where both say something. They are laid over all other sources, with the provenance "override".
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> Sequence[CatalogSource]:
    return [CatalogSource(name="overrides", load=_load, priority=1000)]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.overrides.source import load

    return load(context)
