"""What a catalog makes of all models of the real file, held against the raw JSON; the figures are of 2026-07-02."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin.models_dev.document import read_document
from llmhub.catalog.fusion import Statement, by_offer, fuse
from llmhub.catalog.statistics import catalog_statistics
from llmhub.records.model import CanonicalModel, ModelRecord


@pytest.fixture(scope="module")
def raw(real_data: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every entry of the file, by models.dev's own provider and the model's id."""
    return {
        f"{provider}:{model_id}": entry
        for provider, listed in json.loads((real_data / "models.dev/api.json").read_bytes()).items()
        for model_id, entry in listed["models"].items()
    }


@pytest.fixture(scope="module")
def models(real_data: Path) -> Mapping[str, CanonicalModel]:
    """The canonical models made of them, under the same keys."""
    document = read_document(json.loads((real_data / "models.dev/api.json").read_bytes()))
    statements = by_offer(
        Statement(
            record=ModelRecord(source="models_dev", provider=one.provider, model_id=one.model_id, facts=one.facts),
            priority=60,
        )
        for one in document.models
    )
    return {model.canonical_id: model for model in fuse(statements, (), {})}


def costs(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    cost = entry.get("cost")
    return None if cost is None else (cost["input"], cost["output"])


def test_every_model_of_the_file_is_a_canonical_model(
    raw: Mapping[str, Mapping[str, Any]], models: Mapping[str, CanonicalModel]
) -> None:
    assert len(models) == 5276
    assert models.keys() == raw.keys()


def test_there_are_three_kinds_of_prices_and_zero_is_none_of_the_known(
    raw: Mapping[str, Mapping[str, Any]], models: Mapping[str, CanonicalModel]
) -> None:
    kinds = Counter(
        ("no cost" if (cost := costs(raw[key])) is None else "zero" if not any(cost) else "paid", model.price_state)
        for key, model in models.items()
    )
    assert kinds == {
        ("no cost", "unknown"): 382,
        ("zero", "included"): 323,
        ("zero", "unknown"): 109,
        ("paid", "known"): 4462,
    }
    for model in models.values():
        if model.price_state != "known":
            assert (model.price_input_per_million, model.price_output_per_million) == (None, None)


def test_zero_is_included_in_a_plan_where_the_provider_charges_for_nothing(
    raw: Mapping[str, Mapping[str, Any]], models: Mapping[str, CanonicalModel]
) -> None:
    charging = {key.partition(":")[0] for key, entry in raw.items() if any(costs(entry) or ())}
    in_plans = {key for key, entry in raw.items() if costs(entry) == (0, 0) and key.partition(":")[0] not in charging}
    assert (len(in_plans), len({key.partition(":")[0] for key in in_plans})) == (219, 25)
    assert {models[key].price_state for key in in_plans} == {"included"}


def test_zero_is_included_where_the_same_model_costs_money_elsewhere(
    raw: Mapping[str, Mapping[str, Any]], models: Mapping[str, CanonicalModel]
) -> None:
    def bare(key: str) -> str:
        return key.partition(":")[2].rpartition("/")[2].partition(":")[0].lower()

    sold = {bare(key) for key, entry in raw.items() if any(costs(entry) or ())}
    same_id = {key for key, entry in raw.items() if costs(entry) == (0, 0) and bare(key) in sold}
    assert len(same_id) == 247
    # "auto" is whatever its host takes at that moment, and no model that anybody else sells.
    assert {key for key in same_id if models[key].price_state != "included"} == {
        "kilo:openrouter/auto",
        "orcarouter:orcarouter/auto",
    }


def test_zero_moves_no_cut_between_price_tiers(models: Mapping[str, CanonicalModel]) -> None:
    cuts = catalog_statistics(models.values()).quantiles["blended_price"]
    known = [model for model in models.values() if model.price_state == "known"]
    assert catalog_statistics(known).quantiles["blended_price"] == cuts
    assert cuts[0] > 0


def test_the_sizes_at_which_prices_change_are_kept(models: Mapping[str, CanonicalModel]) -> None:
    sizes = Counter(tier.above_tokens for model in models.values() if model.price for tier in model.price.tiers)
    assert sizes == {200_000: 103, 272_000: 42, 256_000: 36, 128_000: 6, 512_000: 3, 32_000: 4}


def test_statuses_are_kept(models: Mapping[str, CanonicalModel]) -> None:
    assert Counter(model.status for model in models.values()) == {None: 5118, "deprecated": 121, "beta": 35, "alpha": 2}
