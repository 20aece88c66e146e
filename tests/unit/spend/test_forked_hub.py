"""One hub in a process and in its forked children: each records its own calls, in one file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from llmhub.testing import ProviderServer

PROGRAM = """
import os, sys
from llmhub import Hub
config = {
    "project": "p",
    "providers": {"openai": {"api_base": sys.argv[1]}},
    "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 10}}},
    "budgets": {"day": {"limit": 1, "window": "day"}},
}
hub = Hub(config=config)
hello = [{"role": "user", "content": "Hello"}]
hub.completion("chat", hello, call_id="before")
for number in range(3):
    if os.fork() == 0:
        for again in range(3):
            hub.completion("chat", hello, call_id=f"child-{number}-{again}")
        hub.close()
        os._exit(0)
hub.completion("chat", hello, call_id="after")
for _ in range(3):
    assert os.wait()[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")
def test_a_hub_that_is_forked_records_every_call_once(tmp_path: Path, provider_server: ProviderServer):
    environ = {**os.environ, "LLMHUB_CACHE_DIR": str(tmp_path), "OPENAI_API_KEY": "sk-loopback"}
    done = subprocess.run(
        # From Python 3.12 on, a fork beside threads warns: it is what this program is about.
        [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", PROGRAM, provider_server.openai_base],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    children = [f"child-{number}-{again}" for number in range(3) for again in range(3)]
    with (
        closing(sqlite3.connect(tmp_path / "ledger.db")) as calls,
        closing(sqlite3.connect(tmp_path / "budgets.db")) as purses,
    ):
        recorded = sorted(row[0] for row in calls.execute("SELECT call_id FROM calls"))
        assert recorded == sorted(["before", "after", *children])
        (spent, held) = purses.execute("SELECT spent, held FROM purses").fetchone()
        assert (spent, held) == (calls.execute("SELECT sum(cost) FROM calls").fetchone()[0], 0)
