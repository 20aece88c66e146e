from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.builtin import models_dev
from llmhub.builtin.models_dev.providers import any_llm_providers
from llmhub.catalog import Catalog, build_catalog, load_catalog, refresh_catalog
from llmhub.catalog.diff import CatalogDiff, FieldChange, ModelChange, diff
from llmhub.catalog.generations import read_generation
from llmhub.records.context import SourceContext
from llmhub.records.model import CanonicalModel, CatalogStatistics, Price, PriceTier

MakeContext = Callable[..., SourceContext]


PRICE = Price(input=1.0, output=2.0)


def model(model_id: str, price: Price | None = PRICE, **facts: Any) -> CanonicalModel:
    if price is not None:
        facts["price_state"] = "known"
    return CanonicalModel(canonical_id=f"host:{model_id}", provider="host", model_id=model_id, price=price, **facts)


def catalog(*models: CanonicalModel) -> Catalog:
    return Catalog(models={one.canonical_id: one for one in models}, statistics=CatalogStatistics(quantiles={}))


def changes(*pairs: tuple[str, Any, Any]) -> tuple[ModelChange, ...]:
    fields = tuple(FieldChange(field=name, before=before, after=after) for name, before, after in pairs)
    return (ModelChange(canonical_id="host:a", fields=fields),)


def test_equal_catalogs_do_not_differ() -> None:
    found = diff(catalog(model("a"), model("b")), catalog(model("b"), model("a")))
    assert found == CatalogDiff()
    assert not found


def test_models_that_came_and_went_are_named() -> None:
    found = diff(catalog(model("a"), model("b")), catalog(model("b"), model("c")))
    assert (found.added, found.removed) == (("host:c",), ("host:a",))
    assert found.counts == {"added": 1, "removed": 1, "repriced": 0, "changed": 0}
    assert found


def test_a_model_that_is_only_remembered_counts_as_removed_and_as_added_when_it_is_back() -> None:
    gone = evolve(model("a"), retired_on="2026-11-23", status="retired")
    assert diff(catalog(model("a")), catalog(gone)).removed == ("host:a",)
    assert diff(catalog(gone), catalog(model("a"))).added == ("host:a",)
    assert diff(catalog(gone), catalog(gone)) == CatalogDiff()


@pytest.mark.parametrize(
    ("before", "after", "repriced"),
    [
        (PRICE, Price(input=1.0, output=3.0), ("output", 2.0, 3.0)),
        (PRICE, evolve(PRICE, cache_read=0.1), ("cache_read", None, 0.1)),
        (PRICE, evolve(PRICE, tiers=(PriceTier(above_tokens=9, input=2.0),)), ("input above 9", None, 2.0)),
    ],
)
def test_every_rate_of_a_price_counts(before: Price, after: Price, repriced: tuple[str, Any, Any]) -> None:
    found = diff(catalog(model("a", before)), catalog(model("a", after)))
    assert found == CatalogDiff(repriced=changes(repriced))


def test_a_price_that_comes_to_be_known_or_is_known_no_longer_is_a_change_of_price() -> None:
    known, unknown = model("a"), model("a", None)
    assert diff(catalog(unknown), catalog(known)).repriced == changes(("input", None, 1.0), ("output", None, 2.0))
    assert diff(catalog(known), catalog(unknown)).repriced == changes(("input", 1.0, None), ("output", 2.0, None))


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("context_tokens", 128_000, 200_000),
        ("max_output_tokens", None, 8_192),
        ("status", None, "deprecated"),
        ("supports_tool_call", False, True),
        ("input_modalities", ("text",), ("text", "image")),
        ("arena_score", 1400.0, 1410.5),
        ("price_state", "unknown", "included"),
    ],
)
def test_limits_status_abilities_and_scores_are_told_with_both_values(field: str, before: Any, after: Any) -> None:
    price = None if field == "price_state" else PRICE
    older, newer = model("a", price, **{field: before}), model("a", price, **{field: after})
    assert diff(catalog(older), catalog(newer)) == CatalogDiff(changed=changes((field, before, after)))


def test_tiers_and_origins_do_not_count() -> None:
    assert not diff(catalog(model("a", cost_tier=1)), catalog(model("a", cost_tier=2, tags=("tools",))))


# --- the real files, held against a count of the raw JSON that shares no code with the catalog ----------------------


def built_from(file: Path, make_context: MakeContext) -> Catalog:
    environ = {"LLMHUB_MODELS_DEV_URL": file.as_uri()}
    return build_catalog(models_dev.llmhub_catalog_sources(), [], make_context(environ))


def raw_models(file: Path) -> Mapping[str, Mapping[str, Any]]:
    return {
        f"{name}:{model_id}": entry
        for provider, listed in json.loads(file.read_bytes()).items()
        for model_id, entry in listed["models"].items()
        for name in any_llm_providers(provider, model_id)
    }


def raw_rates(entry: Mapping[str, Any]) -> list[Any]:
    cost = entry.get("cost") or {}
    names = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
    if not cost.get("input") and not cost.get("output"):
        return []  # zero in both is no price that could change
    tiers = sorted(
        (tier["tier"]["size"], *(tier.get(name) for name in ("input", "output", "cache_read", "cache_write")))
        for tier in cost.get("tiers", [])
    )
    return [*(cost.get(name) for name in names), tiers]


def raw_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    def facts(entry: Mapping[str, Any]) -> list[Any]:
        limits = [entry["limit"].get(name) or None for name in ("context", "input", "output")]
        abilities = [entry.get(name) for name in ("tool_call", "reasoning", "structured_output", "temperature")]
        return [limits, abilities, entry["modalities"], entry.get("open_weights"), entry.get("status")]

    return facts(before) != facts(after)


def but_for_price_states(found: Iterable[ModelChange]) -> set[str]:
    """A model without a price of its own is in a plan or not by what others cost: no single entry tells."""
    return {one.canonical_id for one in found if any(change.field != "price_state" for change in one.fields)}


@pytest.mark.parametrize("older", ["api-2025-12-17.json", "api-2026-06-01.json"])
def test_the_counts_between_the_real_files_agree_with_those_of_the_raw_json(
    older: str, real_data: Path, make_context: MakeContext
) -> None:
    before_file, after_file = real_data / "models.dev" / older, real_data / "models.dev" / "api.json"
    found = diff(built_from(before_file, make_context), built_from(after_file, make_context))
    before, after = raw_models(before_file), raw_models(after_file)
    both = before.keys() & after.keys()
    assert set(found.added) == after.keys() - before.keys()
    assert set(found.removed) == before.keys() - after.keys()
    assert {one.canonical_id for one in found.repriced} == {
        key for key in both if raw_rates(before[key]) != raw_rates(after[key])
    }
    assert but_for_price_states(found.changed) == {key for key in both if raw_changes(before[key], after[key])}
    assert min(found.counts.values()) > 0
    print(older, dict(found.counts))


@pytest.fixture(scope="module")
def a_year(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a machine that refreshed its catalog from each of the three files in turn."""
    folder = tmp_path_factory.mktemp("year")
    mirror = folder / "mirror.json"
    environ = {"LLMHUB_CACHE_DIR": str(folder / "kept"), "LLMHUB_MODELS_DEV_URL": str(mirror)}
    days = {date(2025, 12, 17): "api-2025-12-17", date(2026, 6, 1): "api-2026-06-01", date(2026, 7, 2): "api"}
    for day, file in days.items():
        mirror.unlink(missing_ok=True)
        mirror.symlink_to(real_data / f"models.dev/{file}.json")
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        made = refresh_catalog(environ, sources=("models_dev",), now=lambda now=noon: now)
        assert made.warnings == (), "a real year of change is no reason to refuse a download"
    return environ


@pytest.mark.parametrize("older", ["2025-12-17", "2026-06-01"])
def test_the_same_changes_are_found_between_the_catalogs_that_a_machine_kept(
    a_year: Mapping[str, str], older: str, real_data: Path
) -> None:
    now = load_catalog(a_year, now=lambda: datetime(2026, 7, 2, 13, tzinfo=UTC))
    found = diff(read_generation(a_year, older), now)
    before = raw_models(real_data / f"models.dev/api-{older}.json")
    after = raw_models(real_data / "models.dev/api.json")
    both = before.keys() & after.keys()
    assert set(found.added) == after.keys() - before.keys()
    assert set(found.removed) == before.keys() - after.keys(), "though their tombstones are in it"
    assert {one.canonical_id for one in found.repriced} == {
        key for key in both if raw_rates(before[key]) != raw_rates(after[key])
    }
    assert but_for_price_states(found.changed) == {key for key in both if raw_changes(before[key], after[key])}


def test_a_machine_remembers_every_model_it_ever_saw_with_the_day_it_was_gone(
    a_year: Mapping[str, str], real_data: Path
) -> None:
    december, june, july = (
        raw_models(real_data / f"models.dev/{file}.json").keys() for file in ("api-2025-12-17", "api-2026-06-01", "api")
    )
    now = load_catalog(a_year, now=lambda: datetime(2026, 7, 2, 13, tzinfo=UTC))
    retired = {model.canonical_id: model.retired_on for model in now if model.retired_on}
    assert retired == {
        **dict.fromkeys(december - june - july, "2026-06-01"),
        **dict.fromkeys((december | june) & june - july, "2026-07-02"),
    }
    assert set(now.models) == december | june | july
