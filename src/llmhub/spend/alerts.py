"""Tells that a budget has reached a share of its limit: in the log, to plugins' hooks, to a web address."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from llmhub.records.spending import BudgetAlert, PurseState, Spent
from llmhub.spend.budgets import Budget

TIMEOUT = 10.0
"""Seconds that a webhook may take to answer."""

AlertHook = Callable[..., None]


def alerts_in(budget: Budget, spent: Spent, at: datetime) -> Iterator[BudgetAlert]:
    """The shares of the limit that were passed when *spent* happened. Pure.

    Spending is counted in one order over all processes, so exactly one of them passes each share.
    """
    limit = budget.terms.limit
    for share in sorted({*budget.terms.alerts, 1.0}):
        mark = limit * Decimal(str(share))
        if spent.before < mark <= spent.after:
            state = budget.state(PurseState(key=spent.key, spent=spent.after), at)
            yield BudgetAlert(project=budget.project, share=share, budget=state)


def tell(alert: BudgetAlert, hooks: Sequence[AlertHook], webhook: str | None, environ: Mapping[str, str]) -> None:
    """Tell everyone; never raises, never waits for the web."""
    state = alert.budget
    reset = f"; the next {state.window} begins {state.resets_at:%Y-%m-%d %H:%M} UTC" if state.resets_at else ""
    logging.getLogger("llmhub").warning(
        "budget %r has spent %s of %s dollars (%.0f %%)%s",
        state.name,
        _short(state.spent),
        _short(state.limit),
        100 * alert.share,
        reset,
    )
    for hook in hooks:
        hook(alert=alert)
    address = environ.get(webhook) if webhook else None
    if address:
        threading.Thread(target=_post, args=(address, alert), name="llmhub-webhook", daemon=True).start()


def payload_of(alert: BudgetAlert) -> dict[str, object]:
    """What a webhook is sent, as JSON; `text` is what chat services show."""
    state = alert.budget
    amounts = f"{_short(state.spent)} of {_short(state.limit)} dollars"
    return {
        "text": f"Budget {state.name} of {alert.project}: {amounts} are spent.",
        "project": alert.project,
        "budget": state.name,
        "share": alert.share,
        "spent": str(state.spent),
        "limit": str(state.limit),
        "window": state.window,
        "resets_at": state.resets_at.isoformat() if state.resets_at else None,
    }


def _post(address: str, alert: BudgetAlert) -> None:
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    logger = logging.getLogger("llmhub")
    if not address.lower().startswith(("http://", "https://")):
        logger.error("the webhook of budget %r is no http(s) address (not shown)", alert.budget.name)
        return
    body = json.dumps(payload_of(alert)).encode()
    try:
        request = Request(address, body, {"Content-Type": "application/json", "User-Agent": "llmhub"})  # noqa: S310
        with urlopen(request, timeout=TIMEOUT):  # noqa: S310 - the scheme is checked above
            pass
    except (OSError, ValueError, HTTPException) as error:
        # Its message may quote the address, which is as good as a password; so would a traceback of this thread.
        logger.error("the webhook of budget %r did not take the alert: %s", alert.budget.name, type(error).__name__)


def _short(dollars: Decimal) -> str:
    return f"{dollars:.2f}" if dollars >= 1 else f"{dollars:.6f}".rstrip("0").rstrip(".")
