"""What is inferred of models that no board rates: each rule on a small catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub.builtin.heuristic.evidence import (
    FRONT,
    GAIN,
    LONGEST_GAIN,
    MODE_GAIN,
    SMALLER,
    STEP,
    Board,
    Evidence,
    Witnesses,
)
from llmhub.builtin.heuristic.lines import Lineage
from llmhub.records.model import CanonicalModel, Score
from llmhub.records.selection import Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
BEST = {"preferences": {"cost": "high", "latency": "high", "quality": "high"}}


def evidence(*models: CanonicalModel, measure: str = "overall") -> Mapping[str, Evidence | None]:
    witnesses = Witnesses(Board(Lineage(models, 3.0)), measure)
    return {model.canonical_id: witnesses.of(model) for model in models}


def figure(found: Evidence | None) -> float:
    assert found is not None
    return found.figure


class TestOwnRating:
    def test_it_counts_by_its_lower_bound_though_kin_are_rated_higher(self, make_model: MakeModel) -> None:
        before = make_model("openai:gpt-4", rating=1400.0, released="2025-01-01")
        after = make_model("openai:gpt-5", rating=1350.0, released="2025-06-01")
        found = evidence(before, after)["openai:gpt-5"]
        assert found is not None
        assert (found.figure, found.rule, found.note) == (1350.0, "rated", "rated 1350, lower bound")

    def test_one_that_is_only_rated_while_reasoning_is_used_and_marked(self, make_model: MakeModel) -> None:
        high = Score(board="text", category="overall", rating=1440.0, low=1432.0, mode="high")
        found = evidence(make_model("openai:gpt-5", scores=(high,)))["openai:gpt-5"]
        assert found is not None
        assert (found.figure, found.rule) == (1432.0 - MODE_GAIN, "mode")
        assert found.note == "rated only as high: 1432, less 10 for what reasoning adds"

    def test_a_plain_rating_counts_before_that_of_a_mode(self, make_model: MakeModel) -> None:
        scores = (
            Score(board="text", category="overall", rating=1440.0, low=1432.0),
            Score(board="text", category="overall", rating=1460.0, low=1452.0, mode="high"),
        )
        assert figure(evidence(make_model("openai:gpt-5.1", scores=scores))["openai:gpt-5.1"]) == 1432.0

    def test_the_same_model_under_another_name_is_as_good(self, make_model: MakeModel) -> None:
        own = make_model("anthropic:claude-opus-4-5", rating=1461.0)
        host = make_model("bedrock:eu.anthropic.claude-opus-4-5-20251101-v1:0")
        assert figure(evidence(own, host)[host.canonical_id]) == 1461.0


class TestHeirs:
    def test_one_is_as_good_as_its_predecessor_and_gains_with_time(self, make_model: MakeModel) -> None:
        before = make_model("openai:gpt-4.1-mini", rating=1377.0, released="2025-04-14", status="deprecated")
        after = make_model("openai:gpt-5-mini", released="2025-08-14")
        found = evidence(before, after)["openai:gpt-5-mini"]
        assert found is not None
        assert found.figure == pytest.approx(1377.0 + 4 * GAIN, abs=0.5)
        assert (found.rule, found.basis) == ("heir", before)
        assert found.note == "newer than gpt-4.1-mini, rated 1377, and 4 months of gain since"

    def test_the_gain_counts_from_the_rating_through_any_number_of_heirs_and_ends(self, make_model: MakeModel) -> None:
        models = [make_model("openai:gpt-1", rating=1300.0, released="2020-01-01")]
        models += [make_model(f"openai:gpt-{year - 2019}", released=f"{year}-01-01") for year in (2021, 2022, 2023)]
        found = evidence(*models)
        assert figure(found["openai:gpt-4"]) == 1300.0 + LONGEST_GAIN * GAIN

    def test_the_best_of_those_before_counts_and_not_the_one_with_most_months_of_gain(
        self, make_model: MakeModel
    ) -> None:
        found = evidence(
            make_model("openai:gpt-3", rating=1313.0, released="2025-04-01"),
            make_model("openai:gpt-4", rating=1322.0, released="2025-08-01"),
            make_model("openai:gpt-5", released="2026-03-01"),
        )["openai:gpt-5"]
        assert found is not None
        assert found.note == "newer than gpt-4, rated 1322, and 7 months of gain since"

    def test_a_host_that_serves_the_heir_alone_has_it_too(self, make_model: MakeModel) -> None:
        before = make_model("anthropic:claude-opus-4-5", rating=1461.0, released="2025-11-24")
        after = make_model("gmi:anthropic/claude-opus-4.7", released="2026-04-16")
        assert figure(evidence(before, after)[after.canonical_id]) > 1461.0

    def test_a_smaller_model_is_no_heir_of_a_larger_one(self, make_model: MakeModel) -> None:
        large = make_model("together:llama-3.1-70b-instruct", rating=1300.0, released="2024-07-01")
        small = make_model("together:llama-3.3-8b-instruct", None, released="2025-07-01")
        assert evidence(large, small)[small.canonical_id] is None

    @given(rating=st.integers(900, 1550), months=st.integers(1, 40), price=st.sampled_from([0.1, 1.0, 30.0]))
    @settings(deadline=None)
    def test_an_heir_is_never_put_below_its_rated_predecessor(
        self, rating: int, months: int, price: float, make_model: MakeModel
    ) -> None:
        before = make_model("openai:gpt-4", rating=float(rating), released="2022-01-01")
        year, month = divmod(months, 12)
        after = make_model("openai:gpt-5", (price, price), released=f"{2022 + year}-{month + 1:02}-02")
        dear = make_model("openai:gpt-5-pro", (200.0, 200.0), released=after.release_date)
        assert figure(evidence(before, after, dear)["openai:gpt-5"]) >= rating


class TestFlagships:
    def test_one_that_is_not_rated_is_no_worse_than_the_best_rated_before_it(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("anthropic:claude-opus-4-5", (5.0, 25.0), rating=1461.0, released="2025-11-01"),
            make_model("openai:gpt-5", (5.0, 25.0), rating=1486.0, released="2025-11-10"),
            make_model("anthropic:claude-opus-4-6", (5.0, 25.0), released="2026-02-05"),
        ]
        found = evidence(*models)["anthropic:claude-opus-4-6"]
        assert found is not None
        assert (found.figure, found.rule, found.basis) == (1486.0, "front", models[1])
        assert choose(models, BEST).chosen == models[2]

    def test_a_line_that_trailed_the_best_of_its_day_goes_on_trailing(self, make_model: MakeModel) -> None:
        models = [
            make_model("openai:gpt-5", rating=1486.0, released="2025-10-01"),
            make_model("anthropic:claude-haiku-4", rating=1486.0 - FRONT - 1, released="2025-10-15"),
            make_model("anthropic:claude-haiku-5", released="2025-11-15"),
        ]
        found = evidence(*models)["anthropic:claude-haiku-5"]
        assert found is not None
        assert found.rule == "heir"
        assert found.figure < 1486.0


class TestHouses:
    """A maker asks more for what is better."""

    def test_a_new_line_at_a_higher_price_is_above_what_the_maker_sold_before(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("anthropic:claude-opus-4-8", (5.0, 25.0), rating=1490.0, released="2026-05-28"),
            make_model("anthropic:claude-fable-5", (10.0, 50.0), released="2026-06-09"),
        ]
        found = evidence(*models)["anthropic:claude-fable-5"]
        assert found is not None
        assert found.figure == pytest.approx(1490.0 + STEP, abs=3.0)
        assert found.note == "its maker asks no less for it than for claude-opus-4-8, rated 1490"
        assert choose(models, BEST).chosen.model_id == "claude-fable-5"

    def test_a_new_line_at_a_lower_price_is_not_much_worse_than_the_larger_one_before(
        self, make_model: MakeModel
    ) -> None:
        models = [
            make_model("deepseek:deepseek-v3.2", (0.3, 0.3), rating=1407.0, released="2025-12-01"),
            make_model("deepseek:deepseek-v4-flash", (0.2, 0.2), released="2025-12-20"),
        ]
        found = evidence(*models)["deepseek:deepseek-v4-flash"]
        assert found is not None
        assert found.figure == pytest.approx(1407.0 - SMALLER, abs=3.0)

    def test_it_tells_nothing_of_other_makers_of_earlier_models_or_without_a_price(self, make_model: MakeModel) -> None:
        rated = make_model("openai:gpt-5", (1.0, 1.0), rating=1400.0, released="2025-06-01")
        found = evidence(
            rated,
            make_model("anthropic:claude-new", (9.0, 9.0)),
            make_model("openai:old", (9.0, 9.0), released="2025-01-01"),
            make_model("openai:unpriced", None),
            make_model("openai:x-latest", (9.0, 9.0)),
        )
        assert [name for name, one in found.items() if one] == ["openai:gpt-5"]

    def test_an_inference_never_lifts_a_model_to_its_makers_best_at_a_higher_price(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("anthropic:claude-opus-4-5", (5.0, 25.0), rating=1461.0, released="2025-11-24"),
            make_model("anthropic:claude-sonnet-4-5", (3.0, 15.0), rating=1440.0, released="2025-09-29"),
            make_model("anthropic:claude-opus-5", (5.0, 25.0), released="2026-05-28"),
            make_model("anthropic:claude-sonnet-5", (2.0, 10.0), released="2026-06-30"),
        ]
        found = evidence(*models)
        assert figure(found["anthropic:claude-sonnet-5"]) < figure(found["anthropic:claude-opus-5"])
        assert choose(models, BEST).chosen.model_id == "claude-opus-5"


class TestBenchmarks:
    """Published results place a model among rated ones by rank."""

    @staticmethod
    def models(make_model: MakeModel, result: float, **facts: Any) -> list[CanonicalModel]:
        rated = [
            make_model(
                f"m{number}:maker{number}",
                rating=1300.0 + 20 * number,
                released="2025-01-01",
                scores=(
                    Score(board="models.dev", category="Exam", rating=10.0 * number),
                    Score(board="text", category="overall", rating=1300.0 + 20 * number),
                ),
            )
            for number in range(8)
        ]
        unrated = make_model(
            "new:model",
            scores=(Score(board="models.dev", category="Exam", rating=result),),
            **facts,
        )
        return [*rated, unrated]

    @pytest.mark.parametrize(("result", "expected"), [(0.0, 1300.0), (35.0, 1370.0), (70.0, 1440.0), (99.0, 1440.0)])
    def test_the_rank_among_the_results_is_the_rank_among_the_ratings(
        self, result: float, expected: float, make_model: MakeModel
    ) -> None:
        found = evidence(*self.models(make_model, result))["new:model"]
        assert found is not None
        assert (found.figure, found.rule) == (expected, "benchmark")
        assert found.note == f"by Exam, as good as models rated {expected:.0f}"

    def test_worse_than_all_rated_ones_is_not_placed(self, make_model: MakeModel) -> None:
        assert evidence(*self.models(make_model, -1.0))["new:model"] is None

    def test_too_few_rated_models_place_nobody(self, make_model: MakeModel) -> None:
        assert evidence(*self.models(make_model, 35.0)[2:])["new:model"] is None

    def test_exams_tell_nothing_of_creative_writing(self, make_model: MakeModel) -> None:
        assert evidence(*self.models(make_model, 35.0), measure="creative_writing")["new:model"] is None


def test_a_skill_that_nothing_is_known_of_is_judged_by_the_model_in_general(
    make_model: MakeModel, choose: Choose
) -> None:
    selection = choose([make_model("openai:a", rating=1400.0)], {"preferences": {"creativity": "high"}})
    quality, creativity = (
        next(part for part in selection.ranked[0].contributions if part.criterion == criterion)
        for criterion in ("quality", "creativity")
    )
    assert creativity.value == pytest.approx(0.9 * (quality.value or 0.0))
    assert creativity.note.startswith("inferred from its quality in general")


def test_a_tier_that_the_user_set_counts_before_every_rating(make_model: MakeModel, choose: Choose) -> None:
    from llmhub.records.model import Provenance

    mine = make_model(
        "openai:mine",
        rating=1100.0,
        quality_tier=1,
        tier_reasons={"quality_tier": "set in overrides.yaml:3 (override)"},
        provenance=(Provenance(field="quality_tier", source="override"),),
    )
    selection = choose([mine, make_model("openai:other", rating=1400.0)], BEST)
    assert selection.chosen == mine
