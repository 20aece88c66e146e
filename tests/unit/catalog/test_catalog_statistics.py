from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog.statistics import catalog_statistics, quantile
from llmhub.records.model import CanonicalModel, Score


def priced(number: int, price: float, status: str | None = None, tags: tuple[str, ...] = ()) -> CanonicalModel:
    return CanonicalModel(
        canonical_id=f"host:m-{number}",
        provider="host",
        model_id=f"m-{number}",
        price_state="known",
        price_input_per_million=price,
        price_output_per_million=price,
        output_modalities=("text",),
        status=status,
        tags=tags,
    )


def rated(provider: str, rating: float) -> CanonicalModel:
    return CanonicalModel(
        canonical_id=f"{provider}:m",
        provider=provider,
        model_id="m",
        output_modalities=("text",),
        scores=(Score(board="text", category="overall", rating=rating + 10, low=rating, high=rating + 20),),
    )


def test_cuts_are_the_fifths_interpolated_linearly() -> None:
    statistics = catalog_statistics([priced(number, float(number)) for number in range(1, 12)])
    assert statistics.quantiles["blended_price"] == pytest.approx((3.0, 5.0, 7.0, 9.0))
    assert statistics.price_ratio == 3.0


def test_deprecated_models_and_those_that_are_no_chat_models_do_not_move_a_cut() -> None:
    live = [priced(number, float(number)) for number in range(11)]
    others = [priced(20, 900.0, status="deprecated"), priced(21, 900.0, tags=("embedding",))]
    assert catalog_statistics([*live, *others]) == catalog_statistics(live)


def test_a_model_that_many_hosts_offer_counts_once_for_its_rating() -> None:
    once = [rated(f"host{number}", 1000.0 + number) for number in range(6)]
    often = [*once, *(rated(f"reseller{number}", 1005.0) for number in range(50))]
    assert catalog_statistics(often).quantiles == catalog_statistics(once).quantiles


def test_ratings_are_cut_by_the_lower_end_of_their_interval() -> None:
    models = [rated(f"host{number}", 1000.0 + number) for number in range(6)]
    assert catalog_statistics(models).quantiles["overall"] == (1001.0, 1002.0, 1003.0, 1004.0)


def test_fewer_than_five_models_are_not_cut() -> None:
    assert catalog_statistics([priced(number, float(number)) for number in range(4)]).quantiles == {}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_between_the_smallest_and_the_largest_value(values: list[float], point: float) -> None:
    ascending = sorted(values)
    tolerance = 1e-9 * (1 + ascending[-1])
    assert ascending[0] - tolerance <= quantile(ascending, point) <= ascending[-1] + tolerance


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=50))
def test_cuts_never_descend(prices: list[float]) -> None:
    cuts = catalog_statistics([priced(number, price + 1) for number, price in enumerate(prices)]).quantiles
    assert list(cuts["blended_price"]) == pytest.approx(sorted(cuts["blended_price"]))
