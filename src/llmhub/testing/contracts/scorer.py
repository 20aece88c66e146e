"""What every scorer promises."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from llmhub.records.contributions import Scorer
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Need
from llmhub.testing.contracts.samples import MODELS

NEED = Need(role="llm.good", mode="chat", providers=("openai", "anthropic"), weights={"quality": 2.0, "cost": 1.0})


class ScorerContract:
    """Give the fixture `scorer`; and `models`, if yours knows others than the usual."""

    @pytest.fixture
    def scorer(self) -> Scorer:
        pytest.fail("the contract needs a fixture `scorer` that returns your Scorer")

    @pytest.fixture
    def models(self) -> Sequence[CanonicalModel]:
        return MODELS

    def test_a_score_lies_from_0_to_1_or_is_unknown(self, scorer: Scorer, models: Sequence[CanonicalModel]) -> None:
        for model in models:
            score = scorer.score(NEED, model)
            assert score is None or 0.0 <= score <= 1.0, f"{model.canonical_id}: {score}"

    def test_it_tells_some_models_apart(self, scorer: Scorer, models: Sequence[CanonicalModel]) -> None:
        assert len({scorer.score(NEED, model) for model in models}) > 1

    def test_the_same_model_has_the_same_score(self, scorer: Scorer, models: Sequence[CanonicalModel]) -> None:
        assert [scorer.score(NEED, model) for model in models] == [scorer.score(NEED, model) for model in models]
