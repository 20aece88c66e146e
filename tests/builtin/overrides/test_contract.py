from __future__ import annotations

from pathlib import Path

import pytest

from llmhub.builtin import overrides
from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract

OVERRIDES = """\
models:
  openai:gpt-4o:
    facts:
      price: {input: 2.5, output: 10}
      context_tokens: 128000
      quality_tier: 2
  openai:gpt-3.5-turbo:
    hide: true
"""


class TestOverrides(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = overrides.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def config_dir(self, tmp_path: Path) -> Path:
        (tmp_path / "overrides.yaml").write_text(OVERRIDES)
        return tmp_path
