"""Money: what a call cost, the ledger's record of it, and budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from attrs import field, frozen

from llmhub.records.calls import Method, Usage

CostSource = Literal["provider", "genai_prices", "catalog", "cache"]
"""Who said it: the provider in its answer, the published rates in genai-prices, those in the catalog; or nothing was
sent, because the answer came out of the response cache."""


@frozen(kw_only=True)
class Cost:
    """What was paid, in US dollars, and how that is known.

    `dollars` is `None` where the model or the usage is unknown: unpriced, which is not free. `complete` is false when
    the usage does not tell enough for an exact figure; `dollars` is then the estimate, `at_most` what it cannot exceed,
    and `note` says what is missing.
    """

    dollars: Decimal | None = None
    source: CostSource | None = None
    complete: bool = False
    at_most: Decimal | None = None
    note: str = ""


UNPRICED = Cost()

EntryStatus = Literal["ok", "failed", "refused", "cancelled"]
"""`refused`: by a hook or a budget, before anything was sent. `cancelled`: by the caller."""


@frozen(kw_only=True)
class AttemptEntry:
    """One try of one target as the ledger keeps it. Seconds; `began` counts from the beginning of the call."""

    number: int
    provider: str
    model: str
    status: str
    duration: float
    began: float = 0.0
    status_code: int | None = None
    error_class: str | None = None
    usage: Usage | None = None
    cost: Cost = UNPRICED


@frozen(kw_only=True)
class LedgerEntry:
    """One call as the ledger keeps it: who called what, what came of it, what it took and cost.

    `at` is when the call began, in UTC; `latency` and `time_to_first_chunk` are seconds. `cost` is that of all its
    attempts together. `user_hash` stands for the user without naming them. `prompt` and `answer` are `None` unless the
    configuration asks for them to be kept.
    """

    call_id: str
    at: datetime
    project: str
    environment: str
    role: str
    provider: str
    model: str
    mode: str
    method: Method
    status: EntryStatus
    latency: float
    variant: str | None = None
    stream: bool = False
    cached: bool = False
    error_class: str | None = None
    time_to_first_chunk: float | None = None
    usage: Usage | None = None
    cost: Cost = UNPRICED
    user_hash: str | None = None
    labels: Mapping[str, str] = field(factory=dict)
    attempts: tuple[AttemptEntry, ...] = ()
    prompt: str | None = None
    answer: str | None = None


SpendKey = Literal["role", "model", "provider", "variant", "day", "environment"]


@frozen(kw_only=True)
class SpendQuery:
    """Which entries are meant; what is `None` does not restrict. `since` is included, `until` is not."""

    since: datetime | None = None
    until: datetime | None = None
    project: str | None = None
    environment: str | None = None
    role: str | None = None


@frozen(kw_only=True)
class SpendTotal:
    """What the calls that share one `key` came to. `cost` is the sum of what is known; `unpriced` calls add nothing to
    it, `incomplete` ones an estimate."""

    key: str | None
    calls: int
    failed: int
    unpriced: int
    incomplete: int
    input_tokens: int
    output_tokens: int
    cost: Decimal


# --- budgets --------------------------------------------------------------------------------------------------------


@frozen(kw_only=True, cache_hash=True)
class Purse:
    """The counter behind one budget in one window: `key` names it in the store, over all processes that share it.

    `limit` is what may be spent in it, `None` where spending is only watched.
    """

    key: str
    limit: Decimal | None


@frozen(kw_only=True)
class PurseState:
    """How a purse stands: dollars spent, dollars held by calls under way, calls whose cost nobody knows.

    `presumed` is the part of `spent` that comes from calls which never reported back.
    """

    key: str
    spent: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    presumed: Decimal = Decimal(0)
    unpriced: int = 0


@frozen(kw_only=True)
class Reservation:
    """So much is held in each of `purses` until the call settles; after `expires_at` the call counts as crashed.

    A crashed call may have been billed: `amount` then counts as spent, unless `release` gives it back.
    """

    reservation_id: str
    amount: Decimal
    purses: tuple[Purse, ...]
    expires_at: datetime
    release: bool = False


@frozen(kw_only=True)
class Refusal:
    """The purse that could not hold a reservation, as it stood."""

    purse: Purse
    state: PurseState


@frozen(kw_only=True)
class Settlement:
    """A call's money as it turned out: `amount` is spent from each of `purses`, and what was held is let go.

    `amount` is `None` when nobody knows what the call cost; that is counted, not priced.
    """

    reservation_id: str | None
    amount: Decimal | None
    purses: tuple[Purse, ...]


@frozen(kw_only=True)
class Spent:
    """What a settlement did to one purse: dollars spent in it `before` and `after`."""

    key: str
    before: Decimal
    after: Decimal


@frozen(kw_only=True)
class BudgetState:
    """How a budget stands in the window it is in, in dollars; see `PurseState`. `resets_at`: when the next one begins.

    `window` is "hour", "day", "month" or "total"; `scope` says in words what it counts.
    """

    name: str
    window: str
    limit: Decimal
    spent: Decimal
    held: Decimal = Decimal(0)
    presumed: Decimal = Decimal(0)
    unpriced: int = 0
    began_at: datetime | None = None
    resets_at: datetime | None = None
    on_exceed: str = "block"
    scope: str = ""


@frozen(kw_only=True)
class BudgetAlert:
    """A budget has reached a `share` of its limit. Told once per share and window, by whichever process got there."""

    project: str
    share: float
    budget: BudgetState


@frozen(kw_only=True)
class LedgerContext:
    """What a ledger is opened with: `folder` (a `pathlib.Path`) to keep files in, which may not be there yet, the
    environment, for addresses and passwords, and the clock."""

    project: str
    folder: Any
    environ: Mapping[str, str] = field(repr=False)
    now: Callable[[], datetime]
