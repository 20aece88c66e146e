"""A project folder with a spec and a catalog of three models, and its workspace."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from llmhub.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.store import write_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.model import CanonicalModel, CatalogStatistics, Provenance
from llmhub.workspace import Workspace

SPEC = """\
# what the shop asks for
project: shop
env: dev
providers:
  openai: {enabled: true}
roles:
  llm.answers:  # the most important one
    kind: chat
    preferences: {cost: medium, quality: high}  # dear is fine
environments:
  prod:
    roles:
      llm.answers: {preferences: {quality: medium}}
"""


def model(canonical_id: str, price: tuple[float, float], rating: float) -> CanonicalModel:
    provider, _, model_id = canonical_id.partition(":")
    return CanonicalModel(
        canonical_id=canonical_id,
        provider=provider,
        model_id=model_id,
        display_name=model_id,
        release_date="2026-01-01",
        input_modalities=("text",),
        output_modalities=("text",),
        context_tokens=200_000,
        supports_tool_call=True,
        price_state="known",
        price_input_per_million=price[0],
        price_output_per_million=price[1],
        arena_score=rating + 5,
        arena_ci_low=rating,
        arena_ci_high=rating + 10,
        provenance=(
            Provenance(field="model_id", source="models_dev"),
            Provenance(field="price", source="models_dev", as_of="2026-11-20"),
        ),
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    return folder


@pytest.fixture
def stocked(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The stored catalog: a dear and good model, and two cheap ones."""
    monkeypatch.setenv("LLMHUB_OFFLINE", "1")
    models = (
        model("openai:gpt-6", (10.0, 40.0), 1500.0),
        model("openai:gpt-6-mini", (0.1, 0.4), 1300.0),
        model("openai:gpt-6-nano", (0.05, 0.2), 1200.0),
    )
    statistics = CatalogStatistics(quantiles={})
    catalog = Catalog(
        models={one.canonical_id: one for one in models},
        statistics=statistics,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        fingerprint=fingerprint(models, statistics),
    )
    path = catalog_file(os.environ)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_catalog(catalog, path)
    return catalog


@pytest.fixture
def workspace(project: Path) -> Workspace:
    return Workspace(project)
