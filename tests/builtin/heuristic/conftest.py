"""Small catalogs in the shape of the real one, and specs of one role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.anyllm.providers import PROVIDER_NAMES
from llmhub.builtin import lmarena, models_dev, tiers
from llmhub.builtin.heuristic.generator import generate, market_of
from llmhub.builtin.heuristic.select import Market
from llmhub.catalog import Catalog, refresh_catalog
from llmhub.config.load import structure_spec
from llmhub.host import PluginHost
from llmhub.records.contributions import Scorer
from llmhub.records.measurements import Measurements
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
    measurements: Measurements | None = None,
    strict: bool = False,
    **rest: Any,
) -> Generation:
    return generate(
        GenerateRequest(
            spec=_make_spec(roles, **rest),
            models=tuple(models),
            statistics=CatalogStatistics(quantiles={}),
            scorers=scorers or {},
            measurements=measurements,
            strict=strict,
        )
    )


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


DATA = Path(__file__).parents[3] / "../shared/data"


@pytest.fixture(scope="session")
def real_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """models.dev of July 2026 and LMArena's boards of December 2025."""
    if not DATA.is_dir():
        pytest.skip(f"no real data at {DATA}")
    host = PluginHost.empty()
    for module in (models_dev, lmarena, tiers):
        host.register(module, module.__name__.rpartition(".")[2], "catalog")
    environ = {
        "LLMHUB_CACHE_DIR": str(tmp_path_factory.mktemp("catalog")),
        "LLMHUB_MODELS_DEV_URL": (DATA / "models.dev/api.json").resolve().as_uri(),
        "LLMHUB_ARENA_URL": (DATA / "arena").resolve().as_uri(),
    }
    return refresh_catalog(environ, host, now=lambda: datetime(2026, 7, 2, tzinfo=UTC))


@pytest.fixture(scope="session")
def real_market(real_catalog: Catalog) -> Market:
    """The models of the real catalog, judged once for all tests."""
    spec = _make_spec({})
    return market_of(
        GenerateRequest(spec=spec, models=tuple(real_catalog.models.values()), statistics=real_catalog.statistics)
    )
