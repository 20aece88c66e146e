"""A model as a row of the grid."""

from __future__ import annotations

from llmhub_server.page.columns import COLUMNS, DEFAULT, NAMES, chosen, grid_columns, order, row


def cells(catalog, name):
    return dict(zip([*NAMES, "state"], row(catalog.models[name], 3.0, {}), strict=True))


def test_what_is_unknown_stays_unknown_in_a_row(few_models) -> None:
    unknown = cells(few_models, "office:unknown")
    assert {unknown[name] for name in ("score", "price", "input", "output", "context", "quality", "tags")} == {None}


def test_a_price_that_a_plan_pays_is_no_price(few_models) -> None:
    planned = cells(few_models, "office:planned")
    assert (planned["price"], planned["input"], planned["state"]) == (None, None, "included")


def test_a_score_has_half_of_its_interval_beside_it(few_models) -> None:
    assert tuple(cells(few_models, "openai:gpt-4.1")["score"]) == (1412.0, 5.0)


def test_columns_that_a_visitor_chose_are_those_that_show() -> None:
    assert chosen("tags.nonsense.id") == ("id", "tags")
    assert chosen("nonsense") == chosen(None) == DEFAULT
    assert [one["name"] for one in grid_columns(("id", "tags")) if one["shown"]] == ["id", "tags"]
    assert len(grid_columns(())) == len(COLUMNS)


def test_an_order_that_there_is_not_is_the_usual_one() -> None:
    assert order("price") == "price"
    assert order("-context") == "-context"
    assert order("nonsense") == order(None) == "-score"
