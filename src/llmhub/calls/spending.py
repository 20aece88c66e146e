"""Money around an attempt: held before it is sent, on whichever thread may wait for a database."""

from __future__ import annotations

import asyncio  # noqa: TID253 - this module is imported at the first call, never at start-up
import functools
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from llmhub.errors import CallRefused, LedgerError
from llmhub.records.calls import CallContext, ResolvedRole, Target

if TYPE_CHECKING:
    from llmhub.calls.attempt import Equipment
    from llmhub.spend.account import Account
    from llmhub.spend.holds import Hold


async def hold(
    equipment: Equipment, resolved: ResolvedRole, call: CallContext, target: Target, params: Mapping[str, Any]
) -> Hold | None:
    """Hold the most that an attempt can cost, where a budget stands over it.

    Raises:
        BudgetExceeded, UnboundedCallError: a budget does not let it through.
        CallRefused: the budgets cannot be looked at.
    """
    account = equipment.observers.account
    covering = account.covering(call, target) if account is not None else ()
    if account is None or not covering:
        return None
    patience = call.started_at + resolved.deadline - monotonic()
    try:
        if equipment.owns_its_loop or account.budgets_are_local:
            return account.hold(covering, call, target, params, patience)
        return await _beside_the_loop(
            account, functools.partial(account.hold, covering, call, target, params, patience)
        )
    except LedgerError as error:
        raise CallRefused(f"budgets stand over this call and cannot be looked at: {error}") from error


async def _beside_the_loop(account: Account, hold: Callable[[], Hold]) -> Hold:
    """On a thread, so that the caller's loop goes on. What a cancelled call holds is let go as soon as it is held."""
    holding = asyncio.get_running_loop().run_in_executor(None, hold)
    try:
        return await asyncio.shield(holding)
    except asyncio.CancelledError:
        holding.add_done_callback(lambda done: _let_go(account, done))
        raise


def _let_go(account: Account, done: asyncio.Future[Hold]) -> None:
    if not done.cancelled() and done.exception() is None:
        account.let_go(done.result())
