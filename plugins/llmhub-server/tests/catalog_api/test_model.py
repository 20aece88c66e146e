"""`GET /api/models/{id}`, `/api/diff`, `/api/sources`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from llmhub.catalog.generations import keep_generation

from .conftest import MODELS, model


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai:gpt-4.1", "openai:gpt-4.1"),
        ("openai/gpt-4.1", "openai:gpt-4.1"),
        ("GPT-4.1", "openai:gpt-4.1"),
        ("openrouter:qwen/qwen3-32b:free", "openrouter:qwen/qwen3-32b:free"),
        ("groq%3Aqwen%2Fqwen3-32b", "groq:qwen/qwen3-32b"),
    ],
)
def test_a_model_is_found_by_its_id_with_slashes_and_colons_or_by_another_name(
    client: httpx.Client, name: str, expected: str
):
    answer = client.get(f"/api/models/{name}")
    assert answer.json()["model"]["canonical_id"] == expected


def test_all_facts_of_a_model_come_with_their_origins(client: httpx.Client):
    told = client.get("/api/models/gpt-4.1").json()
    assert {one["field"]: one["source"] for one in told["model"]["provenance"]}["scores"] == "lmarena"
    assert told["model"]["arena_as_of"] == "2026-11-01"
    assert told["model"]["links"][0]["rule"] == "equal"
    assert (told["model"]["callable"], told["model"]["callable_reason"]) == (False, "not_asked")
    assert [one["source"] for one in told["attribution"]] == ["models_dev", "lmarena"]


def test_offers_of_the_same_model_stand_beside_it(client: httpx.Client):
    told = client.get("/api/models/groq:qwen/qwen3-32b").json()
    assert [one["canonical_id"] for one in told["offers"]] == ["openrouter:qwen/qwen3-32b:free"]
    assert told["offers"][0]["price_input_per_million"] is None


def test_better_models_and_a_successor_stand_beside_one_on_its_way_out(client: httpx.Client):
    assert client.get("/api/models/gpt-4.1").json()["successor"] is None
    told = client.get("/api/models/openai:gpt-4o").json()
    assert [one["canonical_id"] for one in told["better"]] == ["openai:gpt-4.1"]


def test_an_unknown_model_is_answered_with_the_nearest(client: httpx.Client):
    answer = client.get("/api/models/openai:gpt-41")
    assert answer.status_code == 404
    assert answer.json()["nearest"][0] == "openai:gpt-4.1"


def test_a_name_of_several_models_is_answered_with_all_of_them(client: httpx.Client, stored: Callable[..., None]):
    stored(model("azure:big-1"), model("groq:big-1"), built_at="2026-11-22T00:00:00+00:00")
    answer = client.get("/api/models/big-1")
    assert answer.status_code == 404
    assert answer.json()["nearest"] == ["azure:big-1", "groq:big-1"]


def test_the_difference_to_the_catalog_before_is_told(
    client: httpx.Client, stored: Callable[..., None], environ: dict[str, str]
):
    missing = client.get("/api/diff")
    assert (missing.status_code, missing.json()["title"]) == (404, "there is no earlier catalog yet")
    folder = Path(environ["LLMHUB_CACHE_DIR"])
    keep_generation(folder / "catalog.json", folder / "generations")
    stored(
        model("openai:gpt-4.1", (1, 8), 1413, context_tokens=2_000_000),
        model("openai:new", (1, 2)),
        built_at="2026-11-22T00:00:00+00:00",
    )
    told = client.get("/api/diff").json()
    assert told["added"] == ["openai:new"]
    assert len(told["removed"]) == len(MODELS) - 2  # one stays, one was retired before
    assert told["repriced"][0] == {
        "canonical_id": "openai:gpt-4.1",
        "fields": [{"field": "input", "before": 2, "after": 1}],
    }
    assert {"field": "context_tokens", "before": 1_047_576, "after": 2_000_000} in told["changed"][0]["fields"]
    assert told["counts"]["added"] == 1
    assert client.get("/api/diff?from=current&to=current").json()["counts"]["added"] == 0
    assert client.get("/api/diff?from=2026-11-20").json()["older"]["built_at"] == "2026-11-20T09:00:00+00:00"
    unknown = client.get("/api/diff?from=2020")
    assert unknown.status_code == 404
    assert unknown.json()["nearest"] == ["2026-11-20T09:00:00+00:00"]
    assert client.get("/api/diff?older=1").json()["errors"][0]["parameter"] == "older"


def test_sources_are_told_with_state_dates_and_attribution(client: httpx.Client):
    told = client.get("/api/sources").json()
    assert [one["name"] for one in told["sources"]] == ["models_dev", "lmarena"]
    assert told["sources"][1]["as_of"] == "2026-11-01"
    assert told["attribution"][1]["attribution"] == "LMArena leaderboard (lmarena.ai)"
    assert told["earlier"] == []
