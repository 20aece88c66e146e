from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract
from llmhub_source_hf import llmhub_catalog_sources

ROW = {
    "organization": "openai",
    "rating": 1400.0,
    "rating_lower": 1390.0,
    "rating_upper": 1410.0,
    "vote_count": 5000.0,
    "category": "overall",
    "leaderboard_publish_date": "2026-11-17",
}


class TestDataset(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        return llmhub_catalog_sources()[0]

    @pytest.fixture
    def environ(self, hugging_face: Any) -> Mapping[str, str]:
        hugging_face.rows = [{"model_name": f"gpt-{number}", **ROW} for number in range(150)]
        return {"LLMHUB_HF_DATASETS_URL": hugging_face.url}


class TestRouter(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        return llmhub_catalog_sources()[1]

    @pytest.fixture
    def environ(self, hugging_face: Any) -> Mapping[str, str]:
        live = {"provider": "novita", "status": "live", "context_length": 131072}
        hugging_face.models = {"data": [{"id": f"org/m-{number}", "providers": [live]} for number in range(3)]}
        return {"LLMHUB_HF_ROUTER_URL": f"{hugging_face.url}/v1/models"}
