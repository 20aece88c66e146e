"""How candidates are ranked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llmhub.errors import SelectionError
from llmhub.records.contributions import Scorer
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Contribution, Need, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]

CHEAP = {"preferences": {"cost": "low", "quality": "low", "latency": "high"}}
GOOD = {"preferences": {"cost": "high", "quality": "high", "latency": "high"}}


def contribution(selection: Selection, criterion: str, place: int = 0) -> Contribution:
    return next(found for found in selection.ranked[place].contributions if found.criterion == criterion)


def test_low_cost_takes_the_cheap_one_and_high_quality_the_good_one(make_model: MakeModel, choose: Choose) -> None:
    cheap = make_model("openai:a", (0.1, 0.4), rating=1310.0)
    good = make_model("openai:b", (3.0, 15.0), rating=1440.0)
    assert choose([cheap, good], CHEAP).chosen == cheap
    assert choose([cheap, good], GOOD).chosen == good


@pytest.mark.parametrize("unpriced", [{}, {"price_state": "included"}])
def test_an_unknown_or_included_price_loses_to_any_known_one(
    unpriced: dict[str, Any], make_model: MakeModel, choose: Choose
) -> None:
    dear = make_model("openai:dear", (150.0, 600.0), rating=1400.0)
    unknown = make_model("openai:unknown", None, rating=1400.0, **unpriced)
    selection = choose([unknown, dear], CHEAP)
    assert selection.chosen == dear
    assert contribution(selection, "cost", 1).value is None
    assert contribution(selection, "cost", 1).note == f"price {'included in a plan' if unpriced else 'unknown'}"


def test_a_zero_price_of_a_chat_model_is_no_price(make_model: MakeModel, choose: Choose) -> None:
    selection = choose([make_model("openai:zero", (0.0, 0.0)), make_model("openai:paid", (9.0, 9.0))], CHEAP)
    assert selection.chosen.model_id == "paid"


def test_an_unknown_quality_loses_to_any_known_one(make_model: MakeModel, choose: Choose) -> None:
    poor, unknown = make_model("openai:poor", rating=900.0), make_model("openai:unknown")
    selection = choose([unknown, poor], GOOD)
    assert selection.chosen == poor
    assert contribution(selection, "quality", 1).note.startswith("unknown")


def test_quality_counts_by_the_lower_bound(make_model: MakeModel, choose: Choose) -> None:
    sure = make_model("openai:sure", arena_score=1400.0, arena_ci_low=1395.0)
    lucky = make_model("openai:lucky", arena_score=1420.0, arena_ci_low=1360.0)
    assert choose([lucky, sure], GOOD).chosen == sure


def test_a_newer_model_of_a_rated_line_is_at_least_as_good_as_its_predecessor(
    make_model: MakeModel, choose: Choose
) -> None:
    before = make_model("openai:gpt-4.1-mini", rating=1377.0, released="2025-04-14")
    after = make_model("openai:gpt-5-mini", released="2025-08-07")
    selection = choose([before, after], GOOD)
    assert selection.chosen == after
    quality = contribution(selection, "quality")
    assert quality.value == contribution(selection, "quality", 1).value
    assert quality.note == "inferred: at least as good as gpt-4.1-mini, the model before it, rated 1377"


def test_a_deprecated_predecessor_still_tells_how_good_its_heir_is(make_model: MakeModel, choose: Choose) -> None:
    before = make_model("openai:gpt-4-mini", rating=1377.0, released="2025-04-14", status="deprecated")
    after = make_model("openai:gpt-5-mini", released="2025-08-07")
    assert contribution(choose([before, after], GOOD), "quality").value is not None


@pytest.mark.parametrize(
    ("predecessor", "released"),
    [
        ("openai:gpt-5-mini-old", "2025-01-01"),  # another line
        ("azure:gpt-4.1-mini", "2025-01-01"),  # another provider
        ("openai:gpt-4.1-mini", "2025-08-07"),  # not older
        ("openai:gpt-4.1-mini", None),  # who knows
    ],
)
def test_only_an_older_model_of_the_same_line_lends_its_rating(
    predecessor: str, released: str | None, make_model: MakeModel, choose: Choose
) -> None:
    rated = make_model(predecessor, rating=1377.0, released=released, status="deprecated")
    heir = make_model("openai:gpt-5-mini", released="2025-08-07")
    assert contribution(choose([rated, heir], GOOD), "quality").value is None


def test_a_rating_of_its_own_counts_even_if_it_is_lower_than_its_predecessors(
    make_model: MakeModel, choose: Choose
) -> None:
    before = make_model("openai:gpt-4", rating=1400.0, released="2025-01-01")
    after = make_model("openai:gpt-5", rating=1350.0, released="2025-06-01")
    assert choose([before, after], GOOD).chosen == before


def test_low_latency_takes_the_small_one(make_model: MakeModel, choose: Choose) -> None:
    small, large = make_model("openai:x-mini"), make_model("openai:x-large")
    selection = choose([large, small], {"preferences": {"latency": "low"}})
    assert selection.chosen == small
    assert contribution(selection, "latency").note == "estimate from its name says small"


def test_a_model_that_reasons_is_taken_for_slower(make_model: MakeModel, choose: Choose) -> None:
    thinker = make_model("openai:a-mini", supports_reasoning=True)
    quick = make_model("openai:b-mini", supports_reasoning=False)
    assert choose([thinker, quick], {"preferences": {"latency": "low"}}).chosen == quick


def test_high_creativity_takes_the_better_writer(make_model: MakeModel, choose: Choose) -> None:
    writer = make_model("openai:a", rating=1400.0, creative_tier=1)
    other = make_model("openai:b", rating=1405.0, creative_tier=3)
    assert choose([other, writer], {"preferences": {"creativity": "high"}}).chosen == writer
    assert choose([other, writer], {"preferences": {"creativity": "low"}}).chosen == other


class TestRecency:
    """The rule: every role leans a little towards newer models, so that old generations do not win on price alone."""

    def test_an_old_generation_does_not_win_by_being_somewhat_cheaper(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        old = make_model("openai:gpt-4-mini", (0.5, 2.0), rating=1350.0, released="2024-01-01")
        new = make_model("openai:gpt-5-mini", (0.7, 2.8), rating=1350.0, released="2026-01-01")
        assert choose([old, new], CHEAP).chosen == new

    def test_it_is_only_a_leaning_and_half_the_price_wins(self, make_model: MakeModel, choose: Choose) -> None:
        old = make_model("openai:gpt-4-mini", (0.35, 1.4), rating=1350.0, released="2024-01-01")
        new = make_model("openai:gpt-5-mini", (0.7, 2.8), rating=1350.0, released="2026-01-01")
        assert choose([old, new], CHEAP).chosen == old

    def test_an_unknown_date_counts_as_old(self, make_model: MakeModel, choose: Choose) -> None:
        undated, dated = make_model("openai:a", released=None), make_model("openai:b", released="2020-01-01")
        assert choose([undated, dated]).chosen == dated

    def test_it_counts_from_the_newest_release_and_not_from_today(self, make_model: MakeModel, choose: Choose) -> None:
        selection = choose([make_model("openai:a", released="2001-02-03")])
        assert contribution(selection, "recency").value == 1.0


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        ({"rating": 1300.0}, {"rating": 1310.0}),
        ({"price": (2.0, 2.0)}, {"price": (1.0, 1.0)}),
        ({"price": None}, {"price": (100.0, 100.0)}),
        ({"released": "2025-01-01"}, {"released": "2025-01-02"}),
        ({}, {}),
    ],
    ids=["quality", "price", "unknown price", "age", "id"],
)
def test_equal_scores_go_by_quality_then_price_then_age_then_id(
    loser: dict[str, Any], winner: dict[str, Any], make_model: MakeModel, choose: Choose
) -> None:
    weightless = {"weights": dict.fromkeys(("cost", "quality", "latency", "recency"), 0)}
    first, second = make_model("openai:a", **winner), make_model("openai:b", **loser)
    assert choose([second, first], weightless).chosen == first


def test_a_scorer_counts_where_a_role_weighs_it(make_model: MakeModel, choose: Choose) -> None:
    green = Scorer(name="carbon", score=lambda need, model: 1.0 if model.model_id == "green" else None)
    models = [make_model("openai:good", rating=1400.0), make_model("openai:green", rating=1390.0)]
    assert choose(models, scorers={"carbon": green}).chosen.model_id == "good"
    weighed = choose(models, {"weights": {"carbon": 5}}, scorers={"carbon": green})
    assert weighed.chosen.model_id == "green"
    assert contribution(weighed, "carbon", 1).value is None


def test_a_weight_for_no_criterion_is_an_error_with_the_nearest_name(make_model: MakeModel, choose: Choose) -> None:
    with pytest.raises(SelectionError, match=r"no criterion is called 'qualty'. Did you mean 'quality'\?"):
        choose([make_model("openai:a")], {"weights": {"qualty": 2}})


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), True, "high"])
def test_a_scorer_that_leaves_its_range_is_an_error(value: Any, make_model: MakeModel, choose: Choose) -> None:
    wild = Scorer(name="wild", score=lambda need, model: value)
    with pytest.raises(SelectionError, match=r"'wild' gave .* for openai:a, not a number from 0 to 1"):
        choose([make_model("openai:a")], {"weights": {"wild": 1}}, scorers={"wild": wild})


def test_a_scorer_that_fails_is_named(make_model: MakeModel, choose: Choose) -> None:
    def fail(need: Need, model: CanonicalModel) -> float:
        raise ZeroDivisionError("by hand")

    with pytest.raises(SelectionError, match="'broken' failed at openai:a: ZeroDivisionError: by hand"):
        choose(
            [make_model("openai:a")], {"weights": {"broken": 1}}, scorers={"broken": Scorer(name="broken", score=fail)}
        )


def test_where_nothing_is_rated_at_all_price_and_age_are_a_marked_guess_at_quality(
    make_model: MakeModel, choose: Choose
) -> None:
    flagship = make_model("openai:flagship", (5.0, 25.0), released="2026-01-01")
    cheap = make_model("openai:cheap", (0.1, 0.4), released="2026-01-01")
    former = make_model("openai:former", (15.0, 75.0), released="2023-01-01")
    selection = choose([cheap, former, flagship], GOOD)
    assert selection.chosen == flagship
    assert "guessed from price and age" in contribution(selection, "quality", 0).note
    assert "low confidence" in selection.reason


def test_one_rating_in_the_catalog_ends_all_guessing(make_model: MakeModel, choose: Choose) -> None:
    rated = make_model("openai:rated", (0.1, 0.4), rating=1000.0)
    unrated = make_model("openai:unrated", (5.0, 25.0))
    selection = choose([rated, unrated], GOOD)
    assert selection.chosen == rated
    assert contribution(selection, "quality", 1).value is None
