"""What a project's ledger has seen of each role of late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.generate.effects import Traffic

DAYS = 30


def recent_traffic(session: Session, path: Path) -> Mapping[str, Traffic]:
    """By role, the calls of the last 30 days that the ledger of the configuration at *path* knows.

    Empty where no ledger was kept yet, or it cannot be read, which is told.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import load_config
    from llmhub.config.paths import data_dir
    from llmhub.errors import HubError
    from llmhub.generate.effects import Traffic
    from llmhub.records.spending import SpendQuery
    from llmhub.spend.opening import DEFAULT, chosen_ledger, ledger_context

    try:
        config = load_config(path, known_providers=PROVIDER_NAMES)
        ledger = chosen_ledger(session.host, config)
        # Opening the default ledger would make its file, and a look should leave nothing behind.
        if ledger is None or (ledger.name == DEFAULT and not any(data_dir(session.environ).glob("ledger.*"))):
            return {}
        store = ledger.open(ledger_context(config, session.environ))
        try:
            since = datetime.now(UTC) - timedelta(days=DAYS)
            totals = store.totals("role", SpendQuery(since=since, project=config.project, environment=config.env))
        finally:
            store.close()
    except HubError as error:
        session.say(f"warning: the ledger is not read: {error}")
        return {}
    return {
        total.key: Traffic(
            calls=total.calls, input_tokens=total.input_tokens, output_tokens=total.output_tokens, days=DAYS
        )
        for total in totals
        if total.key is not None and total.calls
    }
