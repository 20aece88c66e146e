"""`llmhub spend`: what calls cost, which ones they were, and all of them for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import click

from llmhub.cli.render import bar, dollars, print_json, print_table, print_text
from llmhub.cli.session import Session
from llmhub.cli.since import Since

if TYPE_CHECKING:
    from llmhub.records.spending import LedgerEntry, SpendKey, SpendQuery, SpendTotal

_POLL = 0.5
"""Seconds between looks for new calls."""


@click.group(invoke_without_command=True)
@click.option("--by", type=click.Choice(["role", "model", "provider", "variant", "day", "environment"]), default="role")
@click.option("--since", type=Since(), help="So long ago (24h, 7d) or a day (2026-11-01); default: all that is kept.")
@click.option("--until", type=Since(), help="The end, in the same way.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: since, until, by, totals, sum.")
@click.pass_context
def command(ctx: click.Context, by: SpendKey, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Show what calls cost, by role, model, provider, variant or day.

    A cost marked ~ is an estimate; calls whose price nobody knows are counted, and add nothing.

    Example: llmhub spend --by model --since 7d
    """
    if ctx.invoked_subcommand is not None:
        return
    session = ctx.ensure_object(Session)
    query = _query(session, since, until)
    from llmhub.cli.ledger import opened_ledger

    with opened_ledger(session, session.config()) as store:
        totals = sorted(store.totals(by, query), key=lambda total: (total.key or "") if by == "day" else -total.cost)
    whole = sum((total.cost for total in totals), Decimal(0))
    if as_json:
        print_json(
            {
                "by": by,
                "since": since.isoformat() if since else None,
                "until": until.isoformat() if until else None,
                "totals": [_plain(total) for total in totals],
                "sum": format(whole, "f"),
            }
        )
        return
    if not totals:
        print_text("No calls are recorded yet." if since is None and until is None else "No calls in that time.")
        return
    _print_totals(by, totals, whole)


def _print_totals(by: str, totals: Sequence[SpendTotal], whole: Decimal) -> None:
    largest = float(max(total.cost for total in totals))
    charted = sys.stdout.isatty() and largest > 0
    columns = [by, "calls", "failed", "tokens in", "tokens out", "unpriced", "cost", *([""] if charted else [])]
    rows = [
        (
            total.key or "-",
            total.calls,
            total.failed,
            total.input_tokens,
            total.output_tokens,
            total.unpriced,
            f"{'~' if total.incomplete else ''}{dollars(total.cost)}",
            *([bar(float(total.cost), largest)] if charted else []),
        )
        for total in totals
    ]
    numeric = ("calls", "failed", "tokens in", "tokens out", "unpriced", "cost")
    print_table(columns, rows, numeric=numeric, droppable=("", "unpriced", "failed"))
    calls, unpriced = sum(total.calls for total in totals), sum(total.unpriced for total in totals)
    missing = f"; {unpriced} unpriced, which are not free" if unpriced else ""
    print_text(f"{dollars(whole)} in {calls} call{'' if calls == 1 else 's'}{missing}.", space_above=1)


@command.command("tail")
@click.option("-n", "count", type=click.IntRange(0), default=10, help="How many calls to begin with.")
@click.option("--follow", "-f", is_flag=True, help="Go on, and print calls as they are recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print each call as a line of JSON.")
@click.pass_obj
def tail(session: Session, count: int, follow: bool, as_json: bool) -> None:
    """Show the last calls, and those to come.

    Example: llmhub spend tail -f
    """
    from llmhub.cli.ledger import opened_ledger
    from llmhub.spend.latest import latest

    query = _query(session, None, None)
    show = _show_json if as_json else _show_line
    with opened_ledger(session, session.config()) as store:
        seen = store.last_position()
        for entry in latest(store, query, count):
            show(entry)
        while follow:
            import time

            sys.stdout.flush()
            time.sleep(_POLL)
            for position, entry in list(store.entries(query, after=seen)):
                show(entry)
                seen = position


@command.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="Default: jsonl.")
@click.option(
    "--output", "-o", type=click.File("w", encoding="utf-8", atomic=True), default="-", help="Default: stdout."
)
@click.option("--since", type=Since(), help="So long ago (24h, 7d) or a day (2026-11-01).")
@click.option("--until", type=Since(), help="The end, in the same way.")
@click.pass_obj
def export(session: Session, form: str, output: TextIO, since: datetime | None, until: datetime | None) -> None:
    """Write all recorded calls, one to a line: JSON with attempts, or CSV.

    Example: llmhub spend export --format csv -o calls.csv --since 30d
    """
    from llmhub.cli.ledger import opened_ledger

    query = _query(session, since, until)
    with opened_ledger(session, session.config()) as store:
        entries = (entry for _, entry in store.entries(query))
        written = _write_csv(entries, output) if form == "csv" else _write_jsonl(entries, output)
    session.say(f"{written} call{'' if written == 1 else 's'} written.")


def _write_jsonl(entries: Iterator[LedgerEntry], output: TextIO) -> int:
    import json

    from llmhub.cli.ledger import plain_entry

    written = 0
    for entry in entries:
        output.write(json.dumps(plain_entry(entry), ensure_ascii=False) + "\n")
        written += 1
    return written


def _write_csv(entries: Iterator[LedgerEntry], output: TextIO) -> int:
    import csv

    from llmhub.cli.ledger import flat_entry

    writer: csv.DictWriter[str] | None = None
    written = 0
    for entry in entries:
        row = flat_entry(entry)
        if writer is None:
            writer = csv.DictWriter(output, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        written += 1
    return written


def _query(session: Session, since: datetime | None, until: datetime | None) -> SpendQuery:
    from llmhub.workspace.spending import calls_of

    return calls_of(session.workspace, session.config(), since=since, until=until)


def _plain(total: SpendTotal) -> dict[str, Any]:
    from attrs import asdict

    return {**asdict(total), "cost": format(total.cost, "f")}


def _show_json(entry: LedgerEntry) -> None:
    import json

    from llmhub.cli.ledger import plain_entry

    sys.stdout.write(json.dumps(plain_entry(entry), ensure_ascii=False) + "\n")


def _show_line(entry: LedgerEntry) -> None:
    usage = entry.usage
    tokens = f"{_count(usage.input_tokens)}>{_count(usage.output_tokens)}" if usage else "->-"
    ended = entry.error_class or ("cached" if entry.cached else entry.status)
    fields = (
        f"{entry.at:%Y-%m-%d %H:%M:%S}",
        entry.role,
        f"{entry.provider}:{entry.model}",
        tokens,
        f"{'' if entry.cost.complete or entry.cost.dollars is None else '~'}{dollars(entry.cost.dollars)}",
        f"{entry.latency:.2f}s",
        ended,
    )
    sys.stdout.write("  ".join(fields) + "\n")


def _count(tokens: int | None) -> str:
    return "-" if tokens is None else str(tokens)
