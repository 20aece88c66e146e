"""The host: which plugins there are, loaded by kind on first use, with what they offer and how they failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any, TextIO

from llmhub.errors import NameClashError, PluginLoadError, UnknownContributionError
from llmhub.host.entry_points import GROUPS, EntryPoint, entry_points
from llmhub.host.failures import FailureLog, RejectedError
from llmhub.host.plugin import THIS_PROGRAM, Plugin, clash_label, plugins_of, shared_names

if TYPE_CHECKING:
    from llmhub.host.call_hooks import CallHooks
    from llmhub.host.loading import LoadedKind
    from llmhub.host.registry import Registry
    from llmhub.records.calls import CallContext, CallResult
    from llmhub.records.contributions import CatalogSource, Check, Generator, Ledger, Scorer, Selector, TierDeriver
    from llmhub.records.plugins import Phase, PluginFailure, PluginInfo, PluginKind, PluginStatus


class PluginHost:
    """All plugins of one Hub or one run of the command line. Safe to use from many threads.

    Without *entry_points* those of the installed distributions are read, on first need. *disabled* holds names of
    plugins or of distributions. Plugins of a kind are imported when something of that kind is first asked for; one that
    fails is passed over and remembered. A *strict* host raises `PluginLoadError` at the first failure instead.
    """

    def __init__(
        self, entry_points: Iterable[EntryPoint] | None = None, *, disabled: Iterable[str] = (), strict: bool = False
    ) -> None:
        self._installed = None if entry_points is None else plugins_of(entry_points)
        self._registered: tuple[Plugin, ...] = ()
        self._disabled = frozenset(disabled)
        self._failures = FailureLog(strict=strict)
        self._kinds: dict[PluginKind, LoadedKind] = {}
        self._commands: dict[str, LoadedKind] = {}
        self._lock = RLock()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> PluginHost:
        """A host of the installed plugins, minding `LLMHUB_DISABLE_PLUGINS=a,b` and `LLMHUB_STRICT_PLUGINS=1`."""
        names = (name.strip() for name in environ.get("LLMHUB_DISABLE_PLUGINS", "").split(","))
        return cls(
            disabled=filter(None, names),
            strict=environ.get("LLMHUB_STRICT_PLUGINS", "").strip().lower() not in ("", "0", "false", "no"),
        )

    @classmethod
    def empty(cls) -> PluginHost:
        """A host without installed plugins, for `register`."""
        return cls(())

    def register(self, plugin: object, name: str, *kinds: PluginKind) -> None:
        """Add an object or module with hooks of *kinds* under *name*, beside the installed plugins.

        Raises:
            PluginLoadError: its hooks have faults; all are named.
        """
        from llmhub.host.loading import check

        if not kinds or not GROUPS.keys() >= {f"llmhub.{kind}" for kind in kinds}:
            raise ValueError(f"of which kinds is plugin {name!r}? Give some of: {', '.join(GROUPS.values())}")
        place = str(getattr(plugin, "__name__", type(plugin).__qualname__))
        added = Plugin(name, THIS_PROGRAM, "", dict.fromkeys(kinds, place), plugin)
        try:
            check(added)
        except RejectedError as error:
            raise self._asked_for([self._failures.remember(added, "register", error)]) from error
        with self._lock:
            self._registered += (added,)
            for kind in kinds:
                self._kinds.pop(kind, None)

    # --- what plugins offer, by name; each raises NameClashError when two plugins offer one name ---

    def catalog_sources(self) -> Registry[CatalogSource]:
        """The sources of the catalog, by name."""
        return self._registry("catalog", "llmhub_catalog_sources")

    def tier_derivers(self) -> Registry[TierDeriver]:
        """The rules that give tiers, by name."""
        return self._registry("catalog", "llmhub_tier_derivers")

    def generators(self) -> Registry[Generator]:
        """What can choose models, by name."""
        return self._registry("generate", "llmhub_generators")

    def scorers(self) -> Registry[Scorer]:
        """Further criteria of a choice, by name."""
        return self._registry("generate", "llmhub_scorers")

    def selectors(self) -> Registry[Selector]:
        """What can order a call's targets, by name."""
        return self._registry("call", "llmhub_selectors")

    def ledgers(self) -> Registry[Ledger]:
        """What can keep a record of calls, by name."""
        return self._registry("call", "llmhub_ledgers")

    def doctor_checks(self) -> Registry[Check]:
        """The checks of `llmhub doctor`, by name."""
        return self._registry("doctor", "llmhub_doctor_checks")

    # --- around a call ---

    def call_hooks(
        self,
        before: Callable[[CallContext], object] | None = None,
        after: Callable[[CallResult], object] | None = None,
    ) -> CallHooks:
        """The guarded hooks around a call, to be asked for once and kept.

        *before* and *after* are the application's own observers. They are guarded as the plugins' are and run last:
        they see what the plugins made of the call.
        """
        from llmhub.host.call_hooks import MOMENTS, CallHooks, application_observer, guarded, watching

        loaded = self._loaded("call")
        observers = list(loaded.observers)
        if loaded.offers_of("llmhub_call_watchers"):
            watchers = self._registry("call", "llmhub_call_watchers")
            observers[:0] = [each for name in watchers for each in watching(watchers.owner(name), watchers[name])]
        if before is not None:
            observers.append(application_observer("on_before_call", "llmhub_before_call", before))
        if after is not None:
            observers.append(application_observer("on_after_call", "llmhub_after_call", after))
        return CallHooks(
            *(tuple(guarded(each, self._failures) for each in observers if each.hook == hook) for hook in MOMENTS)
        )

    # --- commands ---

    def command_names(self) -> Mapping[str, str]:
        """The commands that plugins offer, by name, with their distributions; nothing is imported."""
        names: dict[str, list[str]] = {}
        for plugin in self._enabled("commands"):
            names.setdefault(plugin.name, []).append(plugin.distribution)
        return {name: " and ".join(distributions) for name, distributions in sorted(names.items())}

    def command(self, name: str) -> Any:
        """The click command *name*, importing only the plugin that offers it.

        Raises:
            UnknownContributionError: no plugin offers it.
            PluginLoadError: the plugin that does could not be used, or holds no command of that name.
            NameClashError: two distributions offer it.
        """
        loaded = self._loaded_command(name)
        if loaded.absent:
            raise self._asked_for(loaded.absent)
        return next(offer.value for offer in loaded.offers_of("llmhub_commands") if offer.name == name)

    # --- how they stand ---

    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin with where it comes from and how it stands so far; nothing is imported."""
        from llmhub.records.plugins import PluginInfo

        return tuple(
            PluginInfo(
                name=plugin.name,
                distribution=plugin.distribution,
                version=plugin.version,
                module=", ".join(dict.fromkeys(plugin.places.values())),
                kinds=tuple(kind for kind in GROUPS.values() if kind in plugin.places),
                status=self._status(plugin),
                failures=self._failures.of(plugin),
            )
            for plugin in self._plugins()
        )

    def load_all(self) -> tuple[PluginInfo, ...]:
        """Load every plugin of every kind, then list them as `plugins` does.

        Clashes of names are remembered as failures of all their owners, so that the listing always comes about.
        """
        loads: list[Callable[[], object]] = [partial(self._loaded_command, name) for name in self.command_names()]
        loads += [partial(self._registries, kind) for kind in GROUPS.values() if kind != "commands"]
        for load in loads:
            try:
                load()
            except NameClashError as clash:
                for plugin in self._plugins():
                    if clash_label(plugin) in clash.owners or str(plugin) in clash.owners:
                        self._failures.remember(plugin, "register", RejectedError(str(clash)))
        return self.plugins()

    @property
    def failures(self) -> tuple[PluginFailure, ...]:
        """Every failure so far, with its traceback."""
        return self._failures.all()

    def remember(self, plugin: Plugin, phase: Phase, error: Exception) -> PluginFailure:
        """Keep a failure that came about outside the host: a contribution that broke when it was run."""
        return self._failures.remember(plugin, phase, error)

    def report(self, stream: TextIO) -> None:
        """Write one line for each failure that has not been told yet, in an error, a log or an earlier report."""
        self._failures.report(stream)

    # --- within ---

    def _plugins(self) -> tuple[Plugin, ...]:
        if self._installed is None:
            self._installed = plugins_of(entry_points(sys.path))
        return self._installed + self._registered

    def _enabled(self, kind: PluginKind) -> list[Plugin]:
        return [plugin for plugin in self._plugins() if kind in plugin.places and not self._is_disabled(plugin)]

    def _is_disabled(self, plugin: Plugin) -> bool:
        return plugin.is_named_in(self._disabled)

    def _kinds_of(self, plugin: Plugin) -> Collection[PluginKind]:
        # A module may stand in another group under another name, as a command does under the command's.
        return {
            kind
            for other in self._plugins()
            if other.distribution == plugin.distribution
            for kind, place in other.places.items()
            if place in plugin.places.values()
        }

    def _loaded(self, kind: PluginKind) -> LoadedKind:
        found = self._kinds.get(kind)
        if found is not None:
            return found
        with self._lock:
            if kind not in self._kinds:
                self._kinds[kind] = self._load(kind, self._enabled(kind))
            return self._kinds[kind]

    def _loaded_command(self, name: str) -> LoadedKind:
        from llmhub.host.loading import LoadedKind

        plugins = [plugin for plugin in self._enabled("commands") if plugin.name == name]
        if not plugins:
            raise UnknownContributionError("command", name, list(self.command_names()))
        with self._lock:
            if name not in self._commands:
                loaded = self._load("commands", plugins)
                offered = sorted(offer.name for offer in loaded.offers)
                if not loaded.absent and name not in offered:
                    error = RejectedError(
                        f"llmhub_commands offers no command {name!r}, only: {', '.join(offered) or 'none'}"
                    )
                    loaded = LoadedKind(absent=(self._failures.remember(plugins[0], "collect", error),))
                self._commands[name] = loaded
            return self._commands[name]

    def _load(self, kind: PluginKind, plugins: Collection[Plugin]) -> LoadedKind:
        from llmhub.host.loading import LoadedKind, load

        if not plugins:
            return LoadedKind()
        names = {plugin.name for plugin in plugins}
        for clashing in shared_names(plugin for plugin in self._plugins() if not self._is_disabled(plugin)):
            if clashing[0].name in names:
                raise NameClashError("plugin", clashing[0].name, [clash_label(plugin) for plugin in clashing])
        return load(kind, plugins, self._kinds_of, self._failures)

    def _registry(self, kind: PluginKind, hook: str) -> Registry[Any]:
        from llmhub.host.offers import LABELS
        from llmhub.host.registry import Registry

        loaded = self._loaded(kind)
        return Registry(LABELS[hook], loaded.offers_of(hook), absent=loaded.absent, failures=self._failures)

    def _registries(self, kind: PluginKind) -> list[Registry[Any]]:
        from llmhub.hookspecs import HOOKS_BY_KIND
        from llmhub.host.offers import LABELS

        return [self._registry(kind, hook) for hook in HOOKS_BY_KIND[kind] if hook in LABELS]

    def _status(self, plugin: Plugin) -> PluginStatus:
        if self._is_disabled(plugin):
            return "disabled"
        if any(failure.phase in ("import", "register", "collect") for failure in self._failures.of(plugin)):
            return "failed"
        loaded = {each.key for kind in (*self._kinds.values(), *self._commands.values()) for each in kind.plugins}
        return "loaded" if plugin.key in loaded else "available"

    def _asked_for(self, failures: Iterable[PluginFailure]) -> PluginLoadError:
        self._failures.mark_as_told(failures)
        return PluginLoadError(tuple(failures))
