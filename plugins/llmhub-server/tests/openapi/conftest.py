"""A whole server on a port of 127.0.0.1, with a small catalog and the one before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import any_llm  # noqa: F401 - a server imports it before it serves
import pytest
import uvicorn
from attrs import evolve

from llmhub.catalog import Catalog
from llmhub.catalog.generations import keep_generation
from llmhub.catalog.store import write_catalog
from llmhub.host import PluginHost
from llmhub.testing import ProviderServer
from llmhub.workspace import Workspace
from llmhub_server.application import application
from llmhub_server.observation.state import State
from llmhub_server.service import Service, serving_hub
from llmhub_server.settings import Settings

ROLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "chat": ("loopback", {"max_tokens": 64}),
    "embedding": ("openai", {}),
    "image": ("openai", {}),
    "speech": ("openai", {"voice": "alloy"}),
    "transcription": ("openai", {}),
    "moderation": ("openai", {}),
    "rerank": ("cohere", {}),
}
"""A role of each mode, named as it: its provider and its parameters."""


@pytest.fixture
def serving_catalog(
    catalog: Catalog, provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], str]]:
    """Starts the server, and gives its address."""
    for name in ("OPENAI_API_KEY", "COHERE_API_KEY"):
        monkeypatch.setenv(name, "sk-loopback-0123456789")
    kept, project = tmp_path / "kept", tmp_path / "project"
    project.mkdir()
    few = {key: model for key, model in catalog.models.items() if model.provider in ("openai", "groq")}
    write_catalog(evolve(catalog, models=dict(list(few.items())[:-5])), kept / "catalog.json")
    keep_generation(kept / "catalog.json", kept / "generations")
    write_catalog(evolve(catalog, models=few), kept / "catalog.json")
    host, state = PluginHost.from_environment({}), State()
    once = {"attempts": 1}
    config = {
        "project": "shop",
        "ledger": "none",
        "providers": {
            "loopback": {"api_base": provider_server.openai_base},
            "openai": {"api_base": provider_server.openai_base},
            "cohere": {"api_base": provider_server.url},
        },
        "roles": {
            mode: {"provider": provider, "model": "any", "mode": mode, "retry": once, "params": params}
            for mode, (provider, params) in ROLES.items()
        },
    }
    environ = {"LLMHUB_CACHE_DIR": str(kept), "LLMHUB_OFFLINE": "1"}
    workspace = Workspace(project, environ=environ, host=host)
    service = Service(hub=serving_hub(config, host, state), workspace=workspace, settings=Settings(), state=state)
    server = uvicorn.Server(uvicorn.Config(application(service), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)

    def start() -> str:
        thread.start()
        end = time.monotonic() + 30
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    server.should_exit = True
    thread.join(30)
