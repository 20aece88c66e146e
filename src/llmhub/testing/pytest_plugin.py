"""Fixtures for pytest: `pytest_plugins = ["llmhub.testing.pytest_plugin"]` in the topmost `conftest.py`.

`provider_server` is a running `ProviderServer` without scripts and counts. One server serves the whole session (each
worker of pytest-xdist has its own); a test that wants a required key or other models starts its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llmhub.testing.server import ProviderServer


@pytest.fixture(scope="session")
def provider_server_of_session() -> Iterator[ProviderServer]:
    """The server behind `provider_server`, as earlier tests left it."""
    with ProviderServer() as server:
        yield server


@pytest.fixture
def provider_server(provider_server_of_session: ProviderServer) -> ProviderServer:
    """A provider server without scripts, replies or counts."""
    provider_server_of_session.reset()
    return provider_server_of_session
