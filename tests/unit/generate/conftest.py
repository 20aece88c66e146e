"""Generators that choose without thinking, and a spec for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.config.load import structure_spec
from llmhub.generate.run import generate
from llmhub.records.config import HubConfig, RoleConfig, TargetConfig
from llmhub.records.contributions import Generator
from llmhub.records.model import CatalogStatistics
from llmhub.records.selection import GenerateRequest, Generation
from llmhub.records.spec import HubSpec

SPEC: Mapping[str, Any] = {
    "project": "my-app",
    "env": "staging",
    "generator": "simple",
    "providers": {
        "openai": {"env_key": "OPENAI_API_KEY"},
        "mistral": {"enabled": False},
        "box": {"api_base": "http://localhost:8000/v1"},
    },
    "roles": {
        "chat": {"kind": "chat", "mode_params": {"temperature": 0.5, "stop": ["a", "b"]}},
        "embed": {"kind": "embedding"},
    },
}


def _choose_the_same(request: GenerateRequest) -> Generation:
    roles = {
        name: RoleConfig(
            provider="openai",
            model=f"model-for-{role.kind}",
            mode=role.kind,
            params=role.mode_params,
            fallbacks=(TargetConfig(provider="groq", model="other: {odd} #name", params={"max_tokens": 5}),),
            reason='best of 2: "quality" 1452 (LMArena), $1.25 in / $10.00 out; next: groq:other',
        )
        for name, role in request.spec.roles.items()
    }
    return Generation(config=HubConfig(project="ignored", roles=roles), selections=())


@pytest.fixture
def spec() -> HubSpec:
    return structure_spec(SPEC, known_providers=PROVIDER_NAMES)


@pytest.fixture
def simple() -> Generator:
    """Chooses `openai:model-for-<kind>` for every role, with a fallback at groq."""
    return Generator(name="simple", generate=_choose_the_same)


Run = Callable[..., Generation]


@pytest.fixture
def run(spec: HubSpec, simple: Generator) -> Run:
    """Generates with the simple generator, or with other ones."""

    def run(generators: Mapping[str, Generator] | None = None, spec: HubSpec = spec) -> Generation:
        return generate(
            spec,
            [],
            CatalogStatistics(quantiles={}),
            generators={"simple": simple} if generators is None else generators,
            scorers={},
            catalog_fingerprint="0123456789abcdef",
        )

    return run
