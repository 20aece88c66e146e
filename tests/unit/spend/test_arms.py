"""What a ledger shows of each variant, and whether variants differ."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub.records.calls import Feedback
from llmhub.records.spending import Cost, LedgerEntry
from llmhub.spend.arms import Arm, arms_of
from llmhub.spend.comparison import LEAST_UNITS, comparisons, interval


def entry(number: int, variant: str, **facts: Any) -> LedgerEntry:
    known: dict[str, Any] = {"status": "ok", "latency": 1.0, "cost": Cost(dollars=Decimal("0.001"), complete=True)}
    return LedgerEntry(
        call_id=f"{variant}-{number}",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        project="p",
        environment="dev",
        role="r",
        provider="openai",
        model="m",
        mode="chat",
        method="completion",
        variant=variant,
        **{**known, **facts},
    )


def scored(entries: list[LedgerEntry], score: float) -> list[Feedback]:
    return [Feedback(call_id=one.call_id, score=score) for one in entries]


def test_calls_of_one_user_are_one_figure() -> None:
    entries = [entry(number, "a", user_hash="ada", latency=float(number + 1)) for number in range(9)]
    arm = arms_of(entries, scored(entries, 0.5), "user")["a"]
    assert (arm.calls, arm.people, arm.scored) == (9, 1, 9)
    assert arm.units["score"] == (0.5,)
    assert len(arm.units["latency"]) == 1


def test_without_users_each_call_stands_by_itself() -> None:
    assert arms_of([entry(number, "a") for number in range(9)], [], "user")["a"].people == 9


def test_another_word_of_sticky_by_names_a_label() -> None:
    entries = [entry(number, "a", labels={"tenant": str(number % 2)}) for number in range(8)]
    assert arms_of(entries, [], "tenant")["a"].people == 2


def test_calls_that_say_nothing_about_a_variant_are_left_out() -> None:
    silent = [
        entry(1, "a", status="refused"),
        entry(2, "a", status="cancelled"),
        entry(3, "a", cached=True),
    ]
    assert arms_of(silent, [], None) == {}


def test_unpriced_calls_are_counted_and_add_no_cost() -> None:
    arm = arms_of([entry(1, "a"), entry(2, "a", cost=Cost())], [], None)["a"]
    assert (arm.unpriced, arm.cost, arm.cost_per_call) == (1, Decimal("0.001"), Decimal("0.001"))


def test_latencies_are_those_of_answers() -> None:
    entries = [entry(number, "a", latency=float(number)) for number in range(1, 101)]
    arm = arms_of([*entries, entry(0, "a", status="failed", latency=900.0)], [], None)["a"]
    assert (arm.latency(0.5), arm.latency(0.95), arm.errors) == (50.0, 95.0, 1)


def experiment(seed: int, gain: float, users: int = 200) -> dict[str, Arm]:
    """Two variants of which b scores better by *gain*, over users who each call a few times."""
    chance = random.Random(seed)
    entries, told = [], []
    for variant, mean in (("a", 0.6), ("b", 0.6 + gain)):
        for user in range(users):
            taste = chance.gauss(0, 0.1)
            for call in range(chance.randint(1, 5)):
                one = entry(user * 10 + call, variant, user_hash=f"{variant}{user}")
                entries.append(one)
                told.append(Feedback(call_id=one.call_id, score=mean + taste + chance.gauss(0, 0.1)))
    return arms_of(entries, told, "user")


def score_of(arms: dict[str, Arm]) -> Any:
    return next(one for one in comparisons(arms["a"], [arms["b"]]) if one.measure == "score")


def test_a_real_difference_is_shown_with_its_interval() -> None:
    found = score_of(experiment(1, 0.1))
    assert found.verdict == "better"
    assert found.difference.low < 0.1 < found.difference.high
    assert found.enough is None


def test_where_nothing_differs_chance_is_taken_for_a_difference_in_about_one_of_twenty() -> None:
    verdicts = [score_of(experiment(seed, 0.0, users=40)).verdict for seed in range(60)]
    assert verdicts.count("no difference shown") >= 50


def test_a_difference_too_small_to_show_says_how_many_would_show_it() -> None:
    found = score_of(experiment(3, 0.01))
    assert found.verdict == "no difference shown"
    assert found.difference.low < 0 < found.difference.high
    assert found.enough > 200


def test_few_units_and_few_failures_give_no_verdict() -> None:
    few = experiment(1, 0.5, users=LEAST_UNITS - 1)
    assert score_of(few).verdict == "too few to tell"
    many = [entry(number, variant) for variant in "ab" for number in range(100)]
    arms = arms_of([*many, entry(900, "b", status="failed")], [], None)
    errors = next(one for one in comparisons(arms["a"], [arms["b"]]) if one.measure == "errors")
    assert errors.verdict == "too few to tell"


def test_more_failures_slower_and_dearer_are_worse() -> None:
    chance = random.Random(5)
    entries = [
        entry(
            number,
            variant,
            status="failed" if chance.random() < failing else "ok",
            latency=chance.lognormvariate(0, 0.3) * slower,
            cost=Cost(dollars=Decimal(str(round(chance.uniform(0.9, 1.1) * price, 6))), complete=True),
        )
        for variant, failing, slower, price in (("a", 0.02, 1.0, 0.001), ("b", 0.2, 2.0, 0.002))
        for number in range(300)
    ]
    arms = arms_of(entries, [], None)
    found = {one.measure: one for one in comparisons(arms["a"], [arms["b"]])}
    assert {measure: one.verdict for measure, one in found.items()} == dict.fromkeys(
        ("errors", "latency", "cost"), "worse"
    )
    assert found["latency"].difference is not None
    assert found["latency"].difference.mean == pytest.approx(2.0, rel=0.1), "a ratio"


def test_with_more_variants_each_interval_is_wider() -> None:
    arms = experiment(1, 0.1)
    alone = score_of(arms).difference
    among = comparisons(arms["a"], [arms["b"], arms["b"], arms["b"]])[0].difference
    assert among is not None
    assert among.low < alone.low < alone.high < among.high


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=LEAST_UNITS, max_size=80))
def test_an_interval_is_around_its_mean(figures: list[float]) -> None:
    found = interval(figures)
    assert found is None or found.low <= found.mean <= found.high
