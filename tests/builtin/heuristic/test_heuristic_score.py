"""How candidates are ranked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llmhub.errors import SelectionError
from llmhub.records.contributions import Scorer
from llmhub.records.measurements import Latency, Measurements
from llmhub.records.model import CanonicalModel, Score
from llmhub.records.selection import Contribution, Generation, Need, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
Generate = Callable[..., Generation]

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
    poor, unknown = make_model("openai:poor", rating=900.0), make_model("anthropic:unknown")
    selection = choose([unknown, poor], GOOD)
    assert selection.chosen == poor
    assert contribution(selection, "quality", 1).note.startswith("unknown")


def test_no_other_advantage_makes_up_for_an_unknown_quality_or_price(make_model: MakeModel, choose: Choose) -> None:
    known = make_model("openai:known-large", (60.0, 240.0), rating=900.0, released="2020-01-01")
    for unknown in (make_model("anthropic:a-nano", (0.01, 0.01)), make_model("anthropic:a-nano", None, rating=1500.0)):
        selection = choose([unknown, known], {"preferences": {"latency": "low"}})
        assert selection.chosen == known
        assert selection.ranked[1].score < 0


def test_quality_counts_by_the_lower_bound(make_model: MakeModel, choose: Choose) -> None:
    sure = make_model("openai:sure", arena_score=1400.0, arena_ci_low=1395.0)
    lucky = make_model("openai:lucky", arena_score=1420.0, arena_ci_low=1360.0)
    assert choose([lucky, sure], GOOD).chosen == sure


def test_a_deprecated_predecessor_still_tells_how_good_its_heir_is(make_model: MakeModel, choose: Choose) -> None:
    before = make_model("openai:gpt-4-mini", rating=1377.0, released="2025-04-14", status="deprecated")
    after = make_model("openai:gpt-5-mini", released="2025-08-07")
    assert contribution(choose([before, after], GOOD), "quality").value is not None


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


class TestGeneration:
    """The rule: what a newer generation has replaced does not win on price alone."""

    def test_an_old_generation_does_not_win_by_being_half_the_price(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        old = make_model("openai:gpt-4-mini", (0.35, 1.4), rating=1350.0, released="2025-01-01")
        new = make_model("openai:gpt-5-mini", (0.7, 2.8), rating=1350.0, released="2026-01-01")
        selection = choose([old, new], CHEAP)
        assert selection.chosen == new
        assert contribution(selection, "generation", 1).value == 0.5
        assert contribution(selection, "generation", 1).note == "superseded since 2026-01-01, now by gpt-5-mini"

    def test_it_wins_where_cost_counts_most_and_the_new_one_costs_many_times_more(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        old = make_model("openai:gpt-4-mini", (0.1, 0.4), rating=1350.0, released="2025-01-01")
        new = make_model("openai:gpt-5-mini", (2.0, 8.0), rating=1350.0, released="2026-01-01")
        assert choose([old, new], CHEAP).chosen == old

    def test_what_is_superseded_at_the_same_price_loses_at_once_and_more_with_time(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("openai:gpt-4-mini", released="2023-01-01"),
            make_model("openai:gpt-5-mini", released="2025-01-01"),
            make_model("openai:gpt-6-mini", released="2026-01-01"),
        ]
        found = {one.model.model_id: one for one in choose(models).ranked}
        values = [
            next(part.value for part in found[name].contributions if part.criterion == "generation")
            for name in ("gpt-4-mini", "gpt-5-mini", "gpt-6-mini")
        ]
        assert values == [pytest.approx(0.25, abs=0.01), pytest.approx(0.5), 1.0]

    def test_a_successor_elsewhere_or_far_dearer_only_makes_it_older_with_time(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        old = make_model("openai:gpt-4-mini", released="2023-01-01")
        for successor in (
            make_model("azure:gpt-5-mini", released="2025-01-01"),
            make_model("openai:gpt-5-mini", (9.0, 36.0), released="2025-01-01"),
        ):
            ranked = choose([old, successor, make_model("anthropic:new", released="2026-01-01")]).ranked
            found = next(one for one in ranked if one.model == old)
            (part,) = (part for part in found.contributions if part.criterion == "generation")
            assert part.value == pytest.approx(0.5, abs=0.01)
            assert part.note == "followed since 2025-01-01, now by gpt-5-mini, dearer or elsewhere"

    def test_a_deprecated_successor_takes_no_ones_place(self, make_model: MakeModel, choose: Choose) -> None:
        old = make_model("openai:gpt-4-mini", released="2023-01-01")
        gone = make_model("openai:gpt-5-mini", released="2025-01-01", status="deprecated")
        assert contribution(choose([old, gone]), "generation").note == "the latest of its line"

    def test_an_unknown_date_counts_as_old(self, make_model: MakeModel, choose: Choose) -> None:
        undated, dated = make_model("openai:a", released=None), make_model("openai:b", released="2020-01-01")
        assert choose([undated, dated]).chosen == dated

    def test_ages_count_from_the_newest_release_and_not_from_today(self, make_model: MakeModel, choose: Choose) -> None:
        selection = choose([make_model("openai:a", released="2001-02-03")])
        assert contribution(selection, "recency").value == 1.0


class TestLatency:
    def test_what_was_measured_here_counts_before_any_estimate(
        self, make_model: MakeModel, generate_for: Generate
    ) -> None:
        models = [make_model("openai:x-nano"), make_model("openai:x-large")]
        role = {"r": {"kind": "chat", "preferences": {"latency": "low"}}}
        (estimated,) = generate_for(models, role).selections
        assert estimated.chosen.model_id == "x-nano"
        seen = {"openai:x-nano": Latency(seconds=9.0, calls=20), "openai:x-large": Latency(seconds=0.4, calls=31)}
        known = Measurements(until="2026-11-20", days=30, latency=seen)
        (measured,) = generate_for(models, role, measurements=known).selections
        assert measured.chosen.model_id == "x-large"
        assert contribution(measured, "latency").note == "0.4 s measured here, 31 calls to 2026-11-20"
        assert "0.4 s measured here, 31 calls to 2026-11-20" in measured.reason

    @pytest.mark.parametrize(
        ("model_id", "note"),
        [
            ("x-mini", "estimate from its name says small"),
            ("x", "estimate from its price"),
            ("x-mini-thinking", "estimate from its name says small; it reasons before every answer"),
            ("o3-mini", "estimate from its name says small; it reasons before every answer"),
            ("x-mini-non-reasoning", "estimate from its name says small"),
        ],
    )
    def test_an_estimate_says_what_it_rests_on(
        self, model_id: str, note: str, make_model: MakeModel, choose: Choose
    ) -> None:
        selection = choose([make_model(f"openai:{model_id}")])
        assert contribution(selection, "latency").note == note


def test_a_criterion_of_the_board_may_be_weighed_by_name(make_model: MakeModel, choose: Choose) -> None:
    def rated(name: str, overall: float, coding: float) -> CanonicalModel:
        scores = tuple(
            Score(board="text", category=category, rating=rating)
            for category, rating in (("overall", overall), ("coding", coding))
        )
        return make_model(name, scores=scores)

    coder, talker = rated("openai:a", 1400.0, 1450.0), rated("anthropic:b", 1420.0, 1380.0)
    assert choose([coder, talker], GOOD).chosen == talker
    assert choose([coder, talker], {**GOOD, "weights": {"coding": 4}}).chosen == coder


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
    weightless = {"weights": dict.fromkeys(("cost", "quality", "latency", "generation", "recency"), 0)}
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
    unrated = make_model("anthropic:unrated", (5.0, 25.0))
    selection = choose([rated, unrated], GOOD)
    assert selection.chosen == rated
    assert contribution(selection, "quality", 1).value is None


def test_of_embeddings_that_nobody_rates_the_larger_is_taken_for_the_better(
    make_model: MakeModel, choose: Choose
) -> None:
    models = [make_model(f"openai:embedding-{size}", (0.01, 0.0)) for size in ("4b", "8b", "0.6b")]
    selection = choose(models, {"kind": "embedding", "preferences": {"quality": "high"}})
    assert [one.model.model_id for one in selection.ranked] == ["embedding-8b", "embedding-4b", "embedding-0.6b"]
    assert contribution(selection, "quality").note == "unrated (estimate by size: its name says 8b)"
