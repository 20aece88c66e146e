"""How fast models answered: `llmhub.measured.yaml`, and the ledger that it is taken from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig
    from llmhub.records.contributions import LedgerStore
    from llmhub.records.measurements import Measurements

DAYS = 30
NEWEST = 20_000
"""So many of the ledger's entries are looked at, at most: they are read one by one."""


def measure(session: Session, config: HubConfig) -> Measurements:
    """What the ledger of *config* shows of the last 30 days, over all environments of the project.

    Raises:
        LedgerError: no record is kept, or it cannot be reached.
    """
    from llmhub.cli.ledger import opened_ledger

    with opened_ledger(session, config) as store:
        return measured_in(store, config.project)


def measured_in(store: LedgerStore, project: str) -> Measurements:
    """What an open ledger shows of the last 30 days of *project*."""
    from llmhub.generate.measured import measured
    from llmhub.records.spending import SpendQuery

    today = datetime.now(UTC)
    query = SpendQuery(since=today - timedelta(days=DAYS), project=project)
    entries = store.entries(query, after=max(store.last_position() - NEWEST, 0))
    return measured((entry for _, entry in entries), until=today.date().isoformat(), days=DAYS)


def measure_enough(session: Session) -> Measurements:
    """What the ledger of the present configuration shows, where it shows anything.

    Raises:
        ConfigNotFoundError, InvalidFileError: there is no configuration yet, which would name the ledger.
        LedgerError: no record is kept, or too little to measure anything.
    """
    from llmhub.errors import LedgerError
    from llmhub.generate.measured import LEAST_CALLS

    found = measure(session, session.config())
    if not found.latency:
        raise LedgerError(
            f"the ledger holds too little to measure: no model gave {LEAST_CALLS} answers of comparable length in the "
            f"last {DAYS} days. Nothing is changed; `llmhub generate` goes on by estimates."
        )
    return found
