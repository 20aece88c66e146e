"""Every odd value that the real file is known to hold, counted in what was read of it.

The figures are those of the file of 2026-07-02. Small samples of the same oddities: test_models_dev_document.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin.models_dev.document import Document, ListedModel, read_document
from llmhub.records.model import ModelFacts, Price

FILE = Path(__file__).parents[3] / "../shared/data/models.dev/api.json"


@pytest.fixture(scope="module")
def raw() -> Mapping[str, Any]:
    if not FILE.is_file():
        pytest.skip(f"the real file is not at hand ({FILE})")
    content: Mapping[str, Any] = json.loads(FILE.read_bytes())
    return content


@pytest.fixture(scope="module")
def document(raw: Mapping[str, Any]) -> Document:
    return read_document(raw)


def price_of(model: ListedModel) -> Price:
    return model.facts.price or Price()


def is_zero(model: ListedModel) -> bool:
    return (price_of(model).input, price_of(model).output) == (0.0, 0.0)


PRICES: Mapping[str, tuple[Callable[[Price], bool], int]] = {
    "zero for input and output": (lambda p: (p.input, p.output) == (0.0, 0.0), 432),
    "output for nothing": (lambda p: bool(p.input) and p.output == 0, 48),
    "output cheaper than input": (lambda p: bool(p.output) and p.output < (p.input or 0), 6),
    "cache reads dearer than input": (lambda p: (p.cache_read or 0) > (p.input or 0), 2),
    "cache reads for nothing, input not": (lambda p: p.cache_read == 0 and bool(p.input), 7),
    "cache writes for nothing": (lambda p: p.cache_write == 0 and bool(p.input), 76),
    "reasoning priced apart from output": (lambda p: p.reasoning not in (None, p.output), 27),
    "with tiers": (lambda p: bool(p.tiers), 190),
    "with two tiers": (lambda p: len(p.tiers) == 2, 4),
    "with a price of input audio": (lambda p: p.input_audio is not None, 58),
    "with a price of output audio": (lambda p: p.output_audio is not None, 15),
}

FACTS: Mapping[str, tuple[Callable[[ModelFacts], bool], int]] = {
    "no cost, which is unknown and not zero": (lambda f: f.price is None, 382),
    "no known context": (lambda f: f.context_tokens is None, 94),
    "no known output limit": (lambda f: f.max_output_tokens is None, 156),
    "more output than context": (
        # 94 with the 10 whose context is written as 0, that is, not known
        lambda f: (f.max_output_tokens or 0) > (f.context_tokens or 10**9),
        84,
    ),
    "output as long as the context": (
        # 957 with the 84 that write 0 for both
        lambda f: f.context_tokens is not None and f.max_output_tokens == f.context_tokens,
        873,
    ),
    "a context of 99,999,999": (lambda f: f.context_tokens == 99_999_999, 1),
    "released in a month, no day": (lambda f: len(f.release_date or "") == 7, 168),
    "updated in a month, no day": (lambda f: len(f.last_updated or "") == 7, 189),
    "no text among its outputs": (lambda f: "text" not in f.output_modalities, 159),
    "reasoning": (lambda f: f.supports_reasoning is True, 3186),
    "deprecated": (lambda f: f.status == "deprecated", 121),
    "beta": (lambda f: f.status == "beta", 35),
    "alpha": (lambda f: f.status == "alpha", 2),
    "with a limit on input": (lambda f: f.max_input_tokens is not None, 964),
    "with a cut-off of knowledge": (lambda f: f.knowledge_cutoff is not None, 2605),
}

NAMES: Mapping[str, tuple[Callable[[str], bool], int]] = {
    "with a slash": (lambda name: "/" in name, 2893),
    "with capitals": (lambda name: name != name.lower(), 649),
    "with a colon": (lambda name: ":" in name, 170),
    "with an at sign": (lambda name: "@" in name, 89),
}


def bare(model_id: str) -> str:
    """The id without the maker before it and the offer after it."""
    return model_id.rpartition("/")[2].partition(":")[0].lower()


def test_all_of_its_models_are_read_and_nothing_is_left_out(document: Document) -> None:
    assert (len(document.models), len({model.provider for model in document.models})) == (5276, 147)
    assert document.quarantined == ()


@pytest.mark.parametrize("oddity", PRICES)
def test_odd_prices_are_kept_as_they_stand(document: Document, oddity: str) -> None:
    holds, count = PRICES[oddity]
    assert sum(holds(model.facts.price) for model in document.models if model.facts.price is not None) == count


@pytest.mark.parametrize("oddity", FACTS)
def test_odd_facts_are_kept_and_the_unknown_stays_unknown(document: Document, oddity: str) -> None:
    holds, count = FACTS[oddity]
    assert sum(holds(model.facts) for model in document.models) == count


@pytest.mark.parametrize("oddity", NAMES)
def test_ids_are_kept_as_they_are_written(document: Document, oddity: str) -> None:
    holds, count = NAMES[oddity]
    assert sum(holds(model.model_id) for model in document.models) == count


def test_one_id_stands_at_many_providers(document: Document) -> None:
    assert len({model.model_id for model in document.models}) == 2676


def test_zero_has_three_meanings_and_most_of_it_can_be_told_apart(document: Document) -> None:
    zero = [model for model in document.models if is_zero(model)]
    paid = {model.model_id for model in document.models if (price_of(model).input or 0) + (price_of(model).output or 0)}
    charging = {model.provider for model in document.models if model.model_id in paid and not is_zero(model)}
    charging &= {model.provider for model in document.models if model.facts.price is not None and not is_zero(model)}
    all_zero = [model for model in zero if model.provider not in charging]
    assert (len(all_zero), len({model.provider for model in all_zero})) == (219, 25)
    sold = {bare(name) for name in paid}
    assert sum(bare(model.model_id) in sold for model in zero) == 247


def test_a_tier_begins_where_its_size_says(document: Document) -> None:
    sizes = Counter(tier.above_tokens for model in document.models for tier in price_of(model).tiers)
    assert sizes == {200_000: 103, 272_000: 42, 256_000: 36, 128_000: 6, 512_000: 3, 32_000: 4}


def test_the_field_that_says_200k_is_not_believed(raw: Mapping[str, Any], document: Document) -> None:
    tiers = {(model.provider, model.model_id): price_of(model).tiers for model in document.models}
    misnamed = [
        tiers[provider, model_id]
        for provider, listed in raw.items()
        for model_id, entry in listed["models"].items()
        if "context_over_200k" in (entry.get("cost") or {})
        and [tier.above_tokens for tier in tiers[provider, model_id]] != [200_000]
    ]
    assert len(misnamed) == 81


@pytest.mark.parametrize(
    ("provider", "model_id", "field", "value"),
    [
        ("azure", "claude-opus-4-1", "release_date", "2025-11-18"),  # the day of hosting
        ("openai", "gpt-4", "release_date", "2023-11-06"),  # wrong
        ("databricks", "databricks-claude-sonnet-4", "display_name", "Claude Sonnet 4.5"),  # named like another
    ],
)
def test_what_the_file_has_wrong_is_read_as_it_says(
    document: Document, provider: str, model_id: str, field: str, value: str
) -> None:
    (found,) = (model for model in document.models if (model.provider, model.model_id) == (provider, model_id))
    assert getattr(found.facts, field) == value


def test_the_beginning_of_unix_time_occurs_as_a_date(document: Document) -> None:
    assert any(model.facts.release_date == "1970-01-01" for model in document.models)


def test_keys_and_shapes_that_are_not_read_do_not_hinder(raw: Mapping[str, Any], document: Document) -> None:
    entries = [entry for listed in raw.values() for entry in listed["models"].values()]
    interleaved = Counter(type(entry["interleaved"]).__name__ for entry in entries if "interleaved" in entry)
    efforts = {
        value
        for entry in entries
        for option in entry.get("reasoning_options", ())
        for value in option.get("values", ())
    }
    assert interleaved == {"dict": 526, "bool": 31}
    assert {"none", "max", None, "default"} <= efforts
    assert sum("provider" in entry for entry in entries) == 165
    assert len(document.models) == len(entries)
