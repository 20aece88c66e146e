"""Rows of the view: costs, calls, budgets, variants. All that is unknown is said to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import fmean

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.cli.render import dollars
from llmhub.cli.verdicts import told
from llmhub.records.spending import BudgetState, LedgerEntry, SpendTotal
from llmhub.spend.arms import Arm
from llmhub.spend.forecast import forecast
from llmhub_server.page.facts import UNKNOWN
from llmhub_server.page.spend.account import Experiment
from llmhub_server.page.spend.money import about
from llmhub_server.page.text import words

BEYOND = {
    "block": "calls beyond it are refused",
    "fallback": "beyond it the next, cheaper target",
    "warn": "beyond it a warning",
}
"""What a budget does, by `on_exceed`."""


def draw_table(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], numeric: Sequence[str] = ()
) -> None:
    """A table called *name*; it scrolls by itself where it is too wide. `None` is shown as unknown."""
    with ui.element("div").classes("table-wide").props('tabindex="0" role="region"') as region:
        region.props["aria-label"] = name
        with words("table", "", "plain-table"):
            with words("thead", ""), words("tr", ""):
                for column in columns:
                    words("th", column, "number" if column in numeric else "").props("scope=col")
            with words("tbody", ""):
                for row in rows:
                    with words("tr", ""):
                        for column, cell in zip(columns, row, strict=True):
                            shown = UNKNOWN if cell is None else str(cell)
                            words("td", shown, "number" if column in numeric else "")


def draw_totals(by: str, totals: Sequence[SpendTotal]) -> None:
    """What the calls of each key came to."""
    draw_table(
        f"Cost by {by}",
        (by, "calls", "failed", "tokens in", "tokens out", "unpriced", "estimated", "cost"),
        [
            (
                one.key or "none",
                f"{one.calls:,}",
                f"{one.failed:,}",
                f"{one.input_tokens:,}",
                f"{one.output_tokens:,}",
                f"{one.unpriced:,}" if one.unpriced else "",
                f"{one.incomplete:,}" if one.incomplete else "",
                None if one.unpriced == one.calls else f"{'~' if one.incomplete else ''}{about(one.cost)}",
            )
            for one in totals
        ],
        numeric=("calls", "failed", "tokens in", "tokens out", "unpriced", "estimated", "cost"),
    )


def draw_calls(entries: Sequence[LedgerEntry]) -> None:
    """Calls, one to a row."""
    draw_table(
        "Last calls",
        ("at (UTC)", "role", "served by", "outcome", "attempts", "seconds", "tokens", "cost"),
        [
            (
                f"{one.at:%m-%d %H:%M:%S}",
                one.role,
                f"{one.provider}:{one.model}" + (f" ({one.variant})" if one.variant else ""),
                _outcome(one),
                len(one.attempts),
                f"{one.latency:.2f}",
                _tokens(one),
                _cost(one),
            )
            for one in entries
        ],
        numeric=("attempts", "seconds", "tokens", "cost"),
    )


def _outcome(one: LedgerEntry) -> str:
    if one.error_class:
        return f"{one.status}: {one.error_class}"
    return "ok, from the cache" if one.cached else one.status


def _tokens(one: LedgerEntry) -> str | None:
    if one.usage is None:
        return None
    told = (one.usage.input_tokens, one.usage.output_tokens)
    return " → ".join(UNKNOWN if count is None else f"{count:,}" for count in told)


def _cost(one: LedgerEntry) -> str:
    if one.cost.dollars is None:
        return "unpriced"
    return f"{'' if one.cost.complete else '~'}{dollars(one.cost.dollars)}"


def draw_budgets(states: Sequence[BudgetState], now: datetime) -> None:
    """How budgets stand, and how far they will reach."""
    with ui.element("div").classes("budgets"):
        for state in states:
            _budget(state, now)


def _budget(state: BudgetState, now: datetime) -> None:
    spent, held = (float(part / state.limit) if state.limit else 0.0 for part in (state.spent, state.held))
    expected = forecast(state, now)
    with ui.element("article").classes("budget"):
        with ui.element("div").classes("budget-head"):
            words("h3", state.name)
            per = "in all" if state.window == "total" else f"per {state.window}"
            words("span", f"{state.scope or 'all calls'}, {per}; {BEYOND[state.on_exceed]}", "muted")
        with ui.element("div").classes("meter").props('aria-hidden="true"'):
            level = "meter-over" if spent >= 1 else "meter-near" if spent >= 0.8 else ""
            ui.element("div").classes(f"meter-spent {level}").style(f"width: {min(spent, 1):.2%}")
            ui.element("div").classes("meter-held").style(f"width: {max(min(held, 1 - spent), 0):.2%}")
        words("p", f"{about(state.spent)} of {dollars(state.limit)} spent ({spent:.0%})")
        if state.held:
            words("p", f"{about(state.held)} held by calls under way", "muted")
        if expected is not None and state.resets_at is not None:
            over = expected > state.limit
            sentence = f"At this pace {about(expected)} by {state.resets_at:%Y-%m-%d %H:%M} UTC, when it begins anew."
            words("p", sentence, "budget-over" if over else "muted")
        elif state.resets_at is not None:
            words("p", f"Begins anew at {state.resets_at:%Y-%m-%d %H:%M} UTC. Too early for a forecast.", "muted")
        if state.presumed:
            words("p", f"{about(state.presumed)} of it are of calls that crashed, at their highest cost.", "muted")
        if state.unpriced:
            counted = "call has no known price and is" if state.unpriced == 1 else "calls have no known price and are"
            words("p", f"{state.unpriced:,} {counted} not counted.", "budget-over")


def draw_experiment(one: Experiment) -> None:
    """The variants of a role, each against the first."""
    words("h3", one.role)
    if not one.arms:
        words("p", "No calls of its variants in that time.", "muted")
        return
    calls = sum(arm.calls for arm in one.arms)
    columns = ("variant", "weight", "calls", one.unit, "errors", "p50", "p95", "cost per call", "unpriced", "score")
    draw_table(
        f"Variants of {one.role}",
        columns,
        [
            (
                arm.name,
                f"{one.weights[arm.name]:.0%}" if arm.name in one.weights else "gone",
                f"{arm.calls:,} ({arm.calls / calls:.0%})",
                f"{arm.people:,}",
                f"{arm.errors:,} ({arm.errors / arm.calls:.1%})",
                seconds(arm.latency(0.5)),
                seconds(arm.latency(0.95)),
                None if arm.cost_per_call is None else dollars(round(arm.cost_per_call, 8)),
                f"{arm.unpriced:,}" if arm.unpriced else "",
                _score(arm, intervals=one.comparisons is not None),
            )
            for arm in one.arms
        ],
        numeric=columns[1:],
    )
    if one.comparisons is None:
        words("p", "Intervals and verdicts need scipy: pip install 'llmhub[stats]'", "muted")
    for compared in one.comparisons or ():
        words("p", f"{compared.variant} against {compared.control}: {told(compared)}", "verdict")


def _score(arm: Arm, *, intervals: bool) -> str | None:
    from llmhub.spend.comparison import interval

    scores = arm.units["score"]
    if not scores:
        return None
    found = interval(scores) if intervals else None
    around = f" ({found.low:.3g} to {found.high:.3g})" if found else ""
    return f"{fmean(scores):.3g}{around} of {arm.scored}"


def seconds(value: float | None) -> str | None:
    """*value* as a length of time."""
    return None if value is None else f"{value:.2f} s"
