from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from llmhub.errors import LedgerError
from llmhub.host import PluginHost
from llmhub.records.contributions import Ledger
from llmhub.records.spending import LedgerContext
from llmhub.testing.ledger_contract import LedgerContract, entry


class TestSqliteLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> Ledger:
        return PluginHost.from_environment({}).ledgers().pick("sqlite")

    def test_a_person_can_query_the_file(self, ledger: Ledger, context: LedgerContext) -> None:
        store = ledger.open(context)
        store.write([entry("a")])
        store.close()
        found = sqlite3.connect(context.folder / "ledger.db")
        sql = "SELECT role, provider, model, cost / 1e12, labels ->> 'tenant' FROM calls"
        assert found.execute(sql).fetchall() == [("llm.answers", "openai", "gpt-4o-mini", 0.000123456789, "acmé")]
        found.close()

    def test_nobody_else_on_the_machine_may_read_it(self, ledger: Ledger, context: LedgerContext) -> None:
        ledger.open(context).close()
        assert stat.S_IMODE((context.folder / "ledger.db").stat().st_mode) == 0o600

    def test_a_file_of_a_later_version_is_left_alone(self, ledger: Ledger, context: LedgerContext) -> None:
        ledger.open(context).close()
        later = sqlite3.connect(context.folder / "ledger.db")
        later.execute("PRAGMA user_version=99")
        later.close()
        with pytest.raises(LedgerError, match="later version of llmhub"):
            ledger.open(context)

    def test_a_file_that_is_no_database_is_told_with_a_remedy(self, ledger: Ledger, context: LedgerContext) -> None:
        context.folder.mkdir(parents=True)
        Path(context.folder / "ledger.db").write_text("this is no database, and longer than a header of one\n" * 100)
        with pytest.raises(LedgerError, match="ledger: none"):
            ledger.open(context)
