from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from llmhub.errors import LedgerError
from llmhub.host import PluginHost
from llmhub.records.contributions import Ledger
from llmhub.records.spending import LedgerContext, SpendQuery
from llmhub.testing import ProviderServer
from llmhub.testing.ledger_contract import LedgerContract, entry

SPENDERS = Path(__file__).parents[3] / "tests" / "unit" / "spend" / "spenders.py"


class TestPostgresLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> Ledger:
        return PluginHost.from_environment({}).ledgers().pick("postgres")

    @pytest.fixture
    def environ(self, url: str) -> Mapping[str, str]:
        return {"LLMHUB_LEDGER_POSTGRES_URL": url}

    def test_a_connection_that_broke_while_idle_is_made_anew(
        self, ledger: Ledger, context: LedgerContext, url: str
    ) -> None:
        store = ledger.open(context)
        store.write([entry("a")])
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        time.sleep(0.1)  # what broke in the midst of work is an error, and tried again by the ledger's writer
        store.write([entry("b")])
        assert [read.call_id for _, read in store.entries(SpendQuery())] == ["a", "b"]
        store.close()

    def test_tables_of_a_later_version_are_left_alone(self, ledger: Ledger, context: LedgerContext, url: str) -> None:
        ledger.open(context).close()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("INSERT INTO llmhub.migrations (number) VALUES (99)")
        with pytest.raises(LedgerError, match="later version"):
            ledger.open(context)


def test_without_an_address_the_error_names_the_variable(tmp_path: Path) -> None:
    ledger = PluginHost.from_environment({}).ledgers().pick("postgres")
    context = LedgerContext(project="p", folder=tmp_path, environ={}, now=lambda: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(LedgerError, match="set LLMHUB_LEDGER_POSTGRES_URL"):
        ledger.open(context)


def test_a_server_that_cannot_be_reached_is_told_without_the_password(tmp_path: Path) -> None:
    ledger = PluginHost.from_environment({}).ledgers().pick("postgres")
    url = "postgresql://llmhub:top-secret@127.0.0.1:1/none"
    environ = {"LLMHUB_LEDGER_POSTGRES_URL": url}
    context = LedgerContext(project="p", folder=tmp_path, environ=environ, now=lambda: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(LedgerError) as told:
        ledger.open(context)
    assert "top-secret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://keeper:Jt6%zzQx4Bf9@127.0.0.1:1/llmhub",
        "keeper:Jt6zzQx4Bf9@127.0.0.1",
        "postgresql://keeper:Jt6zz/Qx4Bf9@127.0.0.1:1/llmhub",
        "postgresql://keeper:Jt6zz@Qx4Bf9@127.0.0.1:1/llmhub",
        "postgresql://keeper:Jt6zz:Qx4Bf9@127.0.0.1:x/llmhub",
        "postgresql://keeper:Jt6zz#Qx4Bf9@127.0.0.1:1/llmhub",
        "postgresql://keeper:Jt6zz?Qx4Bf9@127.0.0.1:1/llmhub",
        "host=127.0.0.1 port=1 user=keeper password=Jt6zz Qx4Bf9",
    ],
)
@pytest.mark.parametrize("opening", ["open", "open_budgets"])
def test_no_error_about_an_address_tells_the_password_in_it(url: str, opening: str, tmp_path: Path) -> None:
    ledger = PluginHost.from_environment({}).ledgers().pick("postgres")
    environ = {"LLMHUB_LEDGER_POSTGRES_URL": url}
    context = LedgerContext(project="p", folder=tmp_path, environ=environ, now=lambda: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(LedgerError) as told:
        getattr(ledger, opening)(context)
    shown = "".join(traceback.format_exception(told.value))
    assert not [piece for piece in ("Jt6", "Qx4Bf9") if piece in shown]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")
@pytest.mark.parametrize(("killed", "limit"), [(0, Decimal("0.06")), (1, Decimal("0.15"))])
def test_eight_processes_of_eight_threads_never_overspend_a_budget_and_use_nearly_all_of_it(
    killed: int, limit: Decimal, url: str, tmp_path: Path, provider_server: ProviderServer
) -> None:
    config = tmp_path / "config.json"
    config.write_text(
        json.dumps(
            {
                "project": "p",
                "ledger": "postgres",
                "providers": {"openai": {"api_base": provider_server.openai_base}},
                "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 8}}},
                "budgets": {"hard": {"limit": str(limit), "window": "total"}},
            }
        )
    )
    environ = {**os.environ, "LLMHUB_LEDGER_POSTGRES_URL": url, "OPENAI_API_KEY": "sk-loopback"}
    environ["LLMHUB_CACHE_DIR"] = str(tmp_path)
    command = [sys.executable, str(SPENDERS), str(config), "8", "8", "100000", str(killed)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(url) as reader:
        each, recorded = reader.execute("SELECT max(cost), count(*) FROM llmhub.calls WHERE status = 'ok'").fetchone()
        spent, held = reader.execute("SELECT spent, held FROM llmhub.purses").fetchone()
    served = provider_server.counts.requests
    paid = each * served
    print(f"{served} served, {recorded} recorded; paid {paid}, spent {spent}, held {held}")
    assert paid <= limit
    assert spent + held <= limit
    assert paid >= limit * Decimal("0.95")
    if killed:
        assert spent + held >= paid
    else:
        assert (recorded, spent, held) == (served, paid, 0)
