from __future__ import annotations

import pytest
from attrs import evolve

from llmhub.builtin import variants
from llmhub.records.calls import Target
from llmhub.records.contributions import Selector
from llmhub.testing.contracts import SelectorContract
from llmhub.testing.contracts.samples import TARGETS


class TestVariants(SelectorContract):
    @pytest.fixture
    def selector(self) -> Selector:
        (selector,) = variants.llmhub_selectors()
        return selector

    @pytest.fixture
    def targets(self) -> tuple[Target, ...]:
        first, second, fallback = TARGETS
        return evolve(first, variant="a", weight=3.0), evolve(second, variant="b"), fallback
