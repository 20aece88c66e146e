"""What is known of every model that can be called, and where each fact came from.

What is asked of it: `catalog` the models and how the catalog came about; `aliases` which model a name means; `filters`,
`offers` of one model at several providers, `alternatives`, `lifecycle` and `availability` what can be told of one;
`near_names` what may be meant by a name that it does not know; `explain` why it is as it is; `origin` and
`credit` who says so; `diff` what changed; `export` all of it as plain values.

How it is made: `refresh` the stored catalog, or a new one; `sources` runs the sources; `identity` and the modules
beside it take names apart; `linking` recognises a leaderboard's names; `fusion` and `tags` make canonical models;
`statistics` the cuts between tiers; `build` all of that in order.

How it is kept: `store` its file and `generations` the ones before; `fetch` documents from the network, with copies
kept; `snapshot` the facts that ship with us.

>>> from llmhub.catalog import load_catalog
>>> catalog = load_catalog()  # doctest: +SKIP
>>> catalog.lookup("openai:gpt-4.1").context_tokens  # doctest: +SKIP
1047576
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.catalog.build import build_catalog
    from llmhub.catalog.catalog import Catalog
    from llmhub.catalog.refresh import load_catalog, refresh_catalog

__all__ = ["Catalog", "build_catalog", "load_catalog", "refresh_catalog"]

_HOME = {
    "Catalog": "llmhub.catalog.catalog",
    "build_catalog": "llmhub.catalog.build",
    "load_catalog": "llmhub.catalog.refresh",
    "refresh_catalog": "llmhub.catalog.refresh",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module 'llmhub.catalog' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
