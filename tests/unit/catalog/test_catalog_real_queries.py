"""What can be asked of a catalog, asked of the one that the real files make."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from llmhub.catalog import Catalog, refresh_catalog
from llmhub.catalog.alternatives import alternatives
from llmhub.catalog.explain import explain
from llmhub.catalog.lifecycle import successor
from llmhub.records.measures import is_live


@pytest.fixture(scope="module")
def catalog(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    keyless = {name: value for name, value in os.environ.items() if not name.endswith(("_KEY", "_TOKEN", "_HOST"))}
    return refresh_catalog(
        {
            **keyless,
            "LLMHUB_CACHE_DIR": str(tmp_path_factory.mktemp("catalog")),
            "LLMHUB_MODELS_DEV_URL": (real_data / "models.dev" / "api.json").as_uri(),
            "LLMHUB_ARENA_URL": (real_data / "arena").as_uri(),
        }
    )


def test_the_same_model_is_found_at_its_other_hosts_and_no_other_model(catalog: Catalog) -> None:
    model = catalog.lookup("anthropic:claude-sonnet-4-5")
    assert model is not None
    offers = catalog.offers(model)
    assert {"bedrock", "openrouter", "vertexaianthropic"} <= {offer.provider for offer in offers}
    assert all("sonnet" in offer.model_id and "4" in offer.model_id for offer in offers)


def test_every_model_is_its_offers_offer(catalog: Catalog) -> None:
    for name in ("openai:gpt-4.1", "groq:openai/gpt-oss-120b", "deepseek:deepseek-chat", "openai:gpt-4o"):
        model = catalog.models[name]
        for offer in catalog.offers(model):
            assert model in catalog.offers(offer)


def test_a_successor_is_live_later_and_of_the_same_provider(catalog: Catalog) -> None:
    found = {model.canonical_id: successor(model, catalog.models) for model in catalog if not is_live(model)}
    assert sum(one is not None for one in found.values()) >= 10
    for key, one in found.items():
        if one is not None:
            assert one.model.provider == key.partition(":")[0]
            assert is_live(one.model)
            assert (one.model.release_date or "") > (catalog.models[key].release_date or "")


def test_every_unlinked_model_can_be_explained(catalog: Catalog) -> None:
    unlinked = [model for model in catalog if not model.links and model.provider in ("openai", "gemini")]
    assert unlinked
    for model in unlinked[:20]:
        told = explain(model, catalog, catalog.board_names())
        assert told.links == {}
        assert told.nearest is None or all(told.nearest.reasons)


def test_an_export_has_every_model_with_all_links_to_the_one_board(catalog: Catalog) -> None:
    rows = json.loads(catalog.to_json())
    assert len(rows) == len(catalog) > 1_000
    assert {link["source"] for row in rows for link in row["links"]} == {"lmarena"}
    assert all(isinstance(row["callable"], bool) and row["callable_reason"] for row in rows)


def test_a_well_known_model_has_offers_elsewhere_and_cheaper_alternatives(catalog: Catalog) -> None:
    model = catalog.models["openai:gpt-4.1"]
    assert catalog.offers(model)
    assert alternatives(model, catalog.models, 3.0).cheaper
