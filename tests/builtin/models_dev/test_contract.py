from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from llmhub.builtin import models_dev
from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract


class TestModelsDev(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = models_dev.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def environ(self, tmp_path: Path) -> Mapping[str, str]:
        models = {
            name: {"id": name, "name": name, "cost": {"input": 1, "output": 4}, "limit": {"context": 128000}}
            for name in ("gpt-4o", "gpt-4o-mini")
        }
        file = tmp_path / "api.json"
        file.write_text(json.dumps({"openai": {"id": "openai", "models": models}}))
        return {"LLMHUB_MODELS_DEV_URL": file.as_uri()}
