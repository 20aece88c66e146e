from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from llmhub.builtin.sqlite_ledger.database import open_database
from llmhub.errors import LedgerError
from llmhub.host import PluginHost
from llmhub.records.calls import Feedback
from llmhub.records.contributions import Ledger
from llmhub.records.spending import LedgerContext, SpendQuery
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

    @pytest.mark.parametrize(
        ("column", "odd"),
        [
            ("cost", "a lot"),
            ("at", 2**62),
            ("at", "today"),
            ("labels", "{"),
            ("labels", '["a"]'),
            ("input_tokens", "many"),
            ("stream", 7),
            ("status", "fine"),
            ("latency", "slow"),
            ("role", b"\xff"),
        ],
    )
    def test_a_row_that_makes_no_sense_is_told_and_not_read_as_something_else(
        self, ledger: Ledger, context: LedgerContext, column: str, odd: object
    ) -> None:
        store = ledger.open(context)
        store.write([entry("a")])
        by_hand = sqlite3.connect(context.folder / "ledger.db")
        by_hand.execute(f"UPDATE calls SET {column} = ?", (odd,))
        by_hand.commit()
        by_hand.close()
        with pytest.raises(LedgerError, match=r"ledger\.db: .*ledger: none"):
            list(store.entries(SpendQuery()))
        store.close()

    def test_labels_that_an_earlier_version_wrote_as_they_were_given_are_read(
        self, ledger: Ledger, context: LedgerContext
    ) -> None:
        store = ledger.open(context)
        store.write([entry("a"), Feedback(call_id="a", score=1.0)])
        by_hand = sqlite3.connect(context.folder / "ledger.db")
        by_hand.execute("""UPDATE calls SET labels = '{"round": 3}'""")
        by_hand.execute("""UPDATE feedback SET labels = '{"judge": null}'""")
        by_hand.commit()
        by_hand.close()
        assert [found.labels for _, found in store.entries(SpendQuery())] == [{"round": "3"}]
        assert [found.labels for found in store.feedback(SpendQuery())] == [{"judge": "None"}]
        store.close()

    def test_a_damaged_file_is_told_wherever_it_is_read(self, ledger: Ledger, context: LedgerContext) -> None:
        store = ledger.open(context)
        store.write([entry(str(number)) for number in range(200)])
        store.close()
        file = context.folder / "ledger.db"
        content = bytearray(file.read_bytes())
        for page in range(4096, len(content), 4096):
            content[page : page + 512] = b"\xff" * 512
        file.write_bytes(content)
        for read in (
            lambda store: list(store.entries(SpendQuery())),
            lambda store: store.totals("role", SpendQuery()),
            lambda store: store.last_position(),
            lambda store: list(store.feedback(SpendQuery())),
        ):
            store = ledger.open(context)
            with pytest.raises(LedgerError, match="ledger: none"):
                read(store)  # type: ignore[no-untyped-call]
            store.close()

    def test_damaged_counters_of_budgets_are_told(self, ledger: Ledger, context: LedgerContext) -> None:
        assert ledger.open_budgets is not None
        ledger.open_budgets(context).close()
        by_hand = sqlite3.connect(context.folder / "budgets.db")
        by_hand.execute("INSERT INTO purses (key, spent) VALUES ('a', 'a lot')")
        by_hand.commit()
        by_hand.close()
        store = ledger.open_budgets(context)
        with pytest.raises(LedgerError, match=r"budgets\.db: .*ledger: none"):
            store.states(["a"])
        store.close()


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for number in range(10):
        path, together, failed = tmp_path / f"{number}.db", threading.Barrier(16), []

        def open_it(
            path: Path = path, together: threading.Barrier = together, failed: list[Exception] = failed
        ) -> None:
            together.wait()
            try:
                open_database(path, ["CREATE TABLE kept (item)"]).close()
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=open_it) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
