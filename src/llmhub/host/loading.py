"""Loading all plugins of one kind: import, register, collect; all or nothing for each plugin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from llmhub.host.call_hooks import CALL_HOOKS, Observer
from llmhub.host.failures import FailureLog, RejectedError
from llmhub.host.offers import LABELS, Offer, offers_in
from llmhub.host.plugin import Plugin

if TYPE_CHECKING:
    import pluggy

    from llmhub.records.plugins import Phase, PluginFailure, PluginKind


class LoadedKind(NamedTuple):
    """The plugins of one kind that could be used, what they offer, and why the others are absent.

    `observers` stand in pluggy's order: `tryfirst` before the rest, then the last registered first. Plugins register
    in the order of their names, so that the order does not depend on the file system.
    """

    plugins: tuple[Plugin, ...] = ()
    offers: tuple[Offer, ...] = ()
    observers: tuple[Observer, ...] = ()
    absent: tuple[PluginFailure, ...] = ()

    def offers_of(self, hook: str) -> list[Offer]:
        return [offer for offer in self.offers if offer.hook == hook]


def load(
    kind: PluginKind,
    plugins: Iterable[Plugin],
    kinds_of: Callable[[Plugin], Collection[PluginKind]],
    failures: FailureLog,
) -> LoadedKind:
    """Load *plugins* for *kind*. `kinds_of` says of which kinds a plugin's module may have hooks."""
    manager = _manager_for(kind)
    loaded: dict[str, Plugin] = {}
    offers: list[Offer] = []
    absent: list[PluginFailure] = []
    for plugin in plugins:
        phase: Phase = "import"
        try:
            instance = plugin.imported_for(kind)
            phase = "register"
            _register(plugin, instance, kinds_of(plugin), manager)
            phase = "collect"
            collected = _collect(plugin, kind, manager)
        except (Exception, SystemExit) as error:
            if manager.has_plugin(plugin.name):
                manager.unregister(name=plugin.name)
            absent.append(failures.remember(plugin, phase, error))
        else:
            loaded[plugin.name] = plugin
            offers.extend(collected)
    return LoadedKind(tuple(loaded.values()), tuple(offers), _observers(loaded, kind, manager), tuple(absent))


def check(plugin: Plugin) -> None:
    """Register *plugin*'s instance with a manager of its own, and forget it again.

    Raises:
        RejectedError: it has faults; the message names them all.
    """
    for kind in plugin.places:
        _register(plugin, plugin.instance, tuple(plugin.places), _manager_for(kind))


def _manager_for(kind: PluginKind) -> pluggy.PluginManager:
    import pluggy

    from llmhub import hookspecs

    manager = pluggy.PluginManager(hookspecs.PROJECT_NAME)
    names = hookspecs.HOOKS_BY_KIND[kind]
    of_this_kind = ModuleType(kind)
    vars(of_this_kind).update({name: getattr(hookspecs, name) for name in names})
    manager.add_hookspecs(of_this_kind)
    return manager


def _register(plugin: Plugin, instance: object, kinds: Collection[PluginKind], manager: pluggy.PluginManager) -> None:
    from llmhub.host.implementation import faults

    found = list(faults(instance, kinds, manager))
    other = manager.get_name(instance)
    if other is not None:
        found.append(f"its module is registered already, as plugin {other!r}")
    if found:
        raise RejectedError("; ".join(found))
    manager.register(instance, plugin.name)


def _collect(plugin: Plugin, kind: PluginKind, manager: pluggy.PluginManager) -> list[Offer]:
    from llmhub.hookspecs import HOOKS_BY_KIND

    return [
        offer
        for hook in HOOKS_BY_KIND[kind]
        if hook in LABELS
        for implementation in getattr(manager.hook, hook).get_hookimpls()
        if implementation.plugin_name == plugin.name
        for offer in offers_in(implementation.function(), hook, plugin)
    ]


def _observers(loaded: dict[str, Plugin], kind: PluginKind, manager: pluggy.PluginManager) -> tuple[Observer, ...]:
    if kind != "call":
        return ()
    from llmhub.host.implementation import accepted_arguments, arguments_of

    return tuple(
        Observer(
            loaded[implementation.plugin_name],
            hook,
            implementation.function,
            accepted_arguments(implementation.function, arguments_of(hook)),
        )
        for hook in CALL_HOOKS
        for implementation in reversed(getattr(manager.hook, hook).get_hookimpls())
    )
