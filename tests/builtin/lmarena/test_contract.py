from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from llmhub.builtin import lmarena
from llmhub.records.contributions import CatalogSource
from llmhub.testing.contracts import CatalogSourceContract


class TestArenaCatalog(CatalogSourceContract):
    @pytest.fixture
    def source(self) -> CatalogSource:
        (source,) = lmarena.llmhub_catalog_sources()
        return source

    @pytest.fixture
    def environ(self, tmp_path: Path) -> Mapping[str, str]:
        board = {
            category: {f"m-{place}": {"rating": 1400 - place, "rating_q025": 1380 - place, "rating_q975": 1420 - place}}
            for place, category in enumerate(("full", "math", "hard_6"))
        }
        (tmp_path / "leaderboard-text-style-control.json").write_text(json.dumps(board))
        return {"LLMHUB_ARENA_URL": str(tmp_path)}
