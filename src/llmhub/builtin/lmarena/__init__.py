"""Quality as people judged it: ratings of the LMArena leaderboard, from its arena-catalog repository.

`LLMHUB_ARENA_URL` points it at another place with the same files, or at one such file. They are fetched, never shipped.
Its boards for vision, images and search are not read: roles that talk are chosen by how models talk.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import SourceLoad


@hookimpl
def llmhub_catalog_sources() -> Sequence[CatalogSource]:
    return [CatalogSource(name="lmarena", load=_load, priority=40, attribution="LMArena leaderboard (lmarena.ai)")]


def _load(context: SourceContext) -> SourceLoad:
    from llmhub.builtin.lmarena.source import load

    return load(context)
