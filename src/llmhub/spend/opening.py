"""The account of a hub, from what its configuration names and the installed plugins offer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from llmhub.config.paths import data_dir
from llmhub.errors import LedgerError
from llmhub.host import PluginHost
from llmhub.records.config import HubConfig
from llmhub.records.contributions import BudgetStore, Ledger
from llmhub.records.spending import LedgerContext
from llmhub.spend.account import Account, Stores
from llmhub.spend.pricing import KnownModel, Pricing, never_renewed
from llmhub.spend.published import SameModel

DEFAULT = "sqlite"
NONE = "none"


def open_account(
    host: PluginHost,
    config: HubConfig,
    environ: Mapping[str, str],
    known_model: KnownModel,
    same_model: SameModel,
    renewed: Callable[[], bool] = never_renewed,
) -> Account | None:
    """The account that *config* asks for; `None` where it wants no record. Nothing is opened before the first call.

    *known_model* says what the catalog knows of a model, *renewed* whether it is another than when last asked.

    Raises:
        UnknownContributionError, PluginLoadError: it names a ledger that cannot be used.
        LedgerError: it has budgets, and its ledger cannot keep any.
    """
    ledger = chosen_ledger(host, config)
    hard = bool(config.budgets) or any(role.budget for role in config.roles.values())
    if ledger is None:
        if hard:
            raise LedgerError("budgets need a ledger that keeps them, and there is none. Set `ledger: sqlite`")
        return None
    context = ledger_context(config, environ)
    if hard and ledger.open_budgets is None:
        raise LedgerError(
            f"the ledger {ledger.name!r} cannot keep budgets. Name one that can, such as `ledger: sqlite`"
        )
    account = Account(
        config,
        Stores(
            ledger=functools.partial(ledger.open, context),
            budgets=functools.partial(_open_budgets, ledger, context) if hard else None,
            budgets_are_local=ledger.budgets_are_local,
        ),
        Pricing(known_model, same_model, renewed),
        alert_hooks=tuple(hook.run for hook in host.call_hooks().budget_alert),
        environ=environ,
    )
    if config.ledger_options.flush_on_signals:
        from llmhub.spend.signals import flush_on_signals

        flush_on_signals(account)
    return account


def chosen_ledger(host: PluginHost, config: HubConfig) -> Ledger | None:
    """The ledger that *config* names, else the default one where it is installed; `None` where it wants none.

    Raises:
        UnknownContributionError, PluginLoadError: it names one that cannot be used.
    """
    if config.ledger == NONE:
        return None
    ledgers = host.ledgers()
    return ledgers.get(DEFAULT) if config.ledger is None else ledgers.pick(config.ledger)


def ledger_context(config: HubConfig, environ: Mapping[str, str]) -> LedgerContext:
    """What the ledger of *config* is opened with."""
    return LedgerContext(project=config.project, folder=data_dir(environ), environ=environ, now=_now)


def _open_budgets(ledger: Ledger, context: LedgerContext) -> BudgetStore:
    if ledger.open_budgets is None:
        raise LedgerError(f"the ledger {ledger.name!r} cannot keep budgets")
    return ledger.open_budgets(context)


def _now() -> datetime:
    return datetime.now(UTC)
