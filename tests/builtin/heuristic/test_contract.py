from __future__ import annotations

import pytest

from llmhub.builtin import heuristic
from llmhub.records.contributions import Generator
from llmhub.testing.contracts import GeneratorContract


class TestHeuristic(GeneratorContract):
    @pytest.fixture
    def generator(self) -> Generator:
        (generator,) = heuristic.llmhub_generators()
        return generator
