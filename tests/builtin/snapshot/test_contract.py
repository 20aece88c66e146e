from __future__ import annotations

import pytest

from llmhub.builtin import snapshot
from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract


class TestShippedFacts(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = snapshot.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def providers(self) -> tuple[str, ...]:
        return "openai", "anthropic"
