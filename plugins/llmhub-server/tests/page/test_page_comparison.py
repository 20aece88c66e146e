"""Models side by side."""

from __future__ import annotations

from llmhub_server.page.comparison import compared, named


def lines(catalog, *names):
    return {line.name: line for line in compared([catalog.models[name] for name in names], 3.0)}


def test_lines_that_differ_are_marked(few_models) -> None:
    found = lines(few_models, "openai:gpt-4.1", "openai:gpt-4.1-mini")
    assert found["Input"].values == ("$2.00", "$0.40")
    assert found["Input"].differs
    assert not found["Context"].differs


def test_known_and_unknown_differ(few_models) -> None:
    line = lines(few_models, "openai:gpt-4.1", "office:unpriced")["Context"]
    assert line.values == ("1,047,576 tokens", "-")
    assert line.differs


def test_what_nobody_states_of_any_model_has_no_line(few_models) -> None:
    assert "Knowledge until" not in lines(few_models, "openai:gpt-4.1", "openai:gpt-4.1-mini")


def test_the_address_names_each_model_once_and_no_more_than_four() -> None:
    assert named({"models": "a:1,b:2,a:1,,c:3,d:4,e:5"}) == ("a:1", "b:2", "c:3", "d:4")
    assert named({}) == ()
