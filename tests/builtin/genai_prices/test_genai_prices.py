from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin import genai_prices
from llmhub.builtin.genai_prices.prices import exact_ids, price_on
from llmhub.builtin.genai_prices.providers import ANY_LLM_PROVIDERS
from llmhub.builtin.genai_prices.source import load, read
from llmhub.catalog import build_catalog
from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import CanonicalModel, ModelFacts, ModelRecord, Price, PriceTier, SourceLoad

TODAY = date(2026, 11, 23)


def context(*providers: str) -> SourceContext:
    def fetch(url: str, **_: Any) -> Any:
        raise AssertionError(f"{url} was asked for")

    return SourceContext(
        environ={},
        now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        fetch_json=fetch,
        progress=lambda _: None,
        offline=True,
        providers=providers,
    )


def prices(**rates: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{name: Decimal(str(rate)) if isinstance(rate, (int, float)) else rate for name, rate in rates.items()}
    )


def tiered(base: float, start: int, price: float) -> SimpleNamespace:
    tier = SimpleNamespace(start=start, price=Decimal(str(price)))
    return SimpleNamespace(base=Decimal(str(base)), tiers=[tier])


def entry(model_id: str, stated: Any, *also: str, match: Any = None) -> SimpleNamespace:
    clauses = [SimpleNamespace(equals=name) for name in also]
    return SimpleNamespace(id=model_id, match=match or SimpleNamespace(or_=clauses), prices=stated)


def provider(name: str, *models: Any) -> SimpleNamespace:
    return SimpleNamespace(id=name, models=list(models))


def test_only_ids_named_in_full_count_and_patterns_never() -> None:
    match = SimpleNamespace(
        or_=[
            SimpleNamespace(equals="gpt-x-2026"),
            SimpleNamespace(starts_with="gpt-x"),
            SimpleNamespace(contains="gpt"),
        ]
    )
    assert exact_ids(entry("gpt-x", prices(), match=match)) == ("gpt-x", "gpt-x-2026")
    assert exact_ids(entry("gpt-y", prices(), match=SimpleNamespace(starts_with="gpt-y"))) == ("gpt-y",)


@pytest.mark.parametrize(
    ("stated", "price"),
    [
        (
            prices(input_mtok=2.5, output_mtok=10, cache_read_mtok=1.25, cache_write_mtok=3),
            Price(input=2.5, output=10.0, cache_read=1.25, cache_write=3.0),
        ),
        (prices(input_mtok=0.02), Price(input=0.02)),
        (prices(requests_kcount=5), None),
        (
            prices(input_mtok=tiered(2.5, 272_000, 5), output_mtok=tiered(15, 272_000, 22.5)),
            Price(input=2.5, output=15.0, tiers=(PriceTier(above_tokens=272_000, input=5.0, output=22.5),)),
        ),
    ],
)
def test_a_price_is_read_with_its_tiers(stated: Any, price: Price | None) -> None:
    assert price_on(entry("gpt-x", stated), TODAY) == price


@pytest.mark.parametrize(("day", "rate"), [(date(2026, 11, 22), 10.0), (date(2026, 11, 23), 2.0)])
def test_of_dated_prices_the_one_in_force_counts_and_those_of_the_night_do_not(day: date, rate: float) -> None:
    dated = [
        SimpleNamespace(constraint=None, prices=prices(input_mtok=10)),
        SimpleNamespace(constraint=SimpleNamespace(start_date=TODAY), prices=prices(input_mtok=2)),
        SimpleNamespace(constraint=SimpleNamespace(start_time="16:30", end_time="0:30"), prices=prices(input_mtok=1)),
    ]
    assert price_on(entry("gpt-x", dated), day) == Price(input=rate)


def test_prices_stand_under_the_names_any_llm_has_for_their_providers() -> None:
    loaded = read([provider("google", entry("gemini-x", prices(input_mtok=1))), provider("novita")], context())
    assert [(record.provider, record.model_id) for record in loaded.records] == [
        ("gemini", "gemini-x"),
        ("vertexai", "gemini-x"),
        ("vertexaianthropic", "gemini-x"),
    ]
    only = read([provider("google", entry("gemini-x", prices(input_mtok=1)))], context("gemini"))
    assert [record.provider for record in only.records] == ["gemini"]


def test_every_target_of_the_mapping_is_a_provider_any_llm_has() -> None:
    assert {name for names in ANY_LLM_PROVIDERS.values() for name in names} <= set(PROVIDER_NAMES)


def test_an_entry_that_makes_no_sense_is_left_out_and_named() -> None:
    broken = SimpleNamespace(id="odd", match=None, prices=prices(input_mtok="a lot"))
    loaded = read([provider("openai", broken, entry("gpt-x", prices(input_mtok=1)))], context())
    assert [record.model_id for record in loaded.records] == ["gpt-x"]
    assert loaded.quarantined[0].startswith("openai/odd: ")
    with pytest.raises(SourceError, match="unknown shape"):
        read([provider("openai", broken)], context())


def catalog_with_witness(listed: Price | None, witnessed: Price) -> CanonicalModel:
    def state(name: str, *models: tuple[str, Price | None], **options: Any) -> CatalogSource:
        records = tuple(
            ModelRecord(source=name, provider="openai", model_id=model_id, facts=ModelFacts(price=price))
            for model_id, price in models
        )
        return CatalogSource(name=name, load=lambda _: SourceLoad(records=records), **options)

    catalog = build_catalog(
        [
            state("models_dev", ("gpt-x", listed), priority=60),
            state("genai_prices", ("gpt-x", witnessed), ("gpt-only-here", witnessed), priority=5, witness=True),
        ],
        [],
        context(),
    )
    assert list(catalog.models) == ["openai:gpt-x"], "a witness adds no model"
    told = {state.name: state.detail for state in catalog.sources}["genai_prices"]
    model = catalog.models["openai:gpt-x"]
    (origin,) = (one for one in model.provenance if one.field == "price")
    contradiction = f"(first: openai:gpt-x: {origin.rule.partition('; ')[2]})"
    if origin.source == "genai_prices":
        assert told == "0 prices confirmed, 0 contradicted, 1 filled in"
    elif "agrees" in origin.rule:
        assert told == "1 prices confirmed, 0 contradicted, 0 filled in"
    else:
        assert told == f"0 prices confirmed, 1 contradicted {contradiction}, 0 filled in"
    return model


@pytest.mark.parametrize(
    ("listed", "counts", "source", "rule"),
    [
        (Price(input=2.5, output=10.0), 2.5, "models_dev", "known; genai_prices agrees"),
        (Price(input=2.51, output=10.04), 2.51, "models_dev", "known; genai_prices agrees"),
        (
            Price(input=2.5, output=12.0),
            2.5,
            "models_dev",
            "known; genai_prices states $2.5 and $10 for input and output",
        ),
        (None, 2.5, "genai_prices", "known"),
    ],
    ids=["equal", "rounded", "contradicted", "filled in"],
)
def test_the_listed_price_stays_and_what_the_witness_says_to_it_is_kept(
    listed: Price | None, counts: float, source: str, rule: str
) -> None:
    model = catalog_with_witness(listed, Price(input=2.5, output=10.0))
    (origin,) = (one for one in model.provenance if one.field == "price")
    assert (model.price_input_per_million, origin.source, origin.rule) == (counts, source, rule)


def test_the_installed_package_is_read_whole_without_network() -> None:
    loaded = load(context())
    assert len(loaded.records) > 1500
    assert loaded.quarantined == ()
    found = {(record.provider, record.model_id): record.facts.price for record in loaded.records}
    o3 = found["openai", "o3"]
    assert o3 is not None
    assert (o3.input, o3.output) == (2.0, 8.0), "the price of today, not that of the first day"
    assert ("anthropic", "claude-sonnet-4-5-fast") not in found, "a pattern of the package would take it in"


def test_it_is_a_witness_below_every_list_of_models() -> None:
    (source,) = genai_prices.llmhub_catalog_sources()
    assert (source.witness, source.priority) == (True, 5)


def test_offering_the_source_imports_nothing_of_the_package() -> None:
    script = (
        "import sys; from llmhub.builtin import genai_prices as g; g.llmhub_catalog_sources(); "
        "assert not {'genai_prices', 'pydantic', 'httpx2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize(("said", "status"), [(True, "deprecated"), (False, None), (None, None), ("soon", None)])
def test_a_model_that_it_calls_deprecated_is_that_unless_another_source_says_else(
    said: object, status: str | None
) -> None:
    old = entry("gpt-x", prices(input_mtok=1))
    old.deprecated = said
    loaded = read([provider("openai", old)], context())
    assert [record.facts.status for record in loaded.records] == [status]
