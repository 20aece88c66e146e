"""Errors of plugins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmhub.errors.base import HubError, did_you_mean

if TYPE_CHECKING:
    from llmhub.records.plugins import PluginFailure


class PluginError(HubError):
    """Something is wrong with a plugin."""


class PluginLoadError(PluginError):
    """A plugin that was asked for could not be used; `failures` say which, where and why."""

    def __init__(self, failures: Sequence[PluginFailure]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n".join(str(failure) for failure in self.failures))


class NameClashError(PluginError):
    """Two plugins offer the same name for the same kind of thing."""

    def __init__(self, kind: str, name: str, owners: Sequence[str]) -> None:
        self.kind, self.name, self.owners = kind, name, tuple(owners)
        super().__init__(
            f"{' and '.join(self.owners)} both offer the {kind} {name!r}. "
            f"Disable one with LLMHUB_DISABLE_PLUGINS={self.owners[-1].split(' ')[0]}, or uninstall it."
        )


class UnknownContributionError(PluginError):
    """A file names a generator, source, selector or ledger that no plugin offers.

    `failures` are those of plugins of this kind: one of them may be the plugin that offers it.
    """

    def __init__(self, kind: str, name: str, known: Sequence[str], failures: Sequence[PluginFailure] = ()) -> None:
        self.kind, self.name, self.known, self.failures = kind, name, tuple(known), tuple(failures)
        listed = ", ".join(sorted(known)) or "none"
        head = f"no {kind} named {name!r}.{did_you_mean(name, known)} Offered by the installed plugins: {listed}."
        told = ["It may belong to a plugin that could not be used:"] if self.failures else []
        super().__init__("\n".join([head, *told, *(f"  {failure}" for failure in self.failures)]))
