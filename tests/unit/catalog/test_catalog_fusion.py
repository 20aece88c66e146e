from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from attrs import evolve

from llmhub.catalog.fusion import Statement, by_offer, fuse, offers
from llmhub.catalog.linking import link
from llmhub.records.model import CanonicalModel, ModelFacts, ModelRecord, Price, Score


def said(source: str, name: str, priority: int = 50, as_of: str | None = None, **facts: Any) -> Statement:
    provider, _, model_id = name.partition(":")
    record = ModelRecord(source=source, provider=provider, model_id=model_id, facts=ModelFacts(**facts))
    return Statement(record=record, priority=priority, as_of=as_of)


def rated(name: str, **ratings: float) -> Statement:
    scores = tuple(
        Score(board="text", category=category, rating=rating, low=rating - 5, high=rating + 5)
        for category, rating in ratings.items()
    )
    record = ModelRecord(source="board", provider=None, model_id=name, scores=scores)
    return Statement(record=record, priority=40, as_of="2025-12-11")


def fused(*statements: Statement) -> Mapping[str, CanonicalModel]:
    served = by_offer(statements)
    rows: Sequence[Statement] = [one for one in statements if one.record.provider is None]
    links = link("board", [row.record.model_id for row in rows], offers(served))
    return {model.canonical_id: model for model in fuse(served, rows, links)}


def test_the_source_of_higher_priority_wins_and_the_other_fills_what_it_leaves_open() -> None:
    model = fused(
        said("low", "host:m-1", 10, "2026-01-01", display_name="Old", context_tokens=1000, knowledge_cutoff="2024"),
        said("high", "host:m-1", 60, "2026-07-02", display_name="New", context_tokens=None),
    )["host:m-1"]
    assert (model.display_name, model.context_tokens, model.knowledge_cutoff) == ("New", 1000, "2024")
    origins = {one.field: (one.source, one.as_of) for one in model.provenance if one.field != "model_id"}
    assert origins == {
        "display_name": ("high", "2026-07-02"),
        "context_tokens": ("low", "2026-01-01"),
        "knowledge_cutoff": ("low", "2026-01-01"),
    }


def test_provenance_names_the_source_that_states_another_value() -> None:
    model = fused(
        said("low", "host:m-1", 10, context_tokens=1000, family="m"),
        said("high", "host:m-1", 60, context_tokens=2000, family="m"),
    )["host:m-1"]
    rules = {one.field: one.rule for one in model.provenance}
    assert rules["context_tokens"] == "low states 1000"
    assert rules["family"] == ""


def test_a_source_may_count_more_for_one_field_than_for_the_others() -> None:
    prices = evolve(
        said("prices", "host:m-1", 10, context_tokens=1, price=Price(input=3.0, output=6.0)),
        field_priorities={"price": 90},
    )
    model = fused(prices, said("facts", "host:m-1", 60, context_tokens=2, price=Price(input=9.0, output=9.0)))[
        "host:m-1"
    ]
    assert model.context_tokens == 2
    assert model.price_input_per_million == 3.0


@pytest.mark.parametrize(
    ("witness", "told"),
    [
        (Price(input=2.0, output=8.01), "known; witness agrees"),
        (Price(input=2.0), "known; witness agrees"),
        (Price(input=2.0, output=10.0), "known; witness states $2 and $10 for input and output"),
    ],
)
def test_a_second_price_is_a_witness_and_never_mixed_in(witness: Price, told: str) -> None:
    model = fused(
        said("list", "host:m-1", 60, price=Price(input=2.0, output=8.0)), said("witness", "host:m-1", 10, price=witness)
    )["host:m-1"]
    assert (model.price_input_per_million, model.price_output_per_million) == (2.0, 8.0)
    assert [one.rule for one in model.provenance if one.field == "price"] == [told]


def test_every_source_that_lists_a_model_is_named() -> None:
    model = fused(said("a", "host:m-1", 10), said("b", "host:m-1", 90))["host:m-1"]
    assert [one.source for one in model.provenance if one.field == "model_id"] == ["b", "a"]


def test_a_price_is_taken_whole_from_one_source() -> None:
    model = fused(
        said("low", "host:m-1", 10, price=Price(input=9.0, output=9.0, cache_read=0.9)),
        said("high", "host:m-1", 60, price=Price(input=1.0, output=2.0)),
    )["host:m-1"]
    assert model.price == Price(input=1.0, output=2.0)
    assert (model.price_input_per_million, model.price_output_per_million) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("others", "state"),
    [
        ([], "included"),  # the provider prices nothing: a plan
        ([said("s", "host:other-1", price=Price(input=1.0, output=1.0))], "unknown"),
        (
            [
                said("s", "host:other-1", price=Price(input=1.0, output=1.0)),
                said("s", "maker:openai/gpt-oss-20b", price=Price(input=0.1, output=0.2)),
            ],
            "included",  # the same model costs money elsewhere
        ),
    ],
)
def test_a_price_of_zero_is_included_in_a_plan_or_unknown_and_never_the_cheapest(
    others: list[Statement], state: str
) -> None:
    free = said("s", "host:gpt-oss-20b:free", price=Price(input=0.0, output=0.0))
    model = fused(free, *others)["host:gpt-oss-20b:free"]
    assert model.price_state == state
    assert model.price_input_per_million is None
    assert model.price_output_per_million is None


def test_no_price_is_unknown_and_an_embedding_that_charges_nothing_for_output_is_known() -> None:
    models = fused(
        said("s", "host:m-1"),
        said("s", "host:text-embedding-3-small", price=Price(input=0.02, output=0.0)),
    )
    assert models["host:m-1"].price_state == "unknown"
    assert models["host:text-embedding-3-small"].price_state == "known"


def test_the_plain_row_gives_the_rating_and_a_modes_row_only_scores_of_that_mode() -> None:
    model = fused(
        said("s", "anthropic:claude-opus-4-5"),
        rated("claude-opus-4-5-20251101", overall=1460.0, math=1450.0),
        rated("claude-opus-4-5-20251101-thinking-32k", overall=1470.0),
    )["anthropic:claude-opus-4-5"]
    assert (model.arena_score, model.arena_ci_low, model.arena_ci_high) == (1460.0, 1455.0, 1465.0)
    assert {(score.mode, score.category): score.rating for score in model.scores} == {
        ("", "overall"): 1460.0,
        ("", "math"): 1450.0,
        ("thinking-32k", "overall"): 1470.0,
    }
    origins = {one.field: one.rule for one in model.provenance if one.source == "board"}
    assert origins == {
        "scores": "alias: claude-opus-4-5-20251101, only-snapshot",
        "scores[thinking-32k]": "mode: claude-opus-4-5-20251101-thinking-32k, only-snapshot",
    }


def test_a_model_rated_only_in_a_mode_has_no_rating_of_its_own() -> None:
    model = fused(said("s", "openai:gpt-5"), rated("gpt-5-high", overall=1430.0))["openai:gpt-5"]
    assert model.arena_score is None
    assert model.scores[0].mode == "high"


def test_of_two_rows_for_the_same_weights_the_lower_rating_counts() -> None:
    model = fused(
        said("s", "azure:meta-llama-3.1-405b-instruct"),
        rated("llama-3.1-405b-instruct-bf16", overall=1335.0),
        rated("llama-3.1-405b-instruct-fp8", overall=1333.0),
    )["azure:meta-llama-3.1-405b-instruct"]
    assert model.arena_score == 1333.0
    assert len(model.links) == 2


@pytest.mark.parametrize("fresher", ["a-board", "z-board"])
def test_where_two_sources_state_a_score_the_one_of_higher_priority_counts(fresher: str) -> None:
    old, new = rated("gpt-5", overall=1400.0, math=1390.0), rated("gpt-5", overall=1440.0)
    new = evolve(new, record=evolve(new.record, source=fresher), priority=50, as_of="2026-11-17")
    offer = said("s", "openai:gpt-5")
    served = by_offer([offer])
    links = {
        key: tuple(found for board in ("board", fresher) for found in link(board, ["gpt-5"], offers(served))[key])
        for key in served
    }
    (model,) = fuse(served, [old, new], links)
    assert model.arena_score == 1440.0
    assert {score.category: score.rating for score in model.scores} == {"overall": 1440.0, "math": 1390.0}
    origins = [(one.source, one.as_of) for one in model.provenance if one.field == "scores"]
    assert origins == [(fresher, "2026-11-17"), ("board", "2025-12-11")]


def test_models_come_in_the_order_of_their_ids_whatever_the_order_of_the_sources() -> None:
    statements = [said("s", "b:m-2"), said("s", "a:m-1"), said("t", "a:m-1", 60)]
    assert fused(*statements) == fused(*reversed(statements))
    assert list(fused(*statements)) == ["a:m-1", "b:m-2"]
