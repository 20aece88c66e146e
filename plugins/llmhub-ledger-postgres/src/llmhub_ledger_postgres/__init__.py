"""LLM Hub's ledger in PostgreSQL: `ledger: postgres`, at the address in `LLMHUB_LEDGER_POSTGRES_URL`."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub import hookimpl
from llmhub.records.contributions import BudgetStore, Ledger, LedgerStore
from llmhub.records.spending import LedgerContext

URL_VARIABLE = "LLMHUB_LEDGER_POSTGRES_URL"


@hookimpl
def llmhub_ledgers() -> Sequence[Ledger]:
    return [Ledger(name="postgres", open=_open, open_budgets=_open_budgets)]


def _open(context: LedgerContext) -> LedgerStore:
    from llmhub_ledger_postgres.calls import PostgresLedger

    return PostgresLedger(_url(context))


def _open_budgets(context: LedgerContext) -> BudgetStore:
    from llmhub_ledger_postgres.budgets import PostgresBudgets

    return PostgresBudgets(_url(context), context.now)


def _url(context: LedgerContext) -> str:
    from llmhub.errors import LedgerError

    url = context.environ.get(URL_VARIABLE)
    if not url:
        raise LedgerError(
            f"`ledger: postgres` needs an address: set {URL_VARIABLE} (postgresql://user:password@host/name)"
        )
    return url
