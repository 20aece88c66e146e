"""What a project's ledger has seen of each role, and of each model, of late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.generate.effects import Traffic
    from llmhub.records.contributions import LedgerStore
    from llmhub.records.measurements import Measurements
    from llmhub.records.spending import SpendQuery

DAYS = 30


@frozen(kw_only=True)
class Seen:
    """The calls of the last 30 days, by role, and how fast models answered, where enough calls tell."""

    traffic: Mapping[str, Traffic] = field(factory=dict)
    measurements: Measurements | None = None


def seen_of_late(session: Session, path: Path) -> Seen:
    """What the ledger of the configuration at *path* knows.

    Nothing where no ledger was kept yet, or it cannot be read, which is told.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.cli.measuring import measured_in
    from llmhub.config.load import load_config
    from llmhub.errors import HubError
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.opening import chosen_ledger, ledger_context
    from llmhub.workspace.spending import record_begun

    try:
        config = load_config(path, known_providers=PROVIDER_NAMES)
        ledger = chosen_ledger(session.host, config)
        if ledger is None or not record_begun(session.workspace, config):
            return Seen()
        store = ledger.open(ledger_context(config, session.environ))
        try:
            since = datetime.now(UTC) - timedelta(days=DAYS)
            query = SpendQuery(since=since, project=config.project, environment=config.env)
            return Seen(traffic=_traffic(store, query), measurements=measured_in(store, config.project))
        finally:
            store.close()
    except HubError as error:
        session.say(f"warning: the ledger is not read: {error}")
        return Seen()


def _traffic(store: LedgerStore, query: SpendQuery) -> Mapping[str, Traffic]:
    from llmhub.generate.effects import Traffic

    return {
        total.key: Traffic(
            calls=total.calls, input_tokens=total.input_tokens, output_tokens=total.output_tokens, days=DAYS
        )
        for total in store.totals("role", query)
        if total.key is not None and total.calls
    }
