from __future__ import annotations

import pytest

from llmhub.builtin import tiers
from llmhub.records.contributions import TierDeriver
from llmhub.testing.contracts import TierDeriverContract


class TestQuantiles(TierDeriverContract):
    @pytest.fixture
    def deriver(self) -> TierDeriver:
        (deriver,) = tiers.llmhub_tier_derivers()
        return deriver
