from __future__ import annotations

import pytest

from llmhub.builtin import llm_assisted
from llmhub.records.contributions import Generator
from llmhub.testing.contracts import GeneratorContract


class TestAssisted(GeneratorContract):
    @pytest.fixture
    def generator(self) -> Generator:
        (generator,) = llm_assisted.llmhub_generators()
        return generator
