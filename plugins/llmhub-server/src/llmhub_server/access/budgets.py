"""What keys may spend, as budgets of the configuration that a server runs with. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrs import evolve

from llmhub_server.access.key import LABEL, AccessKey

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig


def with_budgets(config: HubConfig, keys: Iterable[AccessKey]) -> HubConfig:
    """*config* with a hard budget over the calls of every key that has one.

    Over the key's name, and not over its secret: a key that is made anew under its name goes on with what is left.
    """
    from llmhub.records.config import BudgetConfig

    added = {
        budget_name(key.name): BudgetConfig(limit=key.budget, window=key.window, label={LABEL: key.name})
        for key in keys
        if key.budget is not None and key.revoked_at is None
    }
    return evolve(config, budgets={**config.budgets, **added}) if added else config


def budget_name(name: str) -> str:
    """What the budget of the key *name* is called in `llmhub budget` and in refusals."""
    return f"key {name}"
