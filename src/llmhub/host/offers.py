"""What plugins say they offer, taken at their word only after a look at its type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from llmhub.host.failures import RejectedError
from llmhub.host.plugin import Plugin


class Offer(NamedTuple):
    """One contribution with the plugin that owns it and the hook it came through."""

    owner: Plugin
    hook: str
    value: Any

    @property
    def name(self) -> str:
        return str(self.value.name)


LABELS: dict[str, str] = {
    "llmhub_catalog_sources": "catalog source",
    "llmhub_tier_derivers": "tier deriver",
    "llmhub_generators": "generator",
    "llmhub_scorers": "scorer",
    "llmhub_call_watchers": "call watcher",
    "llmhub_selectors": "selector",
    "llmhub_ledgers": "ledger",
    "llmhub_commands": "command",
    "llmhub_doctor_checks": "doctor check",
}
"""Every hook that lists contributions, with what one of them is called. All other hooks observe."""


def offers_in(returned: object, hook: str, owner: Plugin) -> tuple[Offer, ...]:
    """What the *hook* of *owner* *returned*, as offers.

    Raises:
        RejectedError: it is no sequence of the hook's record type, or a name is missing or stands twice.
    """
    record = _record_type(hook)
    wanted = record.__name__ if record else "click.Command"
    if not isinstance(returned, Sequence) or isinstance(returned, str | bytes):
        raise RejectedError(f"{hook} returned {_named(returned)}, expected a list or tuple of {wanted}")
    for value in returned:
        if record and not isinstance(value, record):
            raise RejectedError(f"{hook} returned {_named(value)} among its values, expected only {wanted}")
        name = getattr(value, "name", None)
        if not isinstance(name, str) or not name:
            raise RejectedError(f"{hook} returned {_named(value)} without a name")
    repeated = [name for name, count in Counter(value.name for value in returned).items() if count > 1]
    if repeated:
        raise RejectedError(f"{hook} returned the name {repeated[0]!r} more than once")
    return tuple(Offer(owner, hook, value) for value in returned)


def _record_type(hook: str) -> type | None:
    from llmhub.records import contributions

    types: dict[str, type] = {
        "llmhub_catalog_sources": contributions.CatalogSource,
        "llmhub_tier_derivers": contributions.TierDeriver,
        "llmhub_generators": contributions.Generator,
        "llmhub_scorers": contributions.Scorer,
        "llmhub_call_watchers": contributions.CallWatcher,
        "llmhub_selectors": contributions.Selector,
        "llmhub_ledgers": contributions.Ledger,
        "llmhub_doctor_checks": contributions.Check,
    }
    # Commands are click's, and this room knows nothing of click: a name is all it asks of them.
    return types.get(hook)


def _named(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
