from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub.catalog import Catalog
from llmhub.catalog.store import read_catalog, set_aside, write_catalog
from llmhub.errors import CatalogError
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    Link,
    Price,
    PriceTier,
    Provenance,
    ProviderListing,
    Score,
    SourceState,
)


def full_model(model_id: str = "gpt-4o") -> CanonicalModel:
    return CanonicalModel(
        canonical_id=f"openai:{model_id}",
        provider="openai",
        model_id=model_id,
        display_name="GPT-4o – „omni“",
        cost_tier=4,
        arena_score=1345.5,
        price_state="known",
        price_input_per_million=2.5,
        price=Price(input=2.5, output=10.0, tiers=(PriceTier(above_tokens=272_000, input=5.0),)),
        supports_tool_call=False,
        input_modalities=("text", "image"),
        tags=("tools", "vision"),
        scores=(Score(board="text", category="overall", rating=1345.5, low=1340.0, high=None, mode="high"),),
        links=(Link(source="lmarena", name="gpt-4o", relation="exact", rule="same-tokens"),),
        provenance=(Provenance(field="price", source="models_dev", as_of="2026-07-02"),),
        tier_reasons={"cost_tier": "because"},
    )


def catalog_of(*models: CanonicalModel) -> Catalog:
    return Catalog(
        models={model.canonical_id: model for model in models},
        statistics=CatalogStatistics(quantiles={"overall": (1.0, 2.0, 3.0, 4.0)}, price_ratio=4.0),
        sources=(SourceState(name="models_dev", ok=True, records=2, as_of="2026-07-02"),),
        listings=(ProviderListing(provider="openai", outcome="no_key"),),
        unlinked={"yi-lightning": None, "gpt-9": "openai:gpt-4o"},
        warnings=("a warning",),
        built_at="2026-11-23T12:00:00+00:00",
        fingerprint="0123456789abcdef",
    )


def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "catalog.json"
    minimal = CanonicalModel(
        canonical_id="bedrock:amazon.nova-lite-v1:0", provider="bedrock", model_id="amazon.nova-lite-v1:0"
    )
    catalog = catalog_of(full_model(), full_model("gpt-4o-again"), minimal)
    write_catalog(catalog, path)
    stored = read_catalog(path)
    assert stored is not None
    assert dict(stored.models) == dict(catalog.models)
    for name in ("statistics", "sources", "listings", "unlinked", "warnings", "built_at", "fingerprint"):
        assert getattr(stored, name) == getattr(catalog, name), name


def test_no_file_is_no_catalog(tmp_path: Path) -> None:
    assert read_catalog(tmp_path / "catalog.json") is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"format": 1}', '{"format": 1, "models": 3, "shared": []}', "\x00"]
)
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(content)
    with pytest.raises(CatalogError, match=r"catalog\.json (is damaged|has format)"):
        read_catalog(path)


def test_a_file_of_a_later_version_is_not_read_as_if_it_were_ours(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(CatalogError, match="has format 99; this version of LLM Hub reads 2 and earlier"):
        read_catalog(path)


def test_a_column_that_this_version_does_not_know_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    document = json.loads(path.read_text())
    document["columns"].append("future_fact")
    for row in document["models"].values():
        row.append("something")
    path.write_text(json.dumps(document))
    stored = read_catalog(path)
    assert stored is not None
    assert stored.models["openai:gpt-4o"] == full_model()


def test_a_damaged_row_is_told_when_it_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    document = json.loads(path.read_text())
    document["models"]["openai:gpt-4o"] = [1, 2]
    path.write_text(json.dumps(document))
    stored = read_catalog(path)
    assert stored is not None
    with pytest.raises(CatalogError, match="Run `llmhub catalog refresh`"):
        stored.models["openai:gpt-4o"]


def test_a_file_that_cannot_be_used_is_set_aside_and_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    path.write_text("{")
    aside = set_aside(path)
    assert (path.exists(), aside.read_text()) == (False, "{")
    path.write_text("[")
    again = set_aside(path)
    assert (aside.read_text(), again.read_text()) == ("{", "["), "one that was set aside before is not lost, either"


@settings(deadline=None)  # it waits for the disk
@given(
    st.text(st.characters(), min_size=1, max_size=20),
    st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
)
def test_any_model_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, model_id: str, price: float | None
) -> None:
    path = tmp_path_factory.mktemp("store") / "catalog.json"
    model = CanonicalModel(
        canonical_id=f"host:{model_id}", provider="host", model_id=model_id, price_output_per_million=price
    )
    write_catalog(catalog_of(model), path)
    stored = read_catalog(path)
    assert stored is not None
    assert dict(stored.models) == {f"host:{model_id}": model}


def test_age_is_told_and_after_a_day_a_catalog_is_stale() -> None:
    catalog = catalog_of()
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert catalog.age(noon + timedelta(hours=5)) == timedelta(hours=5)
    assert not catalog.is_stale(noon + timedelta(hours=24))
    assert catalog.is_stale(noon + timedelta(hours=25))


def test_a_catalog_from_the_future_has_no_negative_age_and_is_stale() -> None:
    catalog = catalog_of()
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert catalog.age(noon - timedelta(days=3)) == timedelta(0)
    assert catalog.is_stale(noon - timedelta(days=3))
    assert not catalog.is_stale(noon - timedelta(minutes=2)), "the clocks of two machines are never the same"


ODD_IDS = ('quoted":["id', "back\\slash", "new\nline", "ünïcode", "comma,", '"', "a:b:c", "{}")


def test_each_model_has_a_line_of_its_own_in_what_is_json_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    models = [full_model(name) for name in ("gpt-4o", *ODD_IDS)]
    write_catalog(catalog_of(*models), path)
    document = json.loads(path.read_text())
    assert list(document["models"]) == [model.canonical_id for model in models]
    lines = path.read_text().splitlines()
    assert sum(line.startswith('"openai:') for line in lines) == len(models)
    stored = read_catalog(path)
    assert stored is not None
    assert dict(stored.models) == {model.canonical_id: model for model in models}


def test_a_file_that_has_lost_its_layout_is_read_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    models = [full_model(name) for name in ODD_IDS]
    write_catalog(catalog_of(*models), path)
    document = json.loads(path.read_text())
    for text in (json.dumps(document), json.dumps(document, indent=2), json.dumps(dict(reversed(document.items())))):
        path.write_text(text)
        stored = read_catalog(path)
        assert stored is not None
        assert list(stored.models.values()) == models


def test_a_line_that_is_missing_or_damaged_is_noticed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(*(full_model(f"m-{number}") for number in range(9))), path)
    content = path.read_bytes()
    lines = content.split(b"\n")
    for damaged in (content[:-40], content.replace(b"m-3", b"\xff-3"), b"\n".join(lines[:5] + lines[7:-3])):
        path.write_bytes(damaged)
        with pytest.raises(CatalogError, match="is damaged"):
            read_catalog(path)


def test_a_catalog_without_models_is_one(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(), path)
    stored = read_catalog(path)
    assert stored is not None
    assert len(stored.models) == 0
    assert stored.unlinked == catalog_of().unlinked


def test_what_cannot_be_written_is_an_error_with_its_place_and_reason(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file")
    (tmp_path / "catalog.json").mkdir()
    for path in (tmp_path / "in-the-way" / "catalog.json", tmp_path / "catalog.json"):
        with pytest.raises(CatalogError, match=r"cannot write .*catalog\.json: \w+"):
            write_catalog(catalog_of(full_model()), path)
    assert list(tmp_path.glob(".*")) == []


def test_no_byte_of_it_can_change_unnoticed(tmp_path: Path) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        try:
            stored = read_catalog(path)
        except CatalogError:
            continue
        # What holds the checksums themselves may change, and what stands between words; then nothing else did.
        assert stored is not None
        assert dict(stored.models) == {"openai:gpt-4o": full_model()}, at
        assert stored.statistics == catalog_of().statistics


@pytest.mark.parametrize(
    ("column", "odd"),
    [
        ("supports_reasoning", "NaN"),
        ("context_tokens", "many"),
        ("arena_score", float("nan")),
        ("price_state", "free"),
        ("tags", -1),
        ("price", True),
        ("display_name", [[[]]]),
    ],
)
def test_in_a_file_without_layout_a_value_of_another_type_is_damage(tmp_path: Path, column: str, odd: object) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    document = json.loads(path.read_text())
    document["models"]["openai:gpt-4o"][document["columns"].index(column)] = odd
    path.write_text(json.dumps(document))
    stored = read_catalog(path)
    assert stored is not None
    with pytest.raises(CatalogError, match="is damaged at 'openai:gpt-4o'"):
        stored.models["openai:gpt-4o"]


@pytest.mark.parametrize(
    "change",
    [
        {"built_at": "yesterday"},
        {"built_at": "2026-11-23T12:00:00"},
        {"warnings": [1]},
        {"unlinked": {"a": 1}},
        {"sources": [{"name": "a", "ok": "yes"}]},
        {"statistics": {"quantiles": {"overall": [1, 2, 3]}}},
        {"statistics": {"quantiles": {"overall": [1, 2, 3, "4"]}}},
        {"columns": 3},
        {"models": {"no-canonical-id": []}},
    ],
)
def test_a_head_that_makes_no_sense_is_damage(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "catalog.json"
    write_catalog(catalog_of(full_model()), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(CatalogError, match="is damaged"):
        dict(read_catalog(path).models)  # type: ignore[union-attr]
