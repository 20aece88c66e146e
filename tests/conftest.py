"""What every test may ask for: the loopback provider server, and an environment that is nobody's."""

import os

import pytest

pytest_plugins = ["llmhub.testing.pytest_plugin"]


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No keys, settings or files of whoever runs the tests."""
    from llmhub.anyllm.providers import PROVIDERS

    keys = {key for facts in PROVIDERS.values() for key in facts.env_keys}
    for name in list(os.environ):
        if name in keys or name.startswith("LLMHUB_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
