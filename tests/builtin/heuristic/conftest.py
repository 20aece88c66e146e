"""Small catalogs in the shape of the real one, and specs of one role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin.heuristic.generator import generate
from llmhub.config.load import structure_spec
from llmhub.records.contributions import Scorer
from llmhub.records.model import CanonicalModel, CatalogStatistics, Provenance
from llmhub.records.selection import GenerateRequest, Generation, Selection
from llmhub.records.spec import HubSpec

MakeModel = Callable[..., CanonicalModel]
MakeSpec = Callable[..., HubSpec]
Generate = Callable[..., Generation]
Choose = Callable[..., Selection]


def _make_model(
    canonical_id: str,
    price: tuple[float, float] | None = (1.0, 4.0),
    *,
    rating: float | None = None,
    released: str | None = "2026-01-01",
    **facts: Any,
) -> CanonicalModel:
    provider, _, model_id = canonical_id.partition(":")
    known: dict[str, Any] = {
        "input_modalities": ("text",),
        "output_modalities": ("text",),
        "context_tokens": 128_000,
        "max_output_tokens": 16_000,
        "supports_tool_call": True,
        "open_weights": False,
        "provenance": (
            Provenance(field="price", source="models_dev", as_of="2026-07-02"),
            Provenance(field="scores", source="lmarena", as_of="2025-12-11"),
        ),
    }
    if price is not None:
        known |= {
            "price_state": "known",
            "price_input_per_million": price[0],
            "price_output_per_million": price[1],
        }
    if rating is not None:
        known |= {"arena_score": rating + 5, "arena_ci_low": rating, "arena_ci_high": rating + 10}
    return CanonicalModel(
        canonical_id=canonical_id, provider=provider, model_id=model_id, release_date=released, **{**known, **facts}
    )


def _make_spec(roles: Mapping[str, Any], **rest: Any) -> HubSpec:
    values = {"project": "test", "providers": {"openai": {}, "anthropic": {}}, "roles": roles, **rest}
    return structure_spec(values, known_providers=PROVIDER_NAMES)


def _generate(
    models: Sequence[CanonicalModel],
    roles: Mapping[str, Any],
    *,
    scorers: Mapping[str, Scorer] | None = None,
    **rest: Any,
) -> Generation:
    statistics = CatalogStatistics(quantiles={})
    spec = _make_spec(roles, **rest)
    return generate(GenerateRequest(spec=spec, models=tuple(models), statistics=statistics, scorers=scorers or {}))


def _choose(models: Sequence[CanonicalModel], role: Mapping[str, Any] | None = None, **rest: Any) -> Selection:
    (selection,) = _generate(models, {"r": {"kind": "chat", **(role or {})}}, **rest).selections
    return selection


@pytest.fixture(scope="session")
def make_model() -> MakeModel:
    """`make_model("openai:gpt-x", (input price, output price), rating=lower bound, released=..., **facts)`."""
    return _make_model


@pytest.fixture(scope="session")
def make_spec() -> MakeSpec:
    """A spec of the providers openai and anthropic, from its roles."""
    return _make_spec


@pytest.fixture(scope="session")
def generate_for() -> Generate:
    """Runs the generator over some models for some roles."""
    return _generate


@pytest.fixture(scope="session")
def choose() -> Choose:
    """The selection for a spec of one role, of kind chat unless it says otherwise."""
    return _choose
