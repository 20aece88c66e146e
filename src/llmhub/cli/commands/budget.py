"""`llmhub budget`: how budgets stand, and how far they will reach."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.render import bar, dollars, print_json, print_table, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.spending import BudgetState


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with exact dollars as strings.")
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Show how budgets stand, and how far they will reach.

    The forecast goes on spending as fast as since the window began.

    Example: llmhub budget
    """
    config = session.config()
    now = datetime.now(UTC)
    states = session.workspace.budgets(config)
    session.report_failures()
    if as_json:
        print_json([_plain(state, now) for state in states])
        return
    if not states:
        print_text(f"{config.project} has no budgets. Set some under `budgets` in llmhub.yaml.")
        return
    print_table(
        ("budget", "counts", "per", "spent", "held", "limit", "used", "", "forecast", "full again"),
        [_row(state, now) for state in states],
        numeric=("spent", "held", "limit", "used", "forecast"),
        droppable=("", "full again", "held", "counts"),
    )
    for state in states:
        if state.presumed:
            print_text(
                f"{state.name}: {dollars(state.presumed)} of it are of calls that crashed, at their highest cost."
            )
        if state.unpriced:
            print_text(f"{state.name}: {state.unpriced} calls have no known price and are not counted.")


def _row(state: BudgetState, now: datetime) -> tuple[object, ...]:
    from llmhub.spend.forecast import forecast

    used = float(state.spent / state.limit)
    expected = forecast(state, now)
    told = None if expected is None else f"{dollars(expected)}{' !' if expected > state.limit else ''}"
    return (
        state.name,
        state.scope,
        state.window,
        dollars(state.spent),
        dollars(state.held),
        dollars(state.limit),
        f"{100 * used:.0f} %",
        bar(min(used, 1.0), 1.0, width=12),
        told,
        f"{state.resets_at:%Y-%m-%d %H:%M} UTC" if state.resets_at else None,
    )


def _plain(state: BudgetState, now: datetime) -> dict[str, Any]:
    from llmhub.spend.forecast import forecast

    expected = forecast(state, now)
    return {
        "name": state.name,
        "scope": state.scope,
        "window": state.window,
        "on_exceed": state.on_exceed,
        "limit": format(state.limit, "f"),
        "spent": format(state.spent, "f"),
        "held": format(state.held, "f"),
        "presumed": format(state.presumed, "f"),
        "unpriced": state.unpriced,
        "forecast": None if expected is None else format(expected, "f"),
        "began_at": state.began_at.isoformat() if state.began_at else None,
        "resets_at": state.resets_at.isoformat() if state.resets_at else None,
    }
