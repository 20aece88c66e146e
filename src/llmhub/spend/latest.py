"""The calls that a ledger recorded last."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub.records.contributions import LedgerStore
from llmhub.records.spending import LedgerEntry, SpendQuery

__all__ = ["latest"]


def latest(store: LedgerStore, query: SpendQuery, count: int) -> Sequence[LedgerEntry]:
    """The last *count* entries that *query* means, in the order they were written.

    They are looked for ever further back: other projects may share the ledger.
    """
    back, last = 10 * count, store.last_position()
    while True:
        found = [entry for _, entry in store.entries(query, after=max(last - back, 0))]
        if len(found) >= count or back >= last:
            return found[-count:] if count else ()
        back *= 10
