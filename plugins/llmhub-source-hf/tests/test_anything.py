"""Whatever a server sends, it is refused in words or read without harm."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest

from llmhub_source_hf import pages, router
from llmhub_source_hf.ratings import read_ratings

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is not installed")
st = hypothesis.strategies

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def mostly(usual: Any) -> Any:
    """*usual*, and now and then anything."""
    return st.one_of(usual, usual, usual, ANYTHING)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "model_name": mostly(st.sampled_from(["a", "b", "b-thinking-32k", "b-high-32k", "c (x-harness)", ""])),
            "category": mostly(st.sampled_from(["overall", "math"])),
            "rating": mostly(st.floats(800, 1600)),
            "rating_lower": mostly(st.floats(800, 1600)),
            "rating_upper": mostly(st.floats(800, 1600)),
            "vote_count": mostly(st.floats(0, 1e6)),
            "leaderboard_publish_date": mostly(st.sampled_from(["2026-11-10", "2026-11-17"])),
        }
    ),
    max_size=12,
)


@hypothesis.given(ROWS)
def test_whatever_rows_say_each_score_makes_sense_and_stands_there_once(rows: list[Any]) -> None:
    ratings = read_ratings(rows)
    names = [record.model_id for record in ratings.records]
    assert len(names) == len(set(names))
    for record in ratings.records:
        categories = [score.category for score in record.scores]
        assert len(categories) == len(set(categories))
        for score in record.scores:
            assert math.isfinite(score.rating)
            assert score.low is None or score.high is None or score.low <= score.rating <= score.high


@hypothesis.given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rows: list[Any], chance: Any) -> None:
    def scores(given: list[Any]) -> Any:
        ratings = read_ratings(given)
        found = {(one.model_id, score.category): score.rating for one in ratings.records for score in one.scores}
        return found, ratings.as_of, sorted(ratings.quarantined)

    assert scores(rows) == scores(chance.sample(rows, len(rows)))


@hypothesis.given(ANYTHING | st.fixed_dictionaries({"rows": ANYTHING, "num_rows_total": ANYTHING}))
def test_what_is_no_page_is_refused_in_words(document: Any) -> None:
    with contextlib.suppress(ValueError):
        pages.check(document, None)


@hypothesis.given(
    st.fixed_dictionaries(
        {
            "id": mostly(st.just("org/model")),
            "architecture": mostly(st.fixed_dictionaries({"input_modalities": ANYTHING})),
            "providers": mostly(
                st.lists(
                    st.fixed_dictionaries(
                        {
                            "status": mostly(st.just("live")),
                            "context_length": mostly(st.integers(1, 10**6)),
                            "pricing": mostly(st.fixed_dictionaries({"input": SCALARS, "output": SCALARS})),
                            "supports_tools": ANYTHING,
                        }
                    ),
                    max_size=3,
                )
            ),
        }
    )
)
def test_whatever_a_list_says_of_a_model_its_facts_make_sense(model: Any) -> None:
    record = router.read_model(model)
    if isinstance(record, str):
        assert record
        return
    assert record.facts.context_tokens is None or record.facts.context_tokens > 0
    assert record.facts.supports_tool_call in (None, True, False)
    if record.facts.price is not None:
        assert all(
            amount is not None and math.isfinite(amount) and amount >= 0
            for amount in (record.facts.price.input, record.facts.price.output)
        )
