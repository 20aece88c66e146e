"""A hard budget under many processes and threads, over a real provider on the loopback and a real database."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from llmhub.testing import ProviderServer

SPENDERS = Path(__file__).with_name("spenders.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")
@pytest.mark.parametrize(("killed", "limit"), [(0, Decimal("0.1")), (2, Decimal("0.25"))])
def test_eight_processes_of_eight_threads_never_overspend_a_budget_and_use_nearly_all_of_it(
    killed: int, limit: Decimal, tmp_path: Path, provider_server: ProviderServer
):
    config = tmp_path / "config.json"
    config.write_text(
        json.dumps(
            {
                "project": "p",
                "providers": {"openai": {"api_base": provider_server.openai_base}},
                "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 8}}},
                "budgets": {"hard": {"limit": str(limit), "window": "total"}},
            }
        )
    )
    environ = {**os.environ, "LLMHUB_CACHE_DIR": str(tmp_path / "data"), "OPENAI_API_KEY": "sk-loopback"}
    command = [sys.executable, str(SPENDERS), str(config), "8", "8", "100000", str(killed)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    made = sum(map(int, done.stdout.split()))

    with (
        closing(sqlite3.connect(tmp_path / "data" / "ledger.db")) as calls,
        closing(sqlite3.connect(tmp_path / "data" / "budgets.db")) as purses,
    ):
        told = calls.execute("SELECT max(cost), count(*) FROM calls WHERE status = 'ok'").fetchone()
        kept = purses.execute("SELECT spent, held FROM purses").fetchone()
        sound = [one.execute("PRAGMA integrity_check").fetchone() for one in (calls, purses)]
    each, recorded = told
    served = provider_server.counts.requests
    paid = Decimal(each) * served / 10**12
    spent, held = (Decimal(value) / 10**12 for value in kept)
    print(f"{served} served, {made} answered, {recorded} recorded; paid {paid}, spent {spent}, held {held}")

    assert paid <= limit, "what the provider counted is never above the limit"
    assert spent + held <= limit
    assert paid + held >= limit * Decimal("0.95"), "and nearly all could be used, but for what the dead still hold"
    if killed:
        assert recorded <= served - killed, "each of those killed was in the midst of a call"
        assert spent + held >= paid, "and what they may have cost stays accounted for"
    else:
        assert (recorded, made) == (served, served)
        assert (spent, held) == (paid, 0)
    assert sound == [("ok",), ("ok",)]
