"""`POST /api/recommend`: a need in, ranked choices out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest


def test_a_need_is_answered_with_what_generate_would_choose_and_why(client: httpx.Client):
    need = {"kind": "chat", "preferences": {"quality": "high", "providers": ["openai", "groq"]}, "fallbacks": 1}
    told = client.post("/api/recommend", json=need).json()
    assert told["model"] == "openai:gpt-4.1"
    assert told["fallbacks"] == ["groq:qwen/qwen3-32b"]
    assert told["providers"] == ["openai", "groq"]
    assert told["providers_from"] == "need"
    first = told["candidates"][0]
    assert (first["place"], first["model"], first["arena_as_of"]) == (1, "openai:gpt-4.1", "2026-11-01")
    parts = first["contributions"]
    assert first["score"] == pytest.approx(sum(one["points"] for one in parts) / sum(one["weight"] for one in parts))
    assert told["candidate_count"] == len(told["candidates"])
    assert sum(one["models"] for one in told["rejected"]) == told["rejected_count"] > 0
    assert told["reason"]
    assert [one["source"] for one in told["attribution"]] == ["models_dev", "lmarena"]


def test_without_a_project_all_providers_of_the_catalog_may_serve(client: httpx.Client):
    told = client.post("/api/recommend", json={"kind": "embedding"}).json()
    assert (told["model"], told["providers_from"]) == ("openai:text-embedding-3-small", "catalog")
    assert told["providers"] == ["groq", "openai", "openrouter"]


def test_in_a_project_its_providers_and_defaults_hold(
    serving: Callable[..., str], stored: Callable[..., None], tmp_path: Path
):
    stored()
    (tmp_path / "shop").mkdir()
    spec = "project: shop\nproviders:\n  groq: {}\nroles: {}\ndefaults:\n  preferences: {cost: low}\n"
    (tmp_path / "shop" / "llmhub.spec.yaml").write_text(spec)
    told = httpx.post(f"{serving(tmp_path / 'shop')}/api/recommend", json={"kind": "chat"}, timeout=30).json()
    assert (told["model"], told["providers_from"], told["weights"]["cost"]) == ("groq:qwen/qwen3-32b", "project", 3.0)


def test_a_need_that_nothing_satisfies_is_answered_with_what_stands_in_its_way(client: httpx.Client):
    need = {"kind": "chat", "preferences": {"context_min": 9_000_000, "providers": ["openai"]}}
    answer = client.post("/api/recommend", json=need)
    assert answer.status_code == 200
    assert answer.json()["model"] is None
    assert "context" in answer.json()["reason"]


def test_all_faults_of_a_need_are_told_at_once_with_their_places(client: httpx.Client):
    need: dict[str, Any] = {
        "kind": "chatt",
        "preferences": {"quality": "best", "needs": ["tools", "visoin"], "max_price_input": -1, "providers": ["opnai"]},
        "fallbacks": "two",
        "wights": {},
        "shown": 0,
    }
    answer = client.post("/api/recommend", json=need)
    assert answer.status_code == 400
    told = {one["pointer"]: one for one in answer.json()["errors"]}
    assert set(told) == {
        "/kind", "/preferences/quality", "/preferences/needs/1", "/preferences/max_price_input",
        "/preferences/providers/0", "/fallbacks", "/wights", "/shown",
    }  # fmt: skip
    assert told["/preferences/needs/1"]["suggestion"] == "vision"
    assert told["/preferences/providers/0"]["suggestion"] == "openai"
    assert told["/wights"]["suggestion"] == "weights"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"kind": "chat", "weights": {"cost": NaN}}', "application/json", 400),
        (b"kind: chat", "application/yaml", 415),
        (b'{"kind": "chat", "description": "' + b"x" * 70_000 + b'"}', "application/json", 413),
        (b"[" * 60_000, "application/json", 400),
        (b"\xff\xfe{", "application/json", 400),
    ],
)
def test_what_is_no_need_is_refused(client: httpx.Client, body: bytes, kind: str, status: int):
    answer = client.post("/api/recommend", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
