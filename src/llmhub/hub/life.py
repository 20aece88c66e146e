"""What begins with a hub's first call and ends with the hub: plugins, connections, the ledger."""

from __future__ import annotations

import functools
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from llmhub.calls.configuration import ConfigSource
from llmhub.calls.roles import Roles
from llmhub.records.calls import CallContext, CallResult

if TYPE_CHECKING:
    from llmhub.calls.engine import Engine
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.spend.account import Account


class Life:
    """The `roles` in force, and the `engine` that calls them, which there is none of before the first call.

    Safe from any thread. It closes by itself when it is dropped, and at the end of the process.
    """

    def __init__(
        self,
        source: ConfigSource,
        *,
        on_before_call: Callable[[CallContext], None] | None,
        on_after_call: Callable[[CallResult], None] | None,
        plugins: PluginHost | None,
    ) -> None:
        self.roles = Roles(source.read())
        self.engine: Engine | None = None
        self._source, self._folder = source, source.folder
        self._on_before_call = on_before_call
        self._on_after_call = on_after_call
        self._plugins = plugins
        self._lock = threading.Lock()
        self._earlier: weakref.WeakSet[Account] = weakref.WeakSet()
        self._farewell: weakref.finalize[..., Life] | None = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=functools.partial(_forget_inherited, weakref.ref(self)))

    def begin(self) -> Engine:
        """The engine, made now if need be: all that a call needs and a mere `resolve` does not."""
        from llmhub.calls.engine import Engine
        from llmhub.calls.observe import observers_of

        with self._lock:
            if self.engine is None:
                host, config = self._host(), self.roles.config
                observers = observers_of(host, config, self._on_before_call, self._on_after_call, self._account(config))
                self.engine = Engine(self.roles, observers, os.environ)
                self._end_with(self.engine)
                host.report(sys.stderr)
            return self.engine

    def reload(self, config: HubConfig | Mapping[str, Any] | None) -> None:
        """Go on with what the source of the configuration says now, or with *config* from now on.

        Raises:
            ConfigNotFoundError, InvalidFileError, MissingKeysError: as when the hub was made.
            UnknownContributionError, PluginLoadError: it names a plugin that cannot be used.
        """
        source = self._source if config is None else self._source.replaced_by(config)
        roles = Roles(source.read())
        with self._lock:
            if self.engine is not None:
                self._exchange(self.engine, roles)
            self._source, self.roles = source, roles

    def close(self) -> None:
        """Close what was opened. The next call begins anew."""
        with self._lock:
            self.engine = None
            if self._farewell is not None:
                self._farewell()

    def _exchange(self, engine: Engine, roles: Roles) -> None:
        """An engine for *roles* in the place of *engine*; all that may fail comes first."""
        from llmhub.calls.observe import reselected

        before = engine.observers
        observers = reselected(before, self._host(), roles.config, self._account(roles.config))
        self.engine = engine.with_config(roles, observers)
        if before.account is not None:
            # Calls under way go on with it, and may have something to write until the very end.
            self._earlier.add(before.account)
            before.account.close()
        self._end_with(self.engine)

    def _end_with(self, engine: Engine) -> None:
        if self._farewell is not None:
            self._farewell.detach()
        self._farewell = weakref.finalize(self, _end, engine, self._earlier)

    def _account(self, config: HubConfig) -> Account | None:
        from llmhub.catalog.stored_models import StoredModels, same_model
        from llmhub.spend.opening import open_account

        models = StoredModels(os.environ, self._folder)
        return open_account(self._host(), config, os.environ, models, same_model, models.renew)

    def _host(self) -> PluginHost:
        if self._plugins is None:
            from llmhub.host import PluginHost

            self._plugins = PluginHost.from_environment(os.environ)
        return self._plugins


def _end(engine: Engine, earlier: Iterable[Account]) -> None:
    engine.close()
    for account in tuple(earlier):
        account.close()


def _forget_inherited(reference: weakref.ref[Life]) -> None:
    """In a forked child: start afresh, and leave the parent's connections alone."""
    life = reference()
    if life is not None:
        life._lock = threading.Lock()
        if life.engine is not None:
            life.engine.forget_inherited()
