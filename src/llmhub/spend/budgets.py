"""Which budgets a call falls under, and in which window each of them stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from attrs import evolve, frozen

from llmhub.records.config import BudgetConfig, HubConfig
from llmhub.records.spending import BudgetState, Purse, PurseState


@frozen(kw_only=True, eq=False)
class Budget:
    """A budget of a configuration by its name."""

    name: str
    project: str
    terms: BudgetConfig

    @property
    def is_hard(self) -> bool:
        """Whether a call must fit into it, instead of only being counted."""
        return self.terms.on_exceed != "warn"

    def covers(self, environment: str, role: str, provider: str, labels: Mapping[str, str]) -> bool:
        """Whether a call counts against it: all that it names must be so."""
        terms = self.terms
        return (
            terms.environment in (None, environment)
            and terms.role in (None, role)
            and terms.provider in (None, provider)
            and all(labels.get(name) == value for name, value in terms.label.items())
        )

    def purse(self, at: datetime) -> Purse:
        """Its counter in the window of the time *at*. Equal budgets of one project share it, over all processes."""
        return _purse(self, int(at.timestamp()) // 3600)

    @property
    def scope(self) -> str:
        """What it counts, in words."""
        terms = self.terms
        named = {"environment": terms.environment, "role": terms.role, "provider": terms.provider}
        told = [f"{name} {value}" for name, value in named.items() if value is not None]
        told += [f"{name}={value}" for name, value in sorted(terms.label.items())]
        return ", ".join(told) or "all calls"

    def state(self, purse: PurseState, at: datetime) -> BudgetState:
        """How it stands when its counter stands like *purse*."""
        began, ends = window_of(self.terms.window, at)
        return BudgetState(
            name=self.name,
            window=self.terms.window,
            limit=self.terms.limit,
            spent=purse.spent,
            held=purse.held,
            presumed=purse.presumed,
            unpriced=purse.unpriced,
            began_at=began,
            resets_at=ends,
            on_exceed=self.terms.on_exceed,
            scope=self.scope,
        )


def budgets_of(config: HubConfig) -> tuple[Budget, ...]:
    """All budgets of *config*: those at its top, and those of roles, each under the name of its role."""
    named = dict(config.budgets)
    for name, role in config.roles.items():
        if role.budget is not None:
            named[f"role {name}"] = evolve(role.budget, role=name)
    return tuple(Budget(name=name, project=config.project, terms=terms) for name, terms in named.items())


def window_of(window: str, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When the window around the time *at* began and when it ends, in UTC; a total has neither.

    >>> began, ends = window_of("month", datetime(2026, 12, 24, 18, tzinfo=UTC))
    >>> began.isoformat(), ends.isoformat()
    ('2026-12-01T00:00:00+00:00', '2027-01-01T00:00:00+00:00')
    """
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if window == "hour":
        return hour, hour + timedelta(hours=1)
    day = hour.replace(hour=0)
    if window == "day":
        return day, day + timedelta(days=1)
    if window == "month":
        month = day.replace(day=1)
        return month, (month + timedelta(days=32)).replace(day=1)
    return None, None


@lru_cache(maxsize=256)
def _purse(budget: Budget, hour: int) -> Purse:
    # Every window is made of whole hours, so that this is worked out once an hour and not once a call.
    window = _start(budget.terms.window, datetime.fromtimestamp(hour * 3600, UTC))
    key = " / ".join((budget.project, budget.name, budget.scope, window))
    return Purse(key=key, limit=budget.terms.limit if budget.is_hard else None)


def _start(window: str, at: datetime) -> str:
    began, _ = window_of(window, at)
    return window if began is None else f"{window} {began:%Y-%m-%dT%H}"
