"""Who is told of a call: plugins' hooks, the Hub's own two callables, the ledger.

With nobody listening a call builds no result at all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from llmhub.host import PluginHost
from llmhub.records.calls import Attempt, CallContext, CallResult, Feedback, Target
from llmhub.records.config import HubConfig
from llmhub.records.contributions import Selector

if TYPE_CHECKING:
    from llmhub.spend.account import Account

Hook = Callable[..., None]
"""Guarded by the host: except for `CallRefused` out of a before-call hook, none raises."""


@frozen(kw_only=True)
class Observers:
    """Everyone who listens to the calls of one hub, in the order they are told."""

    before: tuple[Hook, ...] = ()
    on_attempt: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()
    before_attempt: tuple[Hook, ...] = ()
    close: tuple[Hook, ...] = ()
    feedback: tuple[Hook, ...] = ()
    selector: Selector | None = None
    account: Account | None = None

    @cached_property
    def want_result(self) -> bool:
        """Whether a hook waits for what came of a call; the account needs no result before it has time for one."""
        return bool(self.after)

    @cached_property
    def anyone(self) -> bool:
        """Whether a call that went well need be told of at all."""
        return self.want_result or bool(self.on_attempt)

    def tell_attempt(self, call: CallContext, attempt: Attempt) -> None:
        for hook in self.on_attempt:
            hook(call=call, attempt=attempt)

    def tell_result(self, call: CallContext, result: CallResult) -> None:
        for hook in self.after:
            hook(call=call, result=result)
        if self.account is not None:
            self.account.record(call, lambda: result)

    def tell_feedback(self, feedback: Feedback) -> None:
        for hook in self.feedback:
            hook(feedback=feedback)
        if self.account is not None:
            self.account.feedback(feedback)

    def order(self, call: CallContext, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        """The targets as the selector orders them. It may leave some out, never invent one; an empty answer or an
        exception keeps the order of the file."""
        if self.selector is None:
            return targets
        try:
            chosen = tuple(target for target in self.selector.order(call, targets) if target in targets)
        except Exception as error:
            _log("selector %s failed; the order of the file holds", self.selector.name, error)
            return targets
        return chosen or targets


def observers_of(
    host: PluginHost,
    config: HubConfig,
    on_before_call: Callable[[CallContext], None] | None = None,
    on_after_call: Callable[[CallResult], None] | None = None,
    account: Account | None = None,
) -> Observers:
    """Load the call plugins, and pick the selector that *config* names.

    Raises:
        UnknownContributionError: *config* names a selector that no plugin offers.
        PluginLoadError: the plugin that offers it could not be used.
    """
    hooks = host.call_hooks(before=on_before_call, after=on_after_call)
    return Observers(
        before=tuple(hook.run for hook in hooks.before_call),
        on_attempt=tuple(hook.run for hook in hooks.on_attempt),
        after=tuple(hook.run for hook in hooks.after_call),
        before_attempt=tuple(hook.run for hook in hooks.before_attempt),
        close=tuple(hook.run for hook in hooks.close),
        feedback=tuple(hook.run for hook in hooks.feedback),
        selector=_selector(host, config),
        account=account,
    )


def reselected(observers: Observers, host: PluginHost, config: HubConfig, account: Account | None) -> Observers:
    """*observers* with the selector that another *config* asks for, and its *account*.

    Raises:
        UnknownContributionError, PluginLoadError: as `observers_of`.
    """
    return evolve(observers, selector=_selector(host, config), account=account)


def _selector(host: PluginHost, config: HubConfig) -> Selector | None:
    roles = [*config.roles.values(), *([config.defaults] if config.defaults else [])]
    name = config.selector or ("variants" if any(role.variants for role in roles) else None)
    return host.selectors().pick(name) if name else None


def _log(message: str, about: str, error: Exception) -> None:
    import logging

    logging.getLogger("llmhub").error(message, about, exc_info=error)
