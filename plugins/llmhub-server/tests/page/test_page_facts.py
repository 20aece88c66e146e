"""What is told of one model."""

from __future__ import annotations

from llmhub.records.model import Price, PriceTier
from llmhub_server.page.facts import blended, dollars, facts, prices


def told(catalog, name):
    return {fact.name: fact for fact in facts(catalog.models[name])}


def test_every_fact_says_where_it_came_from(few_models) -> None:
    found = told(few_models, "openai:gpt-4.1")
    assert found["Input"].value == "$2.00"
    assert found["Input"].source == "models_dev 2026-06-01 (known)"
    assert found["Arena score"].value == "1412 ±5"
    assert found["Arena score"].source == "lmarena 2026-05-20 (exact)"


def test_unknown_is_a_dash_and_never_zero(few_models) -> None:
    found = told(few_models, "office:unknown")
    assert {found[name].value for name in ("Input", "Output", "Context", "Arena score", "Quality tier")} == {"-"}
    assert blended(few_models.models["office:unknown"], 3.0) == "-"


def test_the_zeros_of_a_plan_are_not_shown_as_a_price(few_models) -> None:
    found = told(few_models, "office:planned")
    assert (found["Price"].value, found["Input"].value) == ("included in a plan", "-")


def test_a_price_is_told_with_its_tiers() -> None:
    price = Price(input=1.25, output=10.0, tiers=(PriceTier(above_tokens=200_000, input=2.5, output=15.0),))
    assert [(fact.name, fact.value) for fact in prices(price)] == [
        ("Input", "$1.25"),
        ("Output", "$10.00"),
        ("Prompts above 200,000 tokens", "$2.50 in, $15.00 out"),
    ]


def test_dollars_have_as_many_digits_as_they_need() -> None:
    assert [dollars(amount) for amount in (None, 0.0, 0.075, 1234.5)] == ["-", "$0.00", "$0.075", "$1,234.50"]
