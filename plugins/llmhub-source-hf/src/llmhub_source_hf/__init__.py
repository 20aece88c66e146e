"""Two catalog sources from Hugging Face: LMArena's official ratings, and the models of the inference router.

`LLMHUB_HF_DATASETS_URL` and `LLMHUB_HF_ROUTER_URL` point them at other places with the same data.
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
            name="lmarena_dataset",
            load=_load_ratings,
            # Above the source `lmarena` (40), which carries the same leaderboard, of months ago.
            priority=45,
            attribution="LMArena leaderboard dataset (lmarena-ai/leaderboard-dataset, CC BY 4.0)",
        ),
        CatalogSource(
            name="huggingface_router",
            load=_load_models,
            # Above models.dev (60): the router says itself what it serves.
            priority=70,
            attribution="Hugging Face Inference Providers (router.huggingface.co)",
        ),
    ]


def _load_ratings(context: SourceContext) -> SourceLoad:
    from llmhub_source_hf.dataset import load

    return load(context)


def _load_models(context: SourceContext) -> SourceLoad:
    from llmhub_source_hf.router import load

    return load(context)
