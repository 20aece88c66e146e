"""All that the view shows of a project's record of calls, asked for at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from llmhub.errors import HubError

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig
    from llmhub.records.contributions import LedgerStore
    from llmhub.records.spending import BudgetState, LedgerEntry, SpendKey, SpendTotal
    from llmhub.spend.arms import Arm
    from llmhub.spend.comparison import Comparison
    from llmhub.workspace import Workspace
    from llmhub.workspace.spending import Health

WINDOWS: Mapping[str, timedelta | None] = {
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "all": None,
}
"""What may be looked at, by what the address calls it."""
WINDOW_NAMES = {
    "1h": "last hour",
    "24h": "last 24 hours",
    "7d": "last 7 days",
    "30d": "last 30 days",
    "all": "all that is kept",
}
KEYS: tuple[SpendKey, ...] = ("role", "model", "provider", "variant", "environment")
LATEST = 30
"""So many calls are shown, the last ones."""


@frozen(kw_only=True)
class Sum:
    """What all calls came to. `dollars` is of those that are priced, `None` where none is."""

    calls: int
    failed: int
    unpriced: int
    incomplete: int
    dollars: Decimal | None


@frozen(kw_only=True)
class Experiment:
    """A role with variants. `comparisons` is `None` where no statistics are installed."""

    role: str
    unit: str
    weights: Mapping[str, float]
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...] | None


@frozen(kw_only=True)
class Account:
    """What the record shows; `begun` is false before the first call, and all else is empty then.

    `refusals` say of a part, by its name, why it cannot be shown.
    """

    config: HubConfig = field(repr=False)
    begun: bool
    totals: tuple[SpendTotal, ...] = ()
    days: tuple[SpendTotal, ...] = ()
    latest: tuple[LedgerEntry, ...] = ()
    budgets: tuple[BudgetState, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    health: Health | None = None
    position: int = 0
    refusals: Mapping[str, str] = field(factory=dict)

    @property
    def sum(self) -> Sum:
        calls, unpriced = sum(one.calls for one in self.totals), sum(one.unpriced for one in self.totals)
        return Sum(
            calls=calls,
            failed=sum(one.failed for one in self.totals),
            unpriced=unpriced,
            incomplete=sum(one.incomplete for one in self.totals),
            dollars=sum((one.cost for one in self.totals), Decimal(0)) if calls > unpriced else None,
        )


def account(workspace: Workspace, by: SpendKey, window: str, now: datetime) -> Account:
    """The record of the project in *window*, its costs *by* one key.

    Raises:
        ConfigNotFoundError, InvalidFileError: there is no configuration, or one with problems.
        LedgerError: the record cannot be reached.
    """
    from llmhub.spend.latest import latest
    from llmhub.workspace.spending import calls_of, health_in, record_begun

    config = workspace.config()
    refusals: dict[str, str] = {}
    budgets: tuple[BudgetState, ...] = ()
    if not record_begun(workspace, config):
        return Account(config=config, begun=False)
    try:
        budgets = workspace.budgets(config)
    except HubError as error:
        refusals["budgets"] = str(error)
    length = WINDOWS[window]
    query = calls_of(workspace, config, since=None if length is None else now - length)
    with workspace.ledger(config) as store:
        return Account(
            config=config,
            begun=True,
            totals=_dearest_first(store.totals(by, query)),
            days=tuple(sorted(store.totals("day", query), key=lambda one: one.key or "")),
            latest=tuple(reversed(latest(store, calls_of(workspace, config), LATEST))),
            budgets=budgets,
            experiments=tuple(_experiments(workspace, store, config, query.since)),
            health=health_in(store, config, query, now),
            position=store.last_position(),
            refusals=refusals,
        )


def position(workspace: Workspace, config: HubConfig) -> int:
    """How far the record reaches; another figure than before means that there are new calls."""
    from llmhub.workspace.spending import record_begun

    if not record_begun(workspace, config):
        return 0
    with workspace.ledger(config) as store:
        return store.last_position()


def _dearest_first(totals: Sequence[SpendTotal]) -> tuple[SpendTotal, ...]:
    return tuple(sorted(totals, key=lambda one: (-one.cost, -one.calls, one.key or "")))


def _experiments(
    workspace: Workspace, store: LedgerStore, config: HubConfig, since: datetime | None
) -> Iterator[Experiment]:
    from llmhub.spend.comparison import comparisons, statistics_installed
    from llmhub.workspace.spending import arms_in, calls_of

    for name, role in config.roles.items():
        if not role.variants:
            continue
        arms = arms_in(store, config, calls_of(workspace, config, since=since, role=name))
        compared = (comparisons(arms[0], arms[1:]) if arms else ()) if statistics_installed() else None
        whole = sum(one.weight for one in role.variants if one.enabled)
        yield Experiment(
            role=name,
            unit="users" if role.sticky_by in (None, "user") else str(role.sticky_by),
            weights={one.name: one.weight / whole if one.enabled and whole else 0.0 for one in role.variants},
            arms=arms,
            comparisons=compared,
        )
