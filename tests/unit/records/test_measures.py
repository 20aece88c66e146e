from __future__ import annotations

from typing import Any

import pytest

from llmhub.records.measures import blended_price, makes_text, measures
from llmhub.records.model import CanonicalModel, Score


def model(*scores: Score, **facts: Any) -> CanonicalModel:
    return CanonicalModel(
        canonical_id="host:m",
        provider="host",
        model_id="m",
        scores=scores,
        **{"output_modalities": ("text",), "price_state": "known", **facts},
    )


def score(category: str, rating: float, low: float | None = None, mode: str = "", board: str = "text") -> Score:
    return Score(board=board, category=category, rating=rating, low=low, high=None, mode=mode)


@pytest.mark.parametrize(
    ("facts", "price"),
    [
        ({"price_input_per_million": 1.0, "price_output_per_million": 5.0}, 2.0),
        ({"price_input_per_million": 1.0}, None),
        ({"price_input_per_million": 0.1, "price_output_per_million": 0.0}, None),
        ({"price_input_per_million": 0.1, "price_output_per_million": 0.0, "tags": ("embedding",)}, 0.075),
        ({"price_input_per_million": 1.0, "price_output_per_million": 5.0, "price_state": "included"}, None),
    ],
)
def test_prices_are_blended_only_where_both_are_known(facts: dict[str, Any], price: float | None) -> None:
    found = blended_price(model(**facts), 3.0)
    assert found == (None if price is None else pytest.approx(price))


def test_of_a_score_the_lower_bound_counts_and_modes_and_other_boards_do_not() -> None:
    rated = model(
        score("overall", 1400.0, 1390.0),
        score("math", 1300.0),
        score("overall", 1500.0, mode="thinking"),
        score("coding", 1500.0, board="webdev"),
    )
    assert measures(rated, 3.0) == {"overall": 1390.0, "math": 1300.0}


def test_reasoning_is_known_only_when_all_three_of_its_parts_are() -> None:
    two = [score("math", 1300.0), score("hard_prompts", 1360.0)]
    assert "reasoning" not in measures(model(*two), 3.0)
    assert measures(model(*two, score("expert", 1330.0)), 3.0)["reasoning"] == 1330.0


def test_a_model_whose_output_is_unknown_is_not_taken_for_a_chat_model() -> None:
    assert makes_text(model())
    assert not makes_text(model(output_modalities=()))
    assert not makes_text(model(tags=("transcription",)))
