"""What a workload costs at a model."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.spend.pricing import Pricing
from llmhub_server.page.workload import Workload, cost, from_query, in_dollars, to_query

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COUNTS = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def pricing(few_models) -> Pricing:
    return Pricing(lambda provider, model: few_models.models.get(f"{provider}:{model}"))


def test_the_cost_is_exact_to_the_last_digit(few_models, pricing) -> None:
    found = cost(few_models.models["office:long"], Workload(calls=7, input=1000, output=3, cached=0), pricing, NOW)
    assert found.call == Decimal("0.00128")
    assert (found.day, found.month) == (Decimal("0.00896"), Decimal("0.2688"))
    assert found.source == "catalog"


def test_cached_input_is_paid_at_its_own_rate(few_models, pricing) -> None:
    found = cost(few_models.models["office:long"], Workload(calls=1, input=1000, output=0, cached=1000), pricing, NOW)
    assert found.call == Decimal("0.000125")


def test_a_long_prompt_is_paid_at_the_rates_of_its_tier(few_models, pricing) -> None:
    model = few_models.models["office:long"]
    assert cost(model, Workload(input=200_000, output=0), pricing, NOW).call == Decimal("0.25")
    assert cost(model, Workload(input=200_001, output=0), pricing, NOW).call == Decimal("0.5000025")


@pytest.mark.parametrize("name", ["office:unpriced", "office:unknown", "office:planned"])
def test_what_is_not_known_is_said_and_never_zero(few_models, pricing, name) -> None:
    found = cost(few_models.models[name], Workload(), pricing, NOW)
    assert (found.call, found.day, found.month) == (None, None, None)
    assert found.note
    assert in_dollars(found.month) == "-"


def test_a_plan_is_named_where_it_pays(few_models, pricing) -> None:
    assert "plan" in cost(few_models.models["office:planned"], Workload(), pricing, NOW).note


@given(st.builds(Workload, calls=COUNTS, input=COUNTS, output=COUNTS, cached=st.just(0)))
def test_an_address_tells_the_whole_workload(workload) -> None:
    assert from_query(to_query(workload)) == workload


@given(st.dictionaries(st.sampled_from(["calls", "input", "output", "cached"]), st.text()))
def test_whatever_stands_in_an_address_it_is_read_as_some_workload(query) -> None:
    read = from_query(query)
    assert 0 <= read.cached <= read.input


def test_dollars_are_written_whole() -> None:
    assert in_dollars(Decimal("1234.5")) == "$1,234.50"
    assert in_dollars(Decimal("0.00000125")) == "$0.00000125"
    assert in_dollars(Decimal("1E+3")) == "$1,000.00"
