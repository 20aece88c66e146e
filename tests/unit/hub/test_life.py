"""A hub's configuration may change and its process may end at any moment: no call meets half of two, none is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from llmhub import Hub, errors
from llmhub.calls.methods import Occasion
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]
NOTHING_SAID = Occasion()


def config(server: ProviderServer, name: str, **more: Any) -> Mapping[str, Any]:
    """A configuration whose only role calls the only provider, both called *name*."""
    return {
        "project": "p",
        "ledger": "none",
        "providers": {name: {"api_base": server.openai_base}},
        "roles": {name: {"provider": name, "model": "m"}},
        **more,
    }


def test_a_call_that_begins_while_the_configuration_changes_keeps_to_the_one_it_began_with(
    provider_server: ProviderServer,
) -> None:
    with Hub(config=config(provider_server, "before")) as hub:
        hub.completion("before", HELLO)
        engine = hub._life.engine
        assert engine is not None
        hub.reload(config(provider_server, "after"))
        assert engine.call("before", "completion", HELLO, {}, NOTHING_SAID).model == "m"
        with pytest.raises(errors.UnknownRoleError):
            hub.completion("before", HELLO)
        assert hub.completion("after", HELLO).model == "m"


@pytest.mark.parametrize("fault", [{"selector": "nobody"}, {"ledger": "nobody"}])
def test_a_configuration_that_names_what_is_not_there_changes_nothing(
    provider_server: ProviderServer, fault: Mapping[str, Any]
) -> None:
    with Hub(config=config(provider_server, "before")) as hub:
        hub.completion("before", HELLO)
        with pytest.raises(errors.PluginError):
            hub.reload(config(provider_server, "after", **fault))
        assert list(hub.config.roles) == ["before"]
        assert hub.completion("before", HELLO).model == "m"
        hub.reload()
        assert list(hub.config.roles) == ["before"]


def test_a_call_that_outlives_a_reload_is_recorded_when_the_process_ends(
    provider_server: ProviderServer, tmp_path: Path
) -> None:
    program = f"""
        from llmhub import Hub

        config = {dict(config(provider_server, "r", ledger="sqlite"))!r}
        hub = Hub(config=config)
        chunks = hub.completion("r", {HELLO!r}, stream=True)
        next(chunks)
        hub.reload({{**config, "env": "prod"}})
        for _ in chunks:
            pass
    """
    environ = {"LLMHUB_CACHE_DIR": str(tmp_path), "PATH": ""}
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=environ, check=True, timeout=60)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as ledger:
        assert ledger.execute("SELECT environment, status FROM calls").fetchall() == [("dev", "ok")]
