"""The `llmhub` command in a folder of its own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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
