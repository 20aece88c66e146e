"""What holds for every catalog and every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from llmhub.errors import SelectionError
from llmhub.generate.emit import render
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Generation, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
Generate = Callable[..., Generation]

PRICES = st.sampled_from([0.02, 0.1, 0.25, 0.6, 1.0, 2.5, 5.0, 15.0, 60.0])
NAMES = (
    *("gpt-4", "gpt-4-mini", "gpt-5", "gpt-5-mini", "gpt-5-pro", "gpt-latest", "o3", "x-large", "x-8b", "y-lite"),
    *("gpt-4o-search", "gpt-5-code", "m-embed"),
)


@st.composite
def catalogs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Arguments for `make_model`, one model per provider and name."""
    ids = draw(
        st.lists(
            st.tuples(st.sampled_from(["openai", "anthropic", "groq"]), st.sampled_from(NAMES)),
            min_size=2,
            max_size=10,
            unique=True,
        )
    )
    return [
        {
            "canonical_id": f"{provider}:{name}",
            "price": draw(st.none() | st.tuples(PRICES, PRICES)),
            "rating": draw(st.none() | st.integers(1000, 1500).map(float)),
            "released": draw(
                st.none() | st.dates().map(str) | st.sampled_from(["2024-05", "2025-01-01", "2026-01-01"])
            ),
            "status": draw(st.sampled_from([None, None, None, "deprecated"])),
            "context_tokens": draw(st.sampled_from([None, 8_000, 200_000])),
            "supports_tool_call": draw(st.sampled_from([True, True, False, None])),
            "open_weights": draw(st.sampled_from([True, False, None])),
        }
        for provider, name in ids
    ]


LEVELS = st.none() | st.sampled_from(["low", "medium", "high"])
PREFERENCES = st.fixed_dictionaries(dict.fromkeys(("cost", "latency", "quality", "reasoning"), LEVELS))
HARD = st.fixed_dictionaries(
    {},
    optional={
        "context_min": st.sampled_from([8_000, 100_000]),
        "needs": st.just(["tools"]),
        "max_price_input": PRICES,
        "max_price_output": PRICES,
        "open_weights": st.booleans(),
        "exclude_models": st.lists(st.sampled_from(NAMES), max_size=2),
        "providers": st.just(["openai"]),
    },
)


def chosen_or_none(choose: Choose, models: list[CanonicalModel], role: dict[str, Any]) -> Selection | None:
    try:
        return choose(models, role)
    except SelectionError:
        return None


@given(
    catalog=catalogs(),
    preferences=PREFERENCES,
    name=st.sampled_from(["gpt-5-x", "gpt-6", "gpt-6-mini", "o9", "z-8b"]),
    price=st.none() | st.tuples(PRICES, PRICES),
    released=st.none() | st.dates().map(str),
    rating=st.integers(1000, 1500),
    gain=st.integers(1, 300),
)
@settings(deadline=None)
def test_a_better_model_at_the_same_price_never_ranks_below(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    name: str,
    price: tuple[float, float] | None,
    released: str | None,
    rating: int,
    gain: int,
    make_model: MakeModel,
    choose: Choose,
) -> None:
    model = make_model(f"openai:{name}", price, rating=float(rating), released=released)
    twin = evolve(model, canonical_id=f"openai:{name}-twin", arena_ci_low=float(rating + gain))
    others = [make_model(**facts) for facts in catalog]
    order = [one.model.canonical_id for one in choose([model, *others, twin], {"preferences": preferences}).ranked]
    assert order.index(twin.canonical_id) < order.index(model.canonical_id)


@given(catalog=catalogs(), preferences=PREFERENCES, data=st.data())
@settings(deadline=None)
def test_removing_a_losing_candidate_never_changes_the_winner(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    data: st.DataObject,
    make_model: MakeModel,
    choose: Choose,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    selection = chosen_or_none(choose, models, {"preferences": preferences})
    assume(selection is not None and len(selection.ranked) > 1)
    assert selection is not None
    losers = [candidate.model.canonical_id for candidate in selection.ranked[1:]]
    excluded = data.draw(st.lists(st.sampled_from(losers), min_size=1, unique=True))
    again = choose(models, {"preferences": {**preferences, "exclude_models": excluded}})
    assert again.chosen == selection.chosen
    rest = [candidate for candidate in selection.ranked if candidate.model.canonical_id not in excluded]
    assert list(again.ranked) == rest


@given(catalog=catalogs(), preferences=PREFERENCES, hard=HARD, fallbacks=st.integers(0, 3))
@settings(deadline=None)
def test_no_chosen_model_violates_a_hard_need(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    hard: dict[str, Any],
    fallbacks: int,
    make_model: MakeModel,
    choose: Choose,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    role = {"preferences": {**preferences, **hard}, "fallbacks": fallbacks}
    selection = chosen_or_none(choose, models, role)
    assume(selection is not None)
    assert selection is not None
    for model in (selection.chosen, *selection.fallbacks):
        assert model.provider in hard.get("providers", ["openai", "anthropic"])
        assert model.status is None
        assert not model.model_id.endswith("embed")
        assert model.model_id not in hard.get("exclude_models", [])
        assert (model.context_tokens or 0) >= hard.get("context_min", 0)
        assert "needs" not in hard or model.supports_tool_call
        assert "open_weights" not in hard or model.open_weights is hard["open_weights"]
        for side in ("input", "output"):
            if (limit := hard.get(f"max_price_{side}")) is not None:
                price = getattr(model, f"price_{side}_per_million")
                assert price is not None
                assert price <= limit


@given(catalog=catalogs(), preferences=PREFERENCES, weights=st.tuples(st.integers(0, 20), st.integers(1, 20)))
@settings(deadline=None)
def test_raising_the_weight_of_cost_never_raises_the_price_of_the_winner(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    weights: tuple[int, int],
    make_model: MakeModel,
    choose: Choose,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    before = chosen_or_none(choose, models, {"preferences": preferences, "weights": {"cost": weights[0]}})
    assume(before is not None)
    assert before is not None
    after = choose(models, {"preferences": preferences, "weights": {"cost": sum(weights)}})
    assert price(after.chosen) <= price(before.chosen)


@given(catalog=catalogs(), preferences=PREFERENCES, data=st.data())
@settings(deadline=None)
def test_the_order_of_the_catalog_changes_nothing(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    data: st.DataObject,
    make_model: MakeModel,
    generate_for: Generate,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    roles = {"r": {"kind": "chat", "preferences": preferences, "fallbacks": 1}}
    try:
        first = generate_for(models, roles)
    except SelectionError:
        return
    second = generate_for(data.draw(st.permutations(models)), roles)
    assert second.config == first.config
    assert second.warnings == first.warnings
    assert second.selections[0].ranked == first.selections[0].ranked
    assert second.selections[0].passed_over == first.selections[0].passed_over


@given(catalog=catalogs(), preferences=PREFERENCES, hard=HARD, fallbacks=st.integers(0, 2))
@settings(deadline=None)
def test_the_same_input_gives_the_same_selection_and_the_same_bytes(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    hard: dict[str, Any],
    fallbacks: int,
    make_model: MakeModel,
    generate_for: Generate,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    roles = {"r": {"kind": "chat", "preferences": {**preferences, **hard}, "fallbacks": fallbacks}}
    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(generate_for(models, roles))
        except SelectionError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
    if not isinstance(outcomes[0], str):
        first, second = (render(outcome.config).encode() for outcome in outcomes)
        assert first == second


@given(catalog=catalogs(), preferences=PREFERENCES, hard=HARD)
@settings(deadline=None)
def test_every_model_of_the_catalog_is_either_ranked_or_rejected_with_a_reason(
    catalog: list[dict[str, Any]],
    preferences: dict[str, Any],
    hard: dict[str, Any],
    make_model: MakeModel,
    choose: Choose,
) -> None:
    models = [make_model(**facts) for facts in catalog]
    selection = chosen_or_none(choose, models, {"preferences": {**preferences, **hard}})
    assume(selection is not None)
    assert selection is not None
    ranked = [one.model.canonical_id for one in selection.ranked]
    rejected = {one.canonical_id: one.reason for one in selection.rejected}
    assert sorted([*ranked, *rejected]) == sorted(model.canonical_id for model in models)
    assert all(rejected.values())
    assert [one.score for one in selection.ranked] == sorted((one.score for one in selection.ranked), reverse=True)
    total = sum(part.weight for part in selection.ranked[0].contributions)
    for one in selection.ranked:
        unknown = sum(part.value is None and part.criterion in ("cost", "quality") for part in one.contributions)
        assert one.score == pytest.approx(sum(part.points for part in one.contributions) / total - unknown, abs=1e-6)


def price(model: CanonicalModel) -> float:
    """The blended price at 3:1; an unknown one is the highest."""
    if model.price_input_per_million is None or model.price_output_per_million is None:
        return float("inf")
    return (3 * model.price_input_per_million + model.price_output_per_million) / 4
