"""Every model as plain values: all fields, in JSON and in CSV."""

from __future__ import annotations

import csv
import io
import json

import attrs

from llmhub.catalog import Catalog
from llmhub.catalog.availability import by_provider
from llmhub.catalog.export import COLUMNS, as_csv, as_json, detailed_row, row
from llmhub.records.model import CanonicalModel, CatalogStatistics, Link, Price, Provenance, ProviderListing, Score

MODEL = CanonicalModel(
    canonical_id="openai:gpt-4.1",
    provider="openai",
    model_id="gpt-4.1",
    price_state="known",
    price=Price(input=2.0, output=8.0),
    supports_tool_call=True,
    tags=("tools", "vision"),
    scores=(Score(board="text", category="overall", rating=1412.0),),
    links=(Link(source="lmarena", name="gpt-4.1-2025-04-14", relation="alias", rule="only-snapshot"),),
    provenance=(Provenance(field="model_id", source="anyllm"),),
)
BARE = CanonicalModel(canonical_id='x:m,"1"', provider="x", model_id='m,"1"')
LISTINGS = (ProviderListing(provider="openai", outcome="listed", detail="1 models"),)


def catalog() -> Catalog:
    models = {one.canonical_id: one for one in (MODEL, BARE)}
    return Catalog(models=models, statistics=CatalogStatistics(quantiles={}), listings=LISTINGS)


def test_a_row_has_all_fields_and_whether_it_can_be_called() -> None:
    fields = [field.name for field in attrs.fields(CanonicalModel)]
    detailed = detailed_row(MODEL, by_provider(LISTINGS))
    assert list(detailed) == [*fields, "callable", "callable_reason"] == list(COLUMNS)
    assert detailed["callable"] is True
    assert detailed["callable_reason"] == "listed"
    assert detailed["provenance"][0]["source"] == "anyllm"
    plain = row(MODEL, by_provider(LISTINGS))
    assert plain == {name: value for name, value in detailed.items() if name != "provenance"}


def test_a_link_tells_source_name_relation_mode_and_rule() -> None:
    (link,) = row(MODEL, {})["links"]
    assert link == {
        "source": "lmarena",
        "name": "gpt-4.1-2025-04-14",
        "relation": "alias",
        "mode": "",
        "rule": "only-snapshot",
        "reason": "",
    }


def test_json_is_a_list_with_one_model_to_a_line() -> None:
    text = catalog().to_json()
    rows = json.loads(text)
    assert [one["canonical_id"] for one in rows] == ["openai:gpt-4.1", 'x:m,"1"']
    assert len(text.splitlines()) == len(rows) + 2
    assert rows[1]["price_input_per_million"] is None
    assert (rows[1]["callable"], rows[1]["callable_reason"]) == (False, "not_asked")
    assert json.loads(as_json([])) == []


def test_csv_has_the_same_columns_and_leaves_the_unknown_empty() -> None:
    rows = [row(one, by_provider(LISTINGS)) for one in (MODEL, BARE)]
    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert list(read[0]) == [name for name in COLUMNS if name != "provenance"]
    assert read[0]["tags"] == "tools vision"
    assert read[0]["supports_tool_call"] == "true"
    assert json.loads(read[0]["links"]) == list(rows[0]["links"])
    assert json.loads(read[0]["price"])["input"] == 2.0
    assert read[1]["canonical_id"] == 'x:m,"1"'
    assert read[1]["context_tokens"] == read[1]["price"] == read[1]["links"] == ""
    assert as_csv([]).splitlines()[0].split(",")[0] == "canonical_id"
