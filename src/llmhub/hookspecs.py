"""Every hook of LLM Hub: the page a plugin author reads.

A plugin is a module (or an object) with functions of these names, marked with `llmhub.hookimpl`, named in an
entry-point group of its distribution:

    [project.entry-points."llmhub.catalog"]
    my_source = "llmhub_source_mine"

The group states the *kind*, and only plugins of the kind that is needed are ever imported:

| group | imported when | hooks |
|---|---|---|
| `llmhub.catalog` | a catalog is built | `llmhub_catalog_sources`, `llmhub_tier_derivers` |
| `llmhub.generate` | a configuration is generated | `llmhub_generators`, `llmhub_scorers` |
| `llmhub.call` | a Hub makes its first call | `llmhub_before_call`, `llmhub_on_attempt`, `llmhub_after_call`, \
`llmhub_feedback`, `llmhub_budget_alert`, `llmhub_call_watchers`, `llmhub_selectors`, `llmhub_ledgers` |
| `llmhub.commands` | its command is run; the entry point's name is the command's name | `llmhub_commands` |
| `llmhub.doctor` | `llmhub doctor` runs | `llmhub_doctor_checks` |

An implementation may leave out any argument. A plugin that fails to import, register or answer is reported by name and
passed over, unless it was asked for by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from llmhub.records.calls import Attempt, CallContext, CallResult, Feedback
    from llmhub.records.contributions import (
        CallWatcher,
        CatalogSource,
        Check,
        Generator,
        Ledger,
        Scorer,
        Selector,
        TierDeriver,
    )
    from llmhub.records.spending import BudgetAlert

PROJECT_NAME = "llmhub"

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)
"""Marks a function as the implementation of the hook of the same name."""


# --- kind: catalog --------------------------------------------------------------------------------------------------


@hookspec
def llmhub_catalog_sources() -> Sequence[CatalogSource]:  # type: ignore[empty-body]
    """Offer sources of catalog facts.

    Called once per catalog build, on the thread that builds. Must be quick: the work belongs into
    `CatalogSource.load`, which runs on a worker thread with a time limit. Names must be unique over all plugins.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_tier_derivers() -> Sequence[TierDeriver]:  # type: ignore[empty-body]
    """Offer ways to turn facts into tiers.

    Called once per catalog build. Derivers run in ascending `priority`; a later one may overwrite an earlier tier,
    and the reason kept with the tier names the deriver.

    .. versionadded:: 0.1
    """


# --- kind: generate -------------------------------------------------------------------------------------------------


@hookspec
def llmhub_generators() -> Sequence[Generator]:  # type: ignore[empty-body]
    """Offer ways to choose models for a spec. `generator: NAME` in the spec picks one; `heuristic` is the default.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_scorers() -> Sequence[Scorer]:  # type: ignore[empty-body]
    """Offer criteria of your own. A scorer counts only for roles whose `weights` or `criteria` name it.

    .. versionadded:: 0.1
    """


# --- kind: call -----------------------------------------------------------------------------------------------------


@hookspec
def llmhub_before_call(call: CallContext) -> None:
    """Look at a call before anything is sent.

    Called once per call, on the thread or event loop that makes it, before the first attempt. May set `call.params`.
    Raising `llmhub.errors.CallRefused` stops the call; any other exception is logged and the call goes on. It stands
    on the path of every call: do no I/O here.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_on_attempt(call: CallContext, attempt: Attempt) -> None:
    """Look at one finished attempt, failed or not. Called where the call runs; an exception is logged, no more.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_after_call(call: CallContext, result: CallResult) -> None:
    """Look at what came of a call; for a stream, when it has ended or was closed.

    Called once per call, also when it failed or was refused. An exception is logged, no more.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_feedback(feedback: Feedback) -> None:
    """Hear how good an answer was. Called once per `Hub.feedback`, in its thread; an exception is logged, no more.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_call_watchers() -> Sequence[CallWatcher]:  # type: ignore[empty-body]
    """Offer to follow each call with state of your own: a trace, a profile.

    Called once per Hub, at its first call. With an empty answer no call costs more than without the plugin, which a
    `llmhub_after_call` hook cannot have: for it a result is made of every call.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_selectors() -> Sequence[Selector]:  # type: ignore[empty-body]
    """Offer ways to order a role's targets per call. `selector: NAME` in the configuration picks one.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_ledgers() -> Sequence[Ledger]:  # type: ignore[empty-body]
    """Offer places to keep the record of calls. `ledger: NAME` in the configuration picks one.

    .. versionadded:: 0.1
    """


@hookspec
def llmhub_budget_alert(alert: BudgetAlert) -> None:
    """Hear that a budget has reached one of its `alerts`, or its limit.

    Called once per share and window, in the process whose call got there, on the ledger's thread beside the calls; an
    exception is logged, no more.

    .. versionadded:: 0.1
    """


# --- kind: commands -------------------------------------------------------------------------------------------------


@hookspec
def llmhub_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]
    """Offer commands of the `llmhub` command line.

    Called only when a command is run (or its own `--help` asked) whose name is the name of an entry point in
    `llmhub.commands`; the sequence must hold a command of that name. One distribution offers several commands by
    naming several entry points.

    .. versionadded:: 0.1
    """


# --- kind: doctor ---------------------------------------------------------------------------------------------------


@hookspec
def llmhub_doctor_checks() -> Sequence[Check]:  # type: ignore[empty-body]
    """Offer questions for `llmhub doctor`.

    .. versionadded:: 0.1
    """


HOOKS_BY_KIND: dict[str, tuple[str, ...]] = {
    "catalog": ("llmhub_catalog_sources", "llmhub_tier_derivers"),
    "generate": ("llmhub_generators", "llmhub_scorers"),
    "call": (
        "llmhub_before_call",
        "llmhub_on_attempt",
        "llmhub_after_call",
        "llmhub_feedback",
        "llmhub_budget_alert",
        "llmhub_call_watchers",
        "llmhub_selectors",
        "llmhub_ledgers",
    ),
    "commands": ("llmhub_commands",),
    "doctor": ("llmhub_doctor_checks",),
}
