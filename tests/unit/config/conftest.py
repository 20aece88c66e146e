from collections.abc import Callable
from pathlib import Path

import pytest

from llmhub.config.load import load_config, load_spec
from llmhub.errors import InvalidFileError
from llmhub.records.config import HubConfig
from llmhub.records.problems import Problem
from llmhub.records.spec import HubSpec

KNOWN_PROVIDERS = ("openai", "anthropic", "gemini", "ollama")


@pytest.fixture
def read_config(tmp_path: Path) -> Callable[[str], HubConfig]:
    def read(text: str) -> HubConfig:
        path = tmp_path / "llmhub.yaml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, known_providers=KNOWN_PROVIDERS)

    return read


@pytest.fixture
def read_spec(tmp_path: Path) -> Callable[..., HubSpec]:
    def read(text: str, env: str | None = None) -> HubSpec:
        path = tmp_path / "llmhub.spec.yaml"
        path.write_text(text, encoding="utf-8")
        return load_spec(path, known_providers=KNOWN_PROVIDERS, env=env)

    return read


@pytest.fixture
def problems_of() -> Callable[..., tuple[Problem, ...]]:
    """The problems that reading a text brings, in the order of the file."""

    def problems(read: Callable[..., object], *arguments: object) -> tuple[Problem, ...]:
        with pytest.raises(InvalidFileError) as caught:
            read(*arguments)
        return caught.value.problems

    return problems
