"""The record of calls: can it be reached and written, is anything in it without a price, are budgets used up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.errors import HubError, PluginError
from llmhub.records.contributions import Finding

if TYPE_CHECKING:
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.records.contributions import Ledger

DAYS = 30
LARGE = 1 << 30
"""Bytes from which a file of calls is worth a word: some two million calls."""


def check(examined: Examined, host: PluginHost) -> Iterator[Finding]:
    """What is to be said of the ledger that the configuration names."""
    from llmhub.spend.opening import chosen_ledger

    config = examined.config
    if config is None:
        return
    try:
        ledger = chosen_ledger(host, config)
        if ledger is None:
            yield _ok("no record of calls is kept, as the configuration says")
        else:
            yield from _looked_into(examined, config, ledger, host)
    except HubError as error:
        remedy = "Install the plugin that offers it." if isinstance(error, PluginError) else "Make it reachable."
        yield Finding(
            check="ledger",
            severity="error",
            message=f"{error}",
            remedy=f"{remedy} Until then no call is recorded, and hard budgets let none through.",
        )


def _looked_into(examined: Examined, config: HubConfig, ledger: Ledger, host: PluginHost) -> Iterator[Finding]:
    from llmhub.config.paths import data_dir
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.opening import DEFAULT, ledger_context

    files = [*data_dir(examined.environ).glob("ledger.*")] if ledger.name == DEFAULT else []
    if ledger.name == DEFAULT and not files:
        yield _ok("no calls are recorded yet")  # opening it would make the file
        return
    store = ledger.open(ledger_context(config, examined.environ))
    try:
        store.write([])  # whether it may be written shows only in a transaction
        since = datetime.now(UTC) - timedelta(days=DAYS)
        totals = store.totals("model", SpendQuery(since=since, project=config.project))
    finally:
        store.close()
    calls = sum(total.calls for total in totals)
    yield _ok(f"{ledger.name} can be written: {calls:,} calls of {config.project} in {DAYS} days")
    unpriced = {total.key or "?": total.unpriced for total in totals if total.unpriced > total.failed}
    if unpriced:
        yield Finding(
            check="ledger",
            severity="warning",
            message=f"calls whose price nobody knows: {', '.join(f'{n:,} of {key}' for key, n in unpriced.items())}",
            remedy="Run `llmhub catalog refresh`, or state the price in llmhub.overrides.yaml.",
        )
    size = sum(file.stat().st_size for file in files)
    if size > LARGE and config.ledger_options.retention_days is None:
        yield Finding(
            check="ledger",
            severity="warning",
            message=f"{files[0].parent} holds {size / (1 << 30):.1f} GB of calls, and all are kept for ever",
            remedy="Say how long with `ledger_options: {retention_days: 90}` in llmhub.yaml.",
        )
    yield from _used_up(examined, config, host)


def _used_up(examined: Examined, config: HubConfig, host: PluginHost) -> Iterator[Finding]:
    from llmhub.spend.opening import open_account
    from llmhub.spend.pricing import no_catalog, only_equal_names

    if not config.budgets and not any(role.budget for role in config.roles.values()):
        return
    account = open_account(host, config, examined.environ, no_catalog, only_equal_names)
    if account is None:
        return
    try:
        states = account.states()
    finally:
        account.close()
    for state in states:
        if state.spent + state.held >= state.limit:
            until = f" until {state.resets_at:%Y-%m-%d %H:%M} UTC" if state.resets_at else ""
            told = f"{state.spent} of {state.limit} dollars"
            yield Finding(
                check="ledger",
                severity="warning",
                message=f"budget {state.name!r} ({state.scope}) is used up{until}: {told}",
                remedy="Raise its limit in llmhub.yaml, or wait.",
            )


def _ok(message: str) -> Finding:
    return Finding(check="ledger", severity="ok", message=message)
