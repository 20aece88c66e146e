"""A project with a small catalog of its own, and the server in front of it, on a port of 127.0.0.1."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from llmhub import Hub
from llmhub.catalog.catalog import Catalog
from llmhub.catalog.fingerprint import fingerprint
from llmhub.catalog.statistics import catalog_statistics
from llmhub.catalog.store import write_catalog
from llmhub.host import PluginHost
from llmhub.records.model import CanonicalModel, Link, Price, Provenance, Score, SourceState
from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.service import Service
from llmhub_server.settings import Settings

DAY = "2026-11-20"
SOURCES = (
    SourceState(
        name="models_dev",
        ok=True,
        records=5,
        as_of=DAY,
        fetched_at=f"{DAY}T08:00:00+00:00",
        attribution="models.dev (MIT)",
    ),
    SourceState(name="lmarena", ok=True, records=2, as_of="2026-11-01", attribution="LMArena leaderboard (lmarena.ai)"),
)


def model(
    key: str, price: tuple[float, float] | None = None, score: float | None = None, **facts: Any
) -> CanonicalModel:
    """A model with a price and a rating where they are given; both unknown where not."""
    provider, _, model_id = key.partition(":")
    origins = [Provenance(field="model_id", source="models_dev", as_of=DAY, rule="listed")]
    stated: dict[str, Any] = {"output_modalities": ("text",), "input_modalities": ("text",), **facts}
    if price is not None:
        stated |= {
            "price_state": "known",
            "price_input_per_million": price[0],
            "price_output_per_million": price[1],
            "price": Price(input=price[0], output=price[1]),
        }
        origins.append(Provenance(field="price", source="models_dev", as_of=DAY))
    if score is not None:
        rated = Score(board="text", category="overall", rating=score, low=score - 5, high=score + 5)
        stated |= {"arena_score": score, "arena_ci_low": score - 5, "arena_ci_high": score + 5, "scores": (rated,)}
        stated["links"] = (Link(source="lmarena", name=model_id, relation="exact", rule="equal"),)
        origins.append(Provenance(field="scores", source="lmarena", as_of="2026-11-01"))
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, provenance=tuple(origins), **stated)


MODELS = (
    model("openai:gpt-4.1", (2, 8), 1413, context_tokens=1_047_576, tags=("tools", "vision"), display_name="GPT-4.1",
          release_date="2025-04-14", quality_tier=2, open_weights=False, supports_tool_call=True),
    model("openai:gpt-4o", (2.5, 10), 1345, context_tokens=128_000, tags=("tools",), release_date="2024-05-13",
          quality_tier=3, status="deprecated", open_weights=False, supports_tool_call=True),
    model("openrouter:qwen/qwen3-32b:free", None, None, context_tokens=40_960, tags=("open-weights",),
          open_weights=True),
    model("groq:qwen/qwen3-32b", (0.29, 0.59), None, tags=("open-weights",), open_weights=True),
    model("openai:text-embedding-3-small", (0.02, 0), None, tags=("embedding",)),
    model("openai:gpt-3", (20, 20), None, status="retired", retired_on="2026-01-01"),
)  # fmt: skip


def made(*models: CanonicalModel, built_at: str = f"{DAY}T09:00:00+00:00", **more: Any) -> Catalog:
    """A catalog of *models*, with cuts and fingerprint as they follow from them."""
    statistics = catalog_statistics(models, 3.0)
    return Catalog(
        models={one.canonical_id: one for one in models},
        statistics=statistics,
        sources=SOURCES,
        built_at=built_at,
        fingerprint=fingerprint(models, statistics),
        **more,
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of the serving machine: its own folder, no key, no network."""
    return {"LLMHUB_CACHE_DIR": str(tmp_path / "serving"), "LLMHUB_OFFLINE": "1"}


@pytest.fixture
def stored(environ: dict[str, str]) -> Callable[..., None]:
    """Puts a catalog of the models given (at first: MODELS) into the place of the stored one."""

    def store(*models: CanonicalModel, **more: Any) -> None:
        write_catalog(made(*(models or MODELS), **more), Path(environ["LLMHUB_CACHE_DIR"]) / "catalog.json")

    return store


@pytest.fixture
def serving(environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts the server for the project in a folder, and gives its address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(folder: Path | None = None) -> str:
        (tmp_path / "project").mkdir(exist_ok=True)
        workspace = Workspace(folder or tmp_path / "project", environ=environ, host=PluginHost())
        hub = Hub(config={"project": "shop", "ledger": "none"}, plugins=PluginHost.empty())
        service = Service(hub=hub, workspace=workspace, settings=Settings(port=0))
        server = uvicorn.Server(uvicorn.Config(application(service), port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def client(serving: Callable[..., str], stored: Callable[..., None]) -> Iterator[httpx.Client]:
    """Asks a server whose catalog is MODELS."""
    stored()
    with httpx.Client(base_url=serving(), headers={"Accept-Encoding": "identity"}, timeout=30) as asking:
        yield asking
