"""What pytest gains where LLM Hub is installed: fixtures, and `--ter`. `-p no:llmhub` goes without.

`provider_server` is a running `ProviderServer` without scripts and counts. One server serves the whole session (each
worker of pytest-xdist has its own); a test that wants a required key or other models starts its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from llmhub.testing.server import ProviderServer

pytest_plugins = ["llmhub.testing.report_plugin"]


@pytest.fixture(scope="session")
def provider_server_of_session() -> Iterator[ProviderServer]:
    """The server behind `provider_server`, as earlier tests left it."""
    from llmhub.testing.server import ProviderServer  # every run of pytest imports this module

    with ProviderServer() as server:
        yield server


@pytest.fixture
def provider_server(provider_server_of_session: ProviderServer) -> ProviderServer:
    """A provider server without scripts, replies or counts."""
    provider_server_of_session.reset()
    return provider_server_of_session
