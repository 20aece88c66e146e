"""The catalogs that the page is tested with: a few models written by hand, and all models of the real files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from llmhub.catalog import Catalog, build_catalog
from llmhub.catalog.store import write_catalog
from llmhub.config.paths import catalog_file
from llmhub.records.context import SourceContext
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import (
    CanonicalModel,
    CatalogStatistics,
    ModelRecord,
    Price,
    PriceTier,
    Provenance,
    Score,
    SourceLoad,
    SourceState,
)

HARM = "<img src=x onerror=window.harmed=1>"
SCRIPT = "<script>window.harmed=1</script>"


def small_catalog() -> Catalog:
    """A few models whose facts are easy to remember; two of them are named by somebody who means harm."""

    def model(key: str, price: Price | None = None, score: float | None = None, **facts: Any) -> CanonicalModel:
        provider, _, model_id = key.partition(":")
        rated: dict[str, Any] = {}
        if score is not None:
            overall = Score(board="text", category="overall", rating=score, low=score - 5, high=score + 5)
            rated = {"arena_score": score, "arena_ci_low": score - 5, "arena_ci_high": score + 5, "scores": (overall,)}
        origins = [Provenance(field="model_id", source="models_dev", as_of="2026-06-01", rule="listed")]
        if price is not None:
            origins.append(Provenance(field="price", source="models_dev", as_of="2026-06-01", rule="known"))
            rated |= {"price_input_per_million": price.input, "price_output_per_million": price.output}
        if score is not None:
            origins.append(Provenance(field="scores", source="lmarena", as_of="2026-05-20", rule="exact"))
        state = "unknown" if price is None else "known"
        stated = {"price_state": state, "price": price, "output_modalities": ("text",), **rated, **facts}
        return CanonicalModel(
            canonical_id=key, provider=provider, model_id=model_id, provenance=tuple(origins), **stated
        )

    long_prompts = PriceTier(above_tokens=200_000, input=2.5, output=15.0, cache_read=0.25)
    models = (
        model("openai:gpt-4.1", Price(input=2.0, output=8.0), 1412.0, context_tokens=1_047_576, quality_tier=1,
              cost_tier=4, tags=("tools", "vision"), display_name="GPT-4.1", release_date="2025-04-14"),
        model("openai:gpt-4.1-mini", Price(input=0.4, output=1.6), 1380.0, context_tokens=1_047_576, quality_tier=2,
              cost_tier=2, tags=("tools", "vision"), display_name="GPT-4.1 mini"),
        model("anthropic:claude-opus-4-5", Price(input=5.0, output=25.0), 1468.0, context_tokens=200_000,
              quality_tier=1, cost_tier=5, tags=("reasoning", "tools")),
        model("office:long", Price(input=1.25, output=10.0, cache_read=0.125, tiers=(long_prompts,)), 1451.0,
              context_tokens=1_000_000, tags=("tools",)),
        model("office:unpriced", None, 1300.0, tags=("tools",)),
        model("office:unrated", Price(input=0.1, output=0.2), context_tokens=8_000),
        model("office:unknown"),
        model("office:planned", Price(input=0.0, output=0.0), 1350.0, price_state="included"),
        model("office:old", Price(input=10.0, output=30.0), 1250.0, status="deprecated"),
        model(f"office:{SCRIPT}", Price(input=0.3, output=0.5), 1500.0, display_name=SCRIPT, tags=(SCRIPT,)),
        model(f"{HARM}:{HARM}", Price(input=0.01, output=0.02), 1200.0, display_name=HARM, family=HARM),
    )  # fmt: skip
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=CatalogStatistics(quantiles={}),
        sources=(SourceState(name="models_dev", ok=True, attribution="models.dev (MIT)", as_of="2026-06-01"),),
        built_at=datetime.now(UTC).isoformat(),
        fingerprint="written-by-hand",
    )


def whole_catalog(data: Path) -> Catalog:
    """Every model of models.dev's file with its ratings, also of providers that any-llm has no name for."""
    from llmhub.builtin.lmarena.leaderboard import read_leaderboard
    from llmhub.builtin.models_dev.benchmarks import read_benchmarks
    from llmhub.builtin.models_dev.document import read_document
    from llmhub.builtin.models_dev.providers import any_llm_providers
    from llmhub.builtin.tiers import llmhub_tier_derivers

    def parsed(file: str) -> Any:
        return json.loads((data / file).read_bytes())

    def models(_: SourceContext) -> SourceLoad:
        scores, _ = read_benchmarks(parsed("models.dev/models.json"))
        records = tuple(
            ModelRecord(
                source="models_dev",
                provider=provider,
                model_id=model.model_id,
                facts=model.facts,
                scores=scores.get((model.provider, model.model_id), ()),
            )
            for model in read_document(parsed("models.dev/api.json")).models
            for provider in any_llm_providers(model.provider, model.model_id) or (model.provider,)
        )
        return SourceLoad(records=records, as_of="2026-06-01")

    def unused(*_: object, **__: object) -> Any:
        raise AssertionError("files need no network")

    ratings = read_leaderboard(parsed("arena/leaderboard-text-style-control.json"))
    sources = [
        CatalogSource(name="models_dev", load=models, priority=60, attribution="models.dev (MIT)"),
        CatalogSource(
            name="lmarena",
            load=lambda _: SourceLoad(records=ratings.records, as_of="2026-06-01"),
            priority=40,
            attribution="LMArena leaderboard",
        ),
    ]
    context = SourceContext(
        environ={}, now=lambda: datetime.now(UTC), fetch_json=unused, progress=lambda _: None, offline=True
    )
    return build_catalog(sources, llmhub_tier_derivers(), context)


def stored_catalog(catalog: Catalog, folder: Path) -> Mapping[str, str]:
    """*catalog*, stored in *folder*; the environment in which it is found there."""
    # Nothing is to begin a refresh, which would know fewer models.
    environ = {"LLMHUB_CACHE_DIR": str(folder), "LLMHUB_OFFLINE": "1"}
    write_catalog(catalog, catalog_file(environ))
    return environ
