"""The money of one hub: what its calls may still spend, what they did spend, and the record of them."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from attrs import define, frozen

from llmhub.errors import LedgerError
from llmhub.records.calls import Attempt, CallContext, CallResult, Feedback, Target, Usage
from llmhub.records.config import HubConfig
from llmhub.records.contributions import BudgetStore, LedgerStore
from llmhub.records.spending import (
    BudgetState,
    Cost,
    LedgerEntry,
)
from llmhub.spend.alerts import AlertHook, alerts_in, tell
from llmhub.spend.bound import Request, request_of
from llmhub.spend.budgets import Budget, budgets_of
from llmhub.spend.entry import PriceCall, attempt_cost, entry_of, text_of
from llmhub.spend.guarded import Guarded
from llmhub.spend.holds import NOT_SENT, Due, Hold
from llmhub.spend.keeper import BudgetKeeper
from llmhub.spend.pricing import Pricing
from llmhub.spend.writer import BatchWriter

BEHIND = 500
"""So many calls may wait for the writer's thread. Where more do, it gets too little of a processor that hundreds of
threads share, so each call makes its own entry: what waits is then small, and little is left to do for the thread."""

YIELD_EVERY = 32
"""Entries after which threads that make calls may go first: 2 ms, where Python by itself would let them wait 5."""


@define(eq=False)
class _Ended:
    """A call to be recorded, which ended at the Unix time `at`; `hold` is what its last attempt still holds.

    What came of it is worked out when it is first asked for, and once.
    """

    call: CallContext
    work_out: Callable[[], CallResult]
    at: float
    hold: Hold | None

    @cached_property
    def result(self) -> CallResult:
        return self.work_out()

    @cached_property
    def due(self) -> Due | None:
        if self.hold is None:
            return None
        # Not by way of this object, which would hold itself, and with it an answer until the collector comes.
        self.work_out = functools.cache(self.work_out)
        return Due(hold=self.hold, told=self.work_out)


_Item = _Ended | LedgerEntry | Due | Feedback


@frozen(kw_only=True)
class Stores:
    """How to open what the ledger offers; `budgets` only where there are any.

    `budgets_are_local`: a look at them takes microseconds.
    """

    ledger: Callable[[], LedgerStore] | None = None
    budgets: Callable[[], BudgetStore] | None = None
    budgets_are_local: bool = False


class Account:
    """Holds money before an attempt, settles it after, and records calls: all but the first off the path of the call.

    Safe from any thread. `record`, `settle` and `feedback` never wait and never raise.
    """

    def __init__(
        self,
        config: HubConfig,
        stores: Stores,
        pricing: Pricing,
        *,
        alert_hooks: Sequence[AlertHook] = (),
        environ: Mapping[str, str] = os.environ,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._config = config
        self._pricing = pricing
        self._alert_hooks = alert_hooks
        self._environ = environ
        self._now = now
        self.budgets_are_local = stores.budgets_are_local
        self._ledger = Guarded(stores.ledger) if stores.ledger else None
        self._writer: BatchWriter[_Item] = BatchWriter(self._write)
        self._keeper = BudgetKeeper(
            budgets=budgets_of(config),
            store=Guarded(stores.budgets) if stores.budgets else None,
            pricing=pricing,
            flush=self._writer.flush,
            now=now,
        )
        self._prune_at: datetime | None = None

    @property
    def keeps_record(self) -> bool:
        return self._ledger is not None

    @property
    def writer(self) -> BatchWriter[Any]:
        return self._writer

    @property
    def has_budgets(self) -> bool:
        return bool(self._keeper.budgets)

    # --- before an attempt ------------------------------------------------------------------------------------------

    def covering(self, call: CallContext, target: Target) -> Sequence[Budget]:
        """The budgets that an attempt falls under; a look at a tuple where there are none."""
        return self._keeper.covering(call, target) if self._keeper.budgets else ()

    def hold(
        self,
        covering: Sequence[Budget],
        call: CallContext,
        target: Target,
        params: Mapping[str, Any],
        patience: float,
    ) -> Hold:
        """Hold the most that an attempt can cost, as `BudgetKeeper.hold`, which may wait for the database."""
        return self._keeper.hold(covering, call, target, params, patience)

    # --- after it ---------------------------------------------------------------------------------------------------

    def settle(self, hold: Hold, attempt: Attempt | None, usage: Usage | None) -> None:
        """Count what an attempt cost, and let go of what it held; without *attempt* all that it held counts."""
        self._writer.put(Due(hold=hold, attempt=attempt, usage=usage))

    def let_go(self, hold: Hold) -> None:
        """Give back what an attempt held that was never sent."""
        self._writer.put(Due(hold=hold, attempt=NOT_SENT))

    def record(self, call: CallContext, result: Callable[[], CallResult], hold: Hold | None = None) -> None:
        """Keep a record of a finished call, and settle what its last attempt still holds.

        *result* is called once, later, on another thread: finding out what was used is no matter of the call's path.
        """
        ended = _Ended(call, result, time.time(), hold)
        if self._writer.waiting < BEHIND:
            self._writer.put(ended)
            return
        if ended.due is not None:
            self._writer.put(ended.due)
        if (entry := self._entry(ended)) is not None:
            self._writer.put(entry)

    def cost(self, call: CallContext, result: CallResult) -> Cost:
        """What a call cost, all attempts together."""
        request = functools.partial(request_of, call.method, call.input, call.params)
        return entry_of(result, self._now(), self._pricer(request)).cost

    def feedback(self, feedback: Feedback) -> None:
        """Keep what was said of an answer."""
        self._writer.put(feedback)

    def states(self) -> Sequence[BudgetState]:
        """How every budget stands now.

        Raises:
            LedgerError: the counters cannot be reached.
        """
        return self._keeper.states()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that is known is written; false when that takes longer."""
        return self._writer.flush(timeout)

    def close(self) -> None:
        """Write what is left, and close the files."""
        self._writer.close()
        for store in (self._ledger, self._keeper.store):
            if store is not None:
                store.close()

    # --- on the writer's thread -------------------------------------------------------------------------------------

    def _write(self, batch: Sequence[_Item]) -> None:
        self._pricing.keep_up()
        due = [due for item in batch if (due := _due_in(item)) is not None and not due.settled]
        if due:
            self._settle(due)
        if self._ledger is None:
            return
        kept = list(self._entries(item for item in batch if not isinstance(item, Due)))
        if kept:
            with self._ledger.use() as store:
                try:
                    store.write(kept)
                except (LedgerError, OSError):
                    raise  # it cannot be reached: all of them wait
                except Exception:
                    _write_each(store, kept)
                self._prune(store)

    def _settle(self, due: Sequence[Due]) -> None:
        all_spent = self._keeper.settle(due, self._due_cost)
        for item in due:
            item.settled = True
        now = self._now()
        for budget, spent in all_spent:
            for alert in alerts_in(budget, spent, now):
                tell(alert, self._alert_hooks, budget.terms.webhook_env, self._environ)

    def _due_cost(self, due: Due) -> Cost:
        try:
            attempt, usage = due.outcome()
            if attempt is None:
                return Cost()
            return attempt_cost(attempt, usage, due.hold.at, self._pricer(lambda: due.hold.request))
        except Exception as error:  # an unknown cost is charged at its bound; one call must not hold up all others
            _log("an attempt under budget %s cannot be priced", due.hold.budgets[0][0].name, error)
            return Cost()

    def _pricer(self, request: Callable[[], Request]) -> PriceCall:
        return functools.partial(self._pricing.cost, request=request)

    def _entries(self, items: Iterable[_Ended | LedgerEntry | Feedback]) -> Iterator[LedgerEntry | Feedback]:
        for number, item in enumerate(items):
            if number % YIELD_EVERY == 0:
                time.sleep(0)
            entry = self._entry(item) if isinstance(item, _Ended) else item
            if entry is not None:
                yield entry

    def _entry(self, item: _Ended) -> LedgerEntry | None:
        content = self._config.ledger_options.store_content
        try:
            call = item.call
            return entry_of(
                item.result,
                datetime.fromtimestamp(item.at, UTC),
                self._pricer(lambda: request_of(call.method, call.input, call.params)),
                prompt=text_of(call.input) if content else None,
                keep_answer=content,
            )
        except Exception as error:  # one call that cannot be told must not hold up all others
            _log("call %s is not in the ledger", item.call.call_id, error)
            return None

    def _prune(self, store: LedgerStore) -> None:
        days, now = self._config.ledger_options.retention_days, self._now()
        if days is not None and (self._prune_at is None or now >= self._prune_at):
            self._prune_at = now + timedelta(hours=1)
            store.prune(now - timedelta(days=days))


def _write_each(store: LedgerStore, entries: Iterable[LedgerEntry | Feedback]) -> None:
    """One by one, for one of them is of a kind that the store cannot hold, and must not hold up all others."""
    for entry in entries:
        try:
            store.write([entry])
        except (LedgerError, OSError):
            raise
        except Exception as error:
            _log("call %s is not in the ledger", entry.call_id, error)


def _due_in(item: _Item) -> Due | None:
    if isinstance(item, _Ended):
        return item.due
    return item if isinstance(item, Due) else None


def _log(message: str, about: str, error: Exception) -> None:
    import logging

    logging.getLogger("llmhub").error(message, about, exc_info=error)
