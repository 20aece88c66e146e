"""The ledger of a project, opened to be read, and its entries as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import asdict

from llmhub.cli.session import Session
from llmhub.records.contributions import LedgerStore
from llmhub.records.spending import LedgerEntry

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig


@contextmanager
def opened_ledger(session: Session, config: HubConfig) -> Iterator[LedgerStore]:
    """The ledger that *config* names.

    Raises:
        LedgerError: it keeps no record, or cannot be opened.
    """
    with session.workspace.ledger(config) as store:
        session.report_failures()
        yield store


def plain_entry(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as JSON has it: dollars as strings, so that no digit is lost, and times in ISO 8601."""
    return asdict(entry, value_serializer=lambda _, __, value: _plain(value))


def flat_entry(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as one row of a table: usage and cost in columns of their own, attempts counted."""
    values = plain_entry(entry)
    usage, cost = values.pop("usage") or {}, values.pop("cost")
    values["attempts"] = len(values["attempts"])
    values["labels"] = ";".join(f"{name}={value}" for name, value in values["labels"].items())
    told = {
        name: usage.get(name) for name in ("input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens")
    }
    paid = {"cost": cost["dollars"], "cost_source": cost["source"], "cost_complete": cost["complete"]}
    return {**values, **told, **paid}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value
