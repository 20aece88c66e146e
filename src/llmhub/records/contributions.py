"""What a plugin offers: values that can be listed, traced and tested alone.

Each has a `name`, unique among its kind, by which the files choose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from attrs import field, frozen

from llmhub.records.calls import Attempt, CallContext, CallResult, Feedback, Target
from llmhub.records.context import CheckContext, SourceContext
from llmhub.records.model import CanonicalModel, CatalogStatistics, SourceLoad, Tiers
from llmhub.records.selection import GenerateRequest, Generation, Need
from llmhub.records.spending import (
    LedgerContext,
    LedgerEntry,
    PurseState,
    Refusal,
    Reservation,
    Settlement,
    SpendKey,
    SpendQuery,
    SpendTotal,
    Spent,
)


@frozen(kw_only=True)
class CatalogSource:
    """Where catalog facts come from.

    `load` is called on a worker thread of its own, beside the other sources, and bounded in time; it raises
    `llmhub.errors.SourceError` when it has nothing to give. Where two sources state the same field, the higher
    `priority` wins; `field_priorities` are those for single fields of `ModelFacts`, where they differ (a list of prices
    may count most for `price` and for nothing else). `attribution` is printed wherever the source's data is shown. A
    source with `default=False` is used only when `catalog.sources` names it; one that `stands_in_for` another only when
    that one gave no records. A `witness` is heard only on models that another source lists: it adds none.
    """

    name: str
    load: Callable[[SourceContext], SourceLoad]
    priority: int = 50
    attribution: str = ""
    default: bool = True
    stands_in_for: str | None = None
    field_priorities: Mapping[str, int] = field(factory=dict, hash=False)
    witness: bool = False


@frozen(kw_only=True)
class TierDeriver:
    """Turns a model's facts into tiers from 1 to 5. Pure: same model and statistics, same tiers."""

    name: str
    derive: Callable[[CanonicalModel, CatalogStatistics], Tiers]
    priority: int = 50


@frozen(kw_only=True)
class Generator:
    """Chooses a model for every role of a spec. Raises `llmhub.errors.SelectionError` when a role has none."""

    name: str
    generate: Callable[[GenerateRequest], Generation]


@frozen(kw_only=True)
class Scorer:
    """A criterion of its own: 0 (worst) to 1 (best), or `None` when unknown. Counts only where the spec weighs it."""

    name: str
    score: Callable[[Need, CanonicalModel], float | None]


@frozen(kw_only=True)
class Selector:
    """Decides which target a call tries first: returns the same targets in the order to try them.

    Runs on every call of a hub that names it, so it must be quick and must not block. Leaving targets out is allowed,
    adding some is not; an empty answer or an exception keeps the order of the file.
    """

    name: str
    order: Callable[[CallContext, tuple[Target, ...]], Sequence[Target]]


class LedgerStore(Protocol):
    """An open ledger. Used by one thread at a time, not always the same one, and never by a forked child.

    `write` keeps all it is given or raises `llmhub.errors.LedgerError`; what it is given again after a failure it keeps
    once. It runs on a thread of its own beside the calls, with what came together in a tenth of a second. `entries`
    are in the order they were written, from the one after `after` (a position it gave before) on. `prune` drops what
    is older and says how many calls that were. `close` lets go of the files.
    """

    def write(self, entries: Sequence[LedgerEntry | Feedback]) -> None: ...

    def entries(self, query: SpendQuery, after: int = 0) -> Iterator[tuple[int, LedgerEntry]]: ...

    def last_position(self) -> int: ...

    def totals(self, by: SpendKey, query: SpendQuery) -> Sequence[SpendTotal]: ...

    def feedback(self, query: SpendQuery) -> Iterator[Feedback]: ...

    def prune(self, before: datetime) -> int: ...

    def close(self) -> None: ...


class BudgetStore(Protocol):
    """Counters that no two processes can overdraw together. Used by one thread at a time, and by no forked child.

    `reserve` holds the amount in all purses or, when one of them cannot hold it, in none and says which. It must be one
    transaction, durable against the death of the process when it returns; it first ends what has expired. `settle`
    turns holds into spending, several in one transaction, and says what that did to each purse. A settlement whose
    reservation has expired meanwhile corrects what was presumed. All raise `llmhub.errors.LedgerError` when the
    counters cannot be reached.
    """

    def reserve(self, reservation: Reservation) -> Refusal | None: ...

    def settle(self, settlements: Sequence[Settlement]) -> Sequence[Spent]: ...

    def states(self, keys: Sequence[str]) -> Mapping[str, PurseState]: ...

    def close(self) -> None: ...


@frozen(kw_only=True)
class Ledger:
    """A record of calls, and of the money that budgets hold and spend.

    `open` is called once per hub and process, before the first entry is written, and by commands that read.
    `open_budgets` is called where the configuration has budgets; a ledger without it cannot keep any. Both raise
    `llmhub.errors.LedgerError` with a remedy. `budgets_are_local`: a reservation takes microseconds, so that it may be
    made on an event loop; others are made on a thread, which costs more than a local one takes.
    """

    name: str
    open: Callable[[LedgerContext], LedgerStore]
    open_budgets: Callable[[LedgerContext], BudgetStore] | None = None
    budgets_are_local: bool = False


@frozen(kw_only=True)
class CallWatcher:
    """One who follows each call of a hub from its beginning to its end.

    Its four functions are called as the hooks of the same names, and stand before them; nothing they raise reaches the
    call. `before_attempt` has no such hook: it is told of every attempt that `on_attempt` will be told of, unless the
    call is cancelled meanwhile, in the task that makes it, so that a context variable set there holds for the request.
    `close` is called when the hub closes; calls may follow nevertheless, since a hub may be used again.
    """

    name: str
    before_call: Callable[[CallContext], object]
    before_attempt: Callable[[CallContext], object]
    on_attempt: Callable[[CallContext, Attempt], object]
    after_call: Callable[[CallContext, CallResult], object]
    close: Callable[[], object] | None = None


Severity = Literal["ok", "warning", "error"]


@frozen(kw_only=True)
class Finding:
    """One thing a check found, with its remedy. `exit_code` counts for errors: 1 the user's to mend, 3 network."""

    check: str
    severity: Severity
    message: str
    remedy: str = ""
    exit_code: int = 1


@frozen(kw_only=True)
class Check:
    """One question `llmhub doctor` asks."""

    name: str
    run: Callable[[CheckContext], Sequence[Finding]]
    needs_network: bool = field(default=False)
