"""Five models, a spec whose providers are the loopback server, and the real default generator underneath."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin.heuristic.generator import generate as heuristic
from llmhub.builtin.llm_assisted.generator import generate as llm
from llmhub.builtin.llm_assisted.question import Question, questions_for
from llmhub.config.load import structure_spec
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.selection import Assistance, GenerateRequest, Generation
from llmhub.testing import ProviderServer

KEY = "sk-loopback-0123456789"
ADVISER = "openai:adviser-1"

Request = Callable[..., GenerateRequest]
Ask = Callable[..., Question]
Generate = Callable[..., Generation]
Answer = Callable[..., str]


def _model(
    canonical_id: str, price: tuple[float, float], rating: float, context: int = 128_000, **facts: Any
) -> CanonicalModel:
    provider, _, model_id = canonical_id.partition(":")
    known: dict[str, Any] = {"input_modalities": ("text",), "output_modalities": ("text",), "supports_tool_call": True}
    return CanonicalModel(
        canonical_id=canonical_id,
        provider=provider,
        model_id=model_id,
        price_state="known",
        price_input_per_million=price[0],
        price_output_per_million=price[1],
        arena_score=rating + 5,
        arena_ci_low=rating,
        arena_ci_high=rating + 10,
        context_tokens=context,
        max_output_tokens=16_000,
        release_date="2026-01-01",
        open_weights=False,
        **{**known, **facts},
    )


MODELS = (
    _model("openai:gpt-7", (2.0, 8.0), 1480),
    _model("openai:gpt-7-mini", (0.3, 1.2), 1420, input_modalities=("text", "image")),
    _model("openai:gpt-7-long", (3.0, 12.0), 1450, context=1_000_000),
    _model("anthropic:claude-atlas-7", (3.0, 15.0), 1470, context=200_000),
    _model("anthropic:claude-sprint-7", (0.8, 4.0), 1410, context=200_000),
)

CHAT = {"kind": "chat", "description": "Answers customers", "preferences": {"cost": "high", "quality": "high"}}


@pytest.fixture
def request_for(provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """`request_for({role: {...}}, **fields of Assistance)`: keys in the environment, openai:adviser-1 to ask."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)

    def request_for(roles: Mapping[str, Any] | None = None, **assistance: Any) -> GenerateRequest:
        spec = structure_spec(
            {
                "project": "shop",
                "generator": "llm",
                "providers": {
                    "openai": {"api_base": provider_server.openai_base},
                    "anthropic": {"api_base": provider_server.anthropic_base},
                },
                "roles": roles or {"r": CHAT},
            },
            known_providers=PROVIDER_NAMES,
        )
        return GenerateRequest(
            spec=spec,
            models=MODELS,
            statistics=CatalogStatistics(quantiles={}),
            base=heuristic,
            assistance=Assistance(**{"model": ADVISER, "cache_dir": tmp_path / "cache", "timeout": 20.0, **assistance}),
        )

    return request_for


@pytest.fixture
def plain() -> Callable[[GenerateRequest], Generation]:
    """What the default generator makes of a request."""
    return lambda request: heuristic(evolve(request, base=None, assistance=None))


@pytest.fixture
def question_for(request_for: Request) -> Ask:
    """The question about one chat role, and over the five models."""

    def question_for(role: Mapping[str, Any] | None = None) -> Question:
        request = request_for({"r": {**CHAT, **(role or {})}})
        (question,) = questions_for(request.spec, heuristic(request))
        return question

    return question_for


@pytest.fixture
def generate_with(request_for: Request) -> Generate:
    """Runs the generator `llm` for some roles."""
    return lambda roles=None, **assistance: llm(request_for(roles, **assistance))


@pytest.fixture
def answer() -> Answer:
    """An answer as the model should give it, unless told otherwise."""

    def answer(*order: str, needs: Mapping[str, Any] | None = None, reason: str = "It suits.", **more: Any) -> str:
        return json.dumps({"order": list(order), "needs": needs, "reason": reason, **more})

    return answer
