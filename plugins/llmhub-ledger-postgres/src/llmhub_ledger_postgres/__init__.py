"""LLM Hub's ledger in PostgreSQL: `ledger: postgres`, at the address in `LLMHUB_LEDGER_POSTGRES_URL`."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import BudgetStore, Ledger, LedgerStore
from llmhub.records.spending import LedgerContext


@hookimpl
def llmhub_ledgers() -> Sequence[Ledger]:
    return [Ledger(name="postgres", open=_open, open_budgets=_open_budgets)]


def _open(context: LedgerContext) -> LedgerStore:
    from llmhub_ledger_postgres.address import address
    from llmhub_ledger_postgres.calls import PostgresLedger

    return PostgresLedger(address(context.environ))


def _open_budgets(context: LedgerContext) -> BudgetStore:
    from llmhub_ledger_postgres.address import address
    from llmhub_ledger_postgres.budgets import PostgresBudgets

    return PostgresBudgets(address(context.environ), context.now)
