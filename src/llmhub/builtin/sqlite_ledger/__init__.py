"""The default ledger: one SQLite file for calls and one for budgets, shared by all processes of a machine.

Two files, because a reservation stands on the path of a call and must not wait for a batch of entries being written.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import BudgetStore, Ledger, LedgerStore
from llmhub.records.spending import LedgerContext


@hookimpl
def llmhub_ledgers() -> Sequence[Ledger]:
    return [Ledger(name="sqlite", open=_open, open_budgets=_open_budgets, budgets_are_local=True)]


def _open(context: LedgerContext) -> LedgerStore:
    from llmhub.builtin.sqlite_ledger.calls import SqliteLedger

    return SqliteLedger(context.folder / "ledger.db")


def _open_budgets(context: LedgerContext) -> BudgetStore:
    from llmhub.builtin.sqlite_ledger.budgets import SqliteBudgets

    return SqliteBudgets(context.folder / "budgets.db", context.now)
