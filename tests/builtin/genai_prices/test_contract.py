from __future__ import annotations

import pytest

from llmhub.builtin import genai_prices
from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract


class TestPublishedPrices(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = genai_prices.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def providers(self) -> tuple[str, ...]:
        return "openai", "anthropic"
