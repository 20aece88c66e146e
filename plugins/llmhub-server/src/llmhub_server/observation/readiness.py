"""Whether a worker can take calls: what it waits for, by name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from llmhub_server.service import Service


@frozen(kw_only=True)
class Condition:
    """One thing that a worker needs, and in a few words how it stands. No details: anybody may ask."""

    name: str
    holds: bool
    told: str


def conditions(service: Service) -> tuple[Condition, ...]:
    """What there has to be: a configuration, any-llm imported, a ledger that can be reached, and no end in sight.

    The ledger is opened, so this is work for a thread.
    """
    roles = len(service.hub.config.roles)
    imported = "any_llm" in sys.modules
    return (
        Condition(name="configuration", holds=True, told=f"{roles} role{'' if roles == 1 else 's'}"),
        Condition(name="any_llm", holds=imported, told="imported" if imported else "not imported yet"),
        _ledger(service),
        Condition(
            name="draining",
            holds=not service.state.draining,
            told="ending: ask another" if service.state.draining else "no",
        ),
    )


def _ledger(service: Service) -> Condition:
    from llmhub.errors import HubError

    config = service.hub.config
    if config.ledger == "none":
        return Condition(name="ledger", holds=True, told="none is kept")
    try:
        with service.workspace.ledger(config):
            return Condition(name="ledger", holds=True, told="reachable")
    except HubError:
        return Condition(name="ledger", holds=False, told="cannot be reached; the log of the server says why")
