"""The hooks around a call, each guarded: what one of them does wrong reaches neither the call nor its neighbour."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from llmhub.errors import CallRefused
from llmhub.host.failures import FailureLog
from llmhub.host.plugin import THIS_PROGRAM, Plugin

if TYPE_CHECKING:
    from llmhub.records.contributions import CallWatcher

CALL_HOOKS = ("llmhub_before_call", "llmhub_on_attempt", "llmhub_after_call", "llmhub_feedback", "llmhub_budget_alert")
MOMENTS = (*CALL_HOOKS, "before_attempt", "close")
"""Of the last two only a `CallWatcher` hears."""


class CallHook(NamedTuple):
    """One implementation, ready to be called with the keyword arguments of its specification.

    It raises nothing, save that a before-call hook may raise `CallRefused` (and, under a strict host, any hook
    `PluginLoadError`).
    """

    plugin: str
    run: Callable[..., None]


class CallHooks(NamedTuple):
    """The hooks in the order to call them; empty tuples when there are none, so that they cost nothing."""

    before_call: tuple[CallHook, ...] = ()
    on_attempt: tuple[CallHook, ...] = ()
    after_call: tuple[CallHook, ...] = ()
    feedback: tuple[CallHook, ...] = ()
    budget_alert: tuple[CallHook, ...] = ()
    before_attempt: tuple[CallHook, ...] = ()
    close: tuple[CallHook, ...] = ()


class Observer(NamedTuple):
    """A function that watches calls, with the plugin it belongs to and the arguments it wants."""

    plugin: Plugin
    hook: str
    function: Callable[..., object]
    arguments: Collection[str]


def guarded(observer: Observer, failures: FailureLog) -> CallHook:
    """*observer* as a call hook that can do no harm; exceptions are logged to `llmhub` and remembered in *failures*."""
    plugin, hook, function, arguments = observer
    may_refuse = hook == "llmhub_before_call"

    def run(**offered: Any) -> None:
        try:
            function(**{name: offered[name] for name in arguments})
        except Exception as error:
            if may_refuse and isinstance(error, CallRefused):
                raise
            _log(observer, error, failures, offered)

    return CallHook(plugin.name, run)


def application_observer(name: str, hook: str, function: Any) -> Observer:
    """A callable that an application gave to its Hub, taking the context or result as its one argument.

    Raises:
        TypeError: it is not callable, or async.
    """
    import inspect

    if not callable(function) or inspect.iscoroutinefunction(function):
        raise TypeError(f"{name} must be a plain function with one argument (not async), got {function!r}")
    argument = "call" if hook == "llmhub_before_call" else "result"
    plugin = Plugin(name, THIS_PROGRAM, "", {})
    return Observer(plugin, hook, lambda **offered: function(offered[argument]), (argument,))


def watching(plugin: Plugin, watcher: CallWatcher) -> list[Observer]:
    """The functions of a watcher as observers."""
    return [
        Observer(plugin, "llmhub_before_call", lambda call: watcher.before_call(call), ("call",)),
        Observer(plugin, "before_attempt", lambda call: watcher.before_attempt(call), ("call",)),
        Observer(
            plugin, "llmhub_on_attempt", lambda call, attempt: watcher.on_attempt(call, attempt), ("call", "attempt")
        ),
        Observer(
            plugin, "llmhub_after_call", lambda call, result: watcher.after_call(call, result), ("call", "result")
        ),
        *([Observer(plugin, "close", watcher.close, ())] if watcher.close is not None else []),
    ]


def _log(observer: Observer, error: Exception, failures: FailureLog, offered: Mapping[str, Any]) -> None:
    import logging

    failure = failures.remember(observer.plugin, "call", error, hook=observer.hook)
    logger = logging.getLogger("llmhub")
    told = {"call_id": offered["call"].call_id, "role": offered["call"].role} if "call" in offered else {}
    if failures.mark_as_told([failure]):
        logger.error("%s", failure, exc_info=error, extra=told)
    else:  # The traceback of a hook that fails on every call would drown the log: once is enough.
        logger.error(
            "plugin %s failed again in %s: %s: %s",
            observer.plugin,
            observer.hook,
            type(error).__name__,
            error,
            extra=told,
        )
