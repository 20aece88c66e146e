"""The `llmhub` command in a folder of its own."""

import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from llmhub.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.generations import keep_generation
from llmhub.catalog.store import write_catalog
from llmhub.records.model import CanonicalModel, CatalogStatistics, Provenance, SourceState
from llmhub.testing import ProviderServer

KEY = "sk-loopback-0123456789"

SPEC = """\
project: shop
env: dev
providers:
  openai: {{enabled: true, env_key: OPENAI_API_KEY, api_base: "{url}/v1"}}
  anthropic: {{enabled: true, env_key: ANTHROPIC_API_KEY, api_base: "{url}"}}
roles:
  llm.answers:
    kind: chat
    description: Answers questions  # a comment that stays
    preferences: {{cost: medium, quality: high}}
    fallbacks: 1
  llm.embedding:
    kind: embedding
    preferences: {{cost: low, providers: [openai]}}
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def run(project: Path, tmp_path: Path, command_line: Run) -> Run:
    """Runs `llmhub ARGUMENTS` in the project's folder, offline, with a catalog of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        fixed = {"LLMHUB_CACHE_DIR": str(tmp_path / "cache"), "LLMHUB_OFFLINE": "1"}
        return command_line(project, {**os.environ, **fixed, **environment}, *arguments)

    return run


@pytest.fixture
def interrupt() -> Callable[[Any], None]:
    """Presses Ctrl-C in a terminal whose program has asked something.

    It waits until the program sleeps over its question: between asking and reading, Python itself can lose a Ctrl-C.
    """

    def interrupt(child: Any) -> None:
        state = Path(f"/proc/{child.pid}/stat")
        while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.01)
        child.sendintr()

    return interrupt


Stock = Callable[..., Catalog]


@pytest.fixture
def make_model() -> Callable[..., CanonicalModel]:
    """`make_model("openai:gpt-6", (dollars in, dollars out), rating, **facts)`: a live chat model."""

    def make_model(
        canonical_id: str, price: tuple[float, float] = (1.0, 4.0), rating: float = 1350.0, **facts: Any
    ) -> CanonicalModel:
        provider, _, model_id = canonical_id.partition(":")
        known: dict[str, Any] = {
            "display_name": model_id,
            "release_date": "2026-01-01",
            "input_modalities": ("text",),
            "output_modalities": ("text",),
            "context_tokens": 200_000,
            "supports_tool_call": True,
            "price_state": "known",
            "price_input_per_million": price[0],
            "price_output_per_million": price[1],
            "arena_score": rating + 5,
            "arena_ci_low": rating,
            "arena_ci_high": rating + 10,
            "provenance": (
                Provenance(field="model_id", source="models_dev"),
                Provenance(field="price", source="models_dev", as_of="2026-11-20"),
                Provenance(field="status", source="models_dev", as_of="2026-11-20"),
            ),
        }
        return CanonicalModel(canonical_id=canonical_id, provider=provider, model_id=model_id, **{**known, **facts})

    return make_model


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    """Stores a catalog of some models, so many days old, as the one of `run`; the one before becomes a generation."""

    def stock(*models: CanonicalModel, days: int = 0) -> Catalog:
        statistics = CatalogStatistics(quantiles={})
        built = datetime.now(UTC) - timedelta(days=days)
        catalog = Catalog(
            models={model.canonical_id: model for model in models},
            statistics=statistics,
            sources=(SourceState(name="models_dev", ok=True, records=len(models), as_of="2026-11-20"),),
            built_at=built.isoformat(timespec="seconds"),
            fingerprint=fingerprint(models, statistics),
        )
        path = tmp_path / "cache" / "catalog.json"
        keep_generation(path, tmp_path / "cache" / "generations")
        write_catalog(catalog, path)
        return catalog

    return stock


@pytest.fixture
def spec(project: Path, provider_server: ProviderServer) -> Path:
    """A spec of two roles whose providers are the loopback server."""
    path = project / "llmhub.spec.yaml"
    path.write_text(SPEC.format(url=provider_server.url), encoding="utf-8")
    return path


@pytest.fixture
def keys() -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}


@pytest.fixture
def config(project: Path, provider_server: ProviderServer) -> Path:
    """A configuration of a chat, a Claude and an embedding role over the loopback server."""
    path = project / "llmhub.yaml"
    path.write_text(
        f"""\
project: shop
providers:
  openai: {{api_base: "{provider_server.openai_base}"}}
  anthropic: {{api_base: "{provider_server.anthropic_base}"}}
roles:
  llm.answers: {{provider: openai, model: gpt-4o-mini, params: {{temperature: 0.2}}, retry: {{attempts: 1}}}}
  llm.thinking: {{provider: anthropic, model: claude-3-5-sonnet-20241022, retry: {{attempts: 1}}}}
  llm.embedding: {{provider: openai, model: text-embedding-3-small, mode: embedding, params: {{embedding_dim: 64}}}}
""",
        encoding="utf-8",
    )
    return path
