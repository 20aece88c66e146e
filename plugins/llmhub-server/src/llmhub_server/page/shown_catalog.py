"""The catalog made ready to be shown: once for each catalog, not for each visit."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING

from llmhub.catalog import Catalog
from llmhub.catalog.availability import by_provider
from llmhub_server.page.columns import NAMES, row
from llmhub_server.page.selection import Searched, searched

if TYPE_CHECKING:
    from llmhub.spend.pricing import Pricing


class ShownCatalog:
    """A catalog with all that the views make of it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.models = tuple(catalog)

    @property
    def price_ratio(self) -> float:
        """So many input tokens to one output token stand behind a blended price."""
        return self.catalog.statistics.price_ratio

    @cached_property
    def searched(self) -> tuple[Searched, ...]:
        """The models made ready to be looked for, in the order of `models`."""
        return tuple(searched(model, self.price_ratio) for model in self.models)

    @cached_property
    def rows(self) -> bytes:
        """All rows as JSON: the names of the columns, and the values of each model, in the order of `models`."""
        listings = by_provider(self.catalog.listings)
        rows = [row(model, self.price_ratio, listings) for model in self.models]
        text = json.dumps({"names": [*NAMES, "state"], "rows": rows}, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    @cached_property
    def rows_id(self) -> str:
        """Names the rows by what is in them: other rows have another name."""
        return hashlib.sha256(self.rows).hexdigest()[:20]

    @cached_property
    def pricing(self) -> Pricing:
        """Prices calls of the models, as the ledger does."""
        from llmhub.catalog.stored_models import same_model
        from llmhub.spend.pricing import Pricing

        return Pricing(lambda provider, model: self.catalog.models.get(f"{provider}:{model}"), same_model)

    @cached_property
    def providers(self) -> tuple[str, ...]:
        """All providers, by name."""
        return tuple(sorted({model.provider for model in self.models}))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """All tags, by name."""
        return tuple(sorted({tag for model in self.models for tag in model.tags}))
