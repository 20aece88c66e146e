"""What the record of calls of a project shows: which calls are meant, its variants, how its targets do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from llmhub.records.calls import Feedback
    from llmhub.records.config import HubConfig
    from llmhub.records.contributions import LedgerStore
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.arms import Arm
    from llmhub.spend.sightings import Sighting
    from llmhub.workspace.workspace import Workspace

__all__ = ["Health", "arms_in", "calls_of", "health_in", "record_begun"]


@frozen(kw_only=True)
class Health:
    """How the targets of a configuration did, and others that were tried, by `provider:model`.

    `seen` is `None` for a target that was not tried: of it nothing is known. `roles` are those that a target serves.
    """

    seen: Mapping[str, Sighting | None] = field(repr=False)
    roles: Mapping[str, Sequence[str]]

    @property
    def failing(self) -> tuple[str, ...]:
        """The roles all of whose targets were tried, and are left alone by now."""
        well = {
            role
            for target, named in self.roles.items()
            for role in named
            if (sighting := self.seen.get(target)) is None or sighting.state == "closed"
        }
        return tuple(
            role for role in dict.fromkeys(role for named in self.roles.values() for role in named) if role not in well
        )


def record_begun(workspace: Workspace, config: HubConfig) -> bool:
    """Whether there is a record of calls to look into.

    Opening the default ledger would make its file, and a look should leave nothing behind.

    Raises:
        UnknownContributionError, PluginLoadError: *config* names a ledger that cannot be used.
    """
    from llmhub.config.paths import data_dir
    from llmhub.spend.opening import DEFAULT, chosen_ledger

    ledger = chosen_ledger(workspace.host, config)
    if ledger is None:
        return False
    return ledger.name != DEFAULT or any(data_dir(workspace.environ).glob("ledger.*"))


def calls_of(
    workspace: Workspace,
    config: HubConfig,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    role: str | None = None,
) -> SpendQuery:
    """The calls of the project; of one environment where one was asked for."""
    from llmhub.records.spending import SpendQuery

    environment = config.env if workspace.environment else None
    return SpendQuery(since=since, until=until, project=config.project, environment=environment, role=role)


def arms_in(
    store: LedgerStore, config: HubConfig, query: SpendQuery, labels: Mapping[str, str] | None = None
) -> tuple[Arm, ...]:
    """The variants of the role of *query* that the calls it means show, in the order of the file, then others.

    Only feedback with all of *labels* counts. It comes after its call, perhaps days later: its own time is no matter.

    Raises:
        UnknownRoleError: *config* has no such role.
    """
    from llmhub.errors import UnknownRoleError
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.arms import arms_of

    if query.role is None or query.role not in config.roles:
        raise UnknownRoleError(query.role or "", list(config.roles))
    settings = config.roles[query.role]
    told = SpendQuery(project=query.project, environment=query.environment)
    feedback = [one for one in store.feedback(told) if _has(one, labels or {})]
    found = arms_of((entry for _, entry in store.entries(query)), feedback, settings.sticky_by)
    names = dict.fromkeys([*(one.name for one in settings.variants), *found])
    return tuple(found[name] for name in names if name in found)


def health_in(store: LedgerStore, config: HubConfig, query: SpendQuery, now: datetime) -> Health:
    """How targets did in the calls that *query* means."""
    from llmhub.spend.sightings import sightings

    roles = _roles_by_target(config)
    found = sightings((entry for _, entry in store.entries(query)), config.circuit, now)
    return Health(seen={**dict.fromkeys(roles), **found}, roles=roles)


def _has(feedback: Feedback, labels: Mapping[str, str]) -> bool:
    return all(feedback.labels.get(name) == value for name, value in labels.items())


def _roles_by_target(config: HubConfig) -> dict[str, list[str]]:
    from llmhub.calls.resolve import resolve_all

    roles: dict[str, list[str]] = {}
    for resolved in resolve_all(config):
        for target in resolved.targets:
            named = roles.setdefault(f"{target.provider}:{target.model}", [])
            if resolved.role not in named:
                named.append(resolved.role)
    return roles
