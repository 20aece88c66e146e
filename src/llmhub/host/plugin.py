"""One plugin, as the entry points of its distribution state it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from llmhub.host.entry_points import EntryPoint, normalised

if TYPE_CHECKING:
    from llmhub.records.plugins import PluginKind

THIS_PROGRAM = "this program"
"""Stands where a distribution's name would, for plugins that a program registers itself."""


class Plugin(NamedTuple):
    """A name in one distribution, with the place to import it from (`module:attribute`) for each kind it is of.

    `instance` is set where a program registered an object of its own: nothing is imported then.
    """

    name: str
    distribution: str
    version: str
    places: Mapping[PluginKind, str]
    instance: object = None

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution})"

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.distribution

    def imported_for(self, kind: PluginKind) -> object:
        """The module or object that holds the hooks; raises whatever importing it raises."""
        if self.instance is not None:
            return self.instance
        module, _, attributes = self.places[kind].partition("[")[0].partition(":")
        found: object = importlib.import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            found = getattr(found, attribute)
        return found

    def is_named_in(self, names: Iterable[str]) -> bool:
        """Whether one of *names* is this plugin's, or that of its distribution in any spelling."""
        distribution = normalised(self.distribution)
        return any(name == self.name or normalised(name) == distribution for name in names)


def plugins_of(entry_points: Iterable[EntryPoint]) -> tuple[Plugin, ...]:
    """The plugins behind *entry_points*, by name: a name in several groups of one distribution is one plugin."""
    versions: dict[tuple[str, str], str] = {}
    places: dict[tuple[str, str], dict[PluginKind, str]] = {}
    for entry in entry_points:
        key = entry.name, entry.distribution
        versions[key] = entry.version
        places.setdefault(key, {})[entry.kind] = entry.value
    return tuple(
        Plugin(name, distribution, versions[name, distribution], places[name, distribution])
        for name, distribution in sorted(places)
    )


def shared_names(plugins: Iterable[Plugin]) -> list[tuple[Plugin, ...]]:
    """The plugins that bear the same name though they come from different distributions, name by name."""
    by_name: dict[str, list[Plugin]] = {}
    for plugin in plugins:
        by_name.setdefault(plugin.name, []).append(plugin)
    return [tuple(bearers) for bearers in by_name.values() if len(bearers) > 1]


def clash_label(plugin: Plugin) -> str:
    """The distribution first: where names are equal, only it says which of them to disable."""
    return f"{plugin.distribution} (plugin {plugin.name!r})"
