"""What of the catalog a visitor looks at."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub_server.page.selection import TIERS, Selection, address, from_query, passing, searched, to_query

NAMES = st.text(min_size=1, max_size=12).filter(lambda name: "," not in name)
SELECTIONS = st.builds(
    Selection,
    text=st.text(max_size=30).map(str.strip),
    providers=st.lists(NAMES, unique=True, max_size=3).map(tuple),
    tags=st.lists(NAMES, unique=True, max_size=3).map(tuple),
    max_price=st.none() | st.integers(0, 10**6).map(lambda cents: cents / 100),
    min_context=st.none() | st.integers(0, 10**8),
    tiers=st.dictionaries(st.sampled_from(TIERS), st.integers(1, 5)).map(
        lambda tiers: tuple((name, tiers[name]) for name in TIERS if name in tiers)
    ),
    live=st.booleans(),
)


@given(SELECTIONS)
def test_an_address_tells_the_whole_selection(selection) -> None:
    query = dict(parse_qsl(urlsplit(address("/", to_query(selection))).query, keep_blank_values=True))
    assert from_query(query) == selection


@given(st.dictionaries(st.sampled_from(["q", "provider", "tags", "price", "context", *TIERS, "live"]), st.text()))
def test_whatever_stands_in_an_address_it_is_read_as_some_selection(query) -> None:
    assert isinstance(from_query(query), Selection)


@pytest.mark.parametrize("price", ["nan", "inf", "-1", "cheap", ""])
def test_a_price_that_is_none_asks_nothing(price) -> None:
    assert from_query({"price": price}) == Selection()


def ids(catalog, **asked):
    models = tuple(catalog)
    places = passing([searched(model, 3.0) for model in models], Selection(**asked))
    return [models[place].canonical_id for place in places]


def test_nothing_asked_lets_every_model_pass(few_models) -> None:
    assert ids(few_models) == list(few_models.models)


def test_all_words_of_the_text_must_be_there_in_id_name_family_or_tags(few_models) -> None:
    assert ids(few_models, text="GPT mini") == ["openai:gpt-4.1-mini"]
    assert ids(few_models, text="reasoning") == ["anthropic:claude-opus-4-5"]
    assert ids(few_models, text="gpt claude") == []


def test_one_of_the_providers_and_all_of_the_tags_are_asked_for(few_models) -> None:
    assert ids(few_models, providers=("openai", "anthropic"), tags=("tools", "reasoning")) == [
        "anthropic:claude-opus-4-5"
    ]


def test_what_is_unknown_satisfies_no_limit(few_models) -> None:
    assert "office:unpriced" not in ids(few_models, max_price=1e9)
    assert "office:planned" not in ids(few_models, max_price=1e9)
    assert "office:unpriced" not in ids(few_models, min_context=1)
    assert "office:long" not in ids(few_models, tiers=(("quality", 5),))


def test_limits_take_in_their_own_value(few_models) -> None:
    assert "openai:gpt-4.1" in ids(few_models, max_price=3.5)
    assert "openai:gpt-4.1" not in ids(few_models, max_price=3.49)
    assert ids(few_models, min_context=1_047_576) == ["openai:gpt-4.1", "openai:gpt-4.1-mini"]
    assert ids(few_models, tiers=(("quality", 1), ("cost", 4))) == ["openai:gpt-4.1"]


def test_deprecated_models_are_left_out_where_only_live_ones_are_asked_for(few_models) -> None:
    assert "office:old" in ids(few_models)
    assert "office:old" not in ids(few_models, live=True)


@given(SELECTIONS)
def test_what_passes_keeps_its_order_and_asking_more_lets_fewer_pass(few_models, selection) -> None:
    everything = [searched(model, 3.0) for model in few_models]
    found = passing(everything, selection)
    assert found == sorted(set(found))
    assert set(found) <= set(passing(everything, Selection(text=selection.text)))
