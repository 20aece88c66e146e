from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.records.model import ModelFacts, ModelRecord, Price, PriceTier, Score
from llmhub.records.model_json import from_plain, to_plain

FULL = ModelRecord(
    source="s",
    provider="openai",
    model_id="gpt-4o",
    facts=ModelFacts(
        context_tokens=128_000,
        supports_reasoning=False,
        input_modalities=("text", "image"),
        price=Price(input=2.5, output=10.0, tiers=(PriceTier(above_tokens=200_000, input=5.0),)),
    ),
    scores=(Score(board="text", category="overall", rating=1345.0, low=1340.0),),
)


def test_a_record_survives_json() -> None:
    assert from_plain(ModelRecord, json.loads(json.dumps(to_plain(FULL)))) == FULL


def test_what_holds_its_default_is_left_out_and_false_is_no_default() -> None:
    assert to_plain(ModelFacts(supports_reasoning=False)) == {"supports_reasoning": False}
    assert to_plain(ModelFacts()) == {}
    assert to_plain(FULL, without=("facts", "scores")) == {"source": "s", "provider": "openai", "model_id": "gpt-4o"}


def test_fields_of_a_later_version_are_passed_over() -> None:
    assert from_plain(ModelFacts, {"family": "gpt", "of_the_future": {"x": [1]}}) == ModelFacts(family="gpt")


@pytest.mark.parametrize("plain", [{}, [], "text", {"source": "s", "provider": "p", "model_id": "m", "facts": 3}])
def test_what_is_no_record_is_a_value_error(plain: object) -> None:
    with pytest.raises(ValueError, match="not a"):
        from_plain(ModelRecord, plain)  # type: ignore[arg-type]


@given(
    st.builds(
        Score, board=st.text(), category=st.text(), rating=st.floats(allow_nan=False), votes=st.integers() | st.none()
    )
)
def test_any_score_survives(score: Score) -> None:
    assert from_plain(Score, to_plain(score)) == score
