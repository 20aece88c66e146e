from __future__ import annotations

from collections.abc import Mapping

import pytest

from llmhub.builtin import anyllm
from llmhub.records.contributions import CatalogSource
from llmhub.testing import ProviderServer
from llmhub.testing.contracts import CatalogSourceContract


class TestProvidersLists(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = anyllm.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def environ(self, provider_server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
        keys = {"OPENAI_API_KEY": "sk-loopback-0123456789", "OPENAI_BASE_URL": provider_server.openai_base}
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        return keys
