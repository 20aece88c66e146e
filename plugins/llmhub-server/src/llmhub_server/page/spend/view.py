"""What calls cost, budgets, variants, and how targets do; new calls show by themselves."""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by `llmhub ui`, never at start-up
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import define, field
from nicegui import run, ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.errors import HubError
from llmhub_server.page.context import PageContext
from llmhub_server.page.gateways import Reading, read_circuits
from llmhub_server.page.place import show_address
from llmhub_server.page.selection import address
from llmhub_server.page.spend import charts, tables
from llmhub_server.page.spend.account import KEYS, WINDOW_NAMES, Account, Sum, account, position
from llmhub_server.page.spend.money import about
from llmhub_server.page.spend.targets import HOW_TO_SEE_LIVE, draw_targets, last_read
from llmhub_server.page.text import told, words
from llmhub_server.page.watching import every

if TYPE_CHECKING:
    from llmhub.records.spending import SpendKey

POLL = 2.0
"""Seconds between looks for new calls."""
ASK = 5.0
"""Seconds between two questions to gateways."""

BY: SpendKey = "role"
WINDOW = "7d"
"""What is shown where the address does not say."""

BUDGET_LINES = """\
budgets:
  all: {limit: 50, window: month}"""
VARIANT_LINES = """\
    variants:
      - {name: now, weight: 90}
      - {name: challenger, weight: 10, model: ...}"""


@define(eq=False)
class _Looking:
    """What one visitor looks at."""

    context: PageContext
    by: SpendKey
    window: str
    account: Account
    refusal: str = ""
    busy: bool = field(default=False)
    readings: tuple[Reading, ...] = ()


async def build(context: PageContext) -> None:
    """All of the view.

    Raises:
        ConfigNotFoundError, InvalidFileError: there is no llmhub.yaml, or one with problems.
        LedgerError: the record cannot be reached.
    """
    by: SpendKey = next((key for key in KEYS if key == context.query.get("by")), BY)
    asked = context.query.get("window", "")
    window = asked if asked in WINDOW_NAMES else WINDOW
    found = await run.io_bound(account, context.workspace, by, window, datetime.now(UTC))
    if found is None:  # the server ends
        return
    for style in ("editor", "spend"):
        ui.add_head_html(f'<link rel="stylesheet" href="/assets/{style}.css">')
    view = _View(_Looking(context, by, window, found))
    every(POLL, view.look)
    if context.project.gateways:
        every(ASK, view.ask, at_once=True)


def to_query(by: SpendKey, window: str) -> dict[str, str]:
    """The names and values in the address that tell the choices, where they are not the usual ones."""
    return {**({} if by == BY else {"by": by}), **({} if window == WINDOW else {"window": window})}


class _View:
    """The parts of the view, each drawn anew by itself."""

    def __init__(self, looking: _Looking) -> None:
        self.looking = looking
        with ui.element("div").classes("toolbar"):
            words("h1", "Spend")
            self._choices()
        self.figures()

    def _choices(self) -> None:
        async def choose_window(event: object) -> None:
            self.looking.window = str(window.value)
            await self.load()

        async def choose_key(event: object) -> None:
            self.looking.by = next(key for key in KEYS if key == by.value)
            await self.load()

        window = ui.select(WINDOW_NAMES, value=self.looking.window, on_change=choose_window)
        window.props('outlined dense options-dense aria-label="Of what time"').classes("spend-choice")
        by = ui.select({key: f"by {key}" for key in KEYS}, value=self.looking.by, on_change=choose_key)
        by.props('outlined dense options-dense aria-label="Costs by"').classes("spend-choice")
        with ui.element("span").props('role="status"').classes("toolbar-state"):
            self._state = words("span", "", "muted")

    async def look(self) -> None:
        """Draw anew where there are new calls."""
        looking = self.looking
        if looking.busy:
            return
        try:
            reached = await run.io_bound(position, looking.context.workspace, looking.account.config)
        except HubError as error:
            self._state.set_text(str(error))
            return
        if reached is not None and reached != looking.account.position:
            await self.load()

    async def load(self) -> None:
        """Ask for all of it again."""
        looking = self.looking
        looking.busy = True
        asked = looking.by, looking.window
        show_address(address("/spend", to_query(*asked)))
        try:
            now = datetime.now(UTC)
            found = await run.io_bound(account, looking.context.workspace, *asked, now)
            refusal = ""
        except HubError as error:
            found, refusal = None, str(error)
        finally:
            looking.busy = False
        if asked != (looking.by, looking.window):
            return  # something else was chosen meanwhile, which draws itself
        looking.account, looking.refusal = found or looking.account, refusal
        self._state.set_text(f"as of {datetime.now(UTC):%H:%M:%S} UTC")
        self.figures.refresh()

    async def ask(self) -> None:
        """Ask the gateways for their circuits, and draw these anew where one is another than before."""
        looking = self.looking
        before = [(one.circuits, one.refusal) for one in looking.readings]
        asked = (run.io_bound(read_circuits, one, os.environ) for one in looking.context.project.gateways)
        looking.readings = tuple(one for one in await asyncio.gather(*asked) if one is not None)
        if before != [(one.circuits, one.refusal) for one in looking.readings]:
            self.targets.refresh()
        self._tell_last_read()

    @ui.refreshable_method
    def figures(self) -> None:
        """All that depends on the record."""
        found = self.looking.account
        if self.looking.refusal:
            told("p", self.looking.refusal, "failing")
        if not found.begun:
            self._nothing_yet(found)
            if self.looking.context.project.gateways:
                self._targets()
            return
        with ui.element("div").classes("spend-grid"):
            with _panel("Costs", "spend-wide"):
                self._costs(found)
            with _panel("Budgets", "panel-budgets"):
                self._budgets(found)
            with _panel("Last calls", "spend-wide"):
                tables.draw_calls(found.latest)
            self._targets()
            with _panel("Variants", "spend-whole"):
                self._variants(found)

    def _targets(self) -> None:
        with _panel("Targets", "spend-whole"):
            self.targets()
            if not self.looking.context.project.gateways:
                told("p", HOW_TO_SEE_LIVE, "muted")
            self._last_read = words("p", "", "muted")
            self._tell_last_read()

    @ui.refreshable_method
    def targets(self) -> None:
        """What depends on the gateways, too."""
        draw_targets(self.looking.account.health, self.looking.readings, datetime.now(UTC))

    def _tell_last_read(self) -> None:
        self._last_read.set_text(last_read(self.looking.readings))

    def _costs(self, found: Account) -> None:
        name = WINDOW_NAMES[self.looking.window]
        if not found.totals:
            words("p", f"No calls: {name}.", "muted")
            return
        _draw_sum(found.sum, name)
        if any(one.cost for one in found.totals):
            with ui.element("div").classes("spend-charts"):
                rows = min(len(found.totals), charts.SHOWN + 1)
                _chart(charts.by_key(found.totals), f"Cost by {self.looking.by}, as in the table below", 26 * rows + 24)
                if len(found.days) > 1:
                    _chart(charts.by_day(found.days), "Cost by day, as in the table below", 200)
        tables.draw_totals(self.looking.by, found.totals)
        if len(found.days) > 1:
            with words("details", "", "spend-days"):
                words("summary", "By day")
                tables.draw_totals("day", found.days)

    def _budgets(self, found: Account) -> None:
        if "budgets" in found.refusals:
            told("p", found.refusals["budgets"], "failing")
        elif found.budgets:
            tables.draw_budgets(found.budgets, datetime.now(UTC))
        else:
            _empty("No budgets. A limit stands in llmhub.yaml:", BUDGET_LINES)

    def _variants(self, found: Account) -> None:
        for experiment in found.experiments:
            tables.draw_experiment(experiment)
        if not found.experiments:
            _empty("No role has variants. To try a model on some of the calls, write below a role:", VARIANT_LINES)

    def _nothing_yet(self, found: Account) -> None:
        with ui.element("section").classes("notice"):
            if found.config.ledger == "none":
                words("h2", "No record is kept")
                told("p", "`llmhub.yaml` says `ledger: none`. Without that line calls are recorded.")
                return
            words("h2", "No calls are recorded yet")
            words("p", "Calls that a Hub makes show here as they come. This makes one for each role:")
            words("code", "llmhub test", "command")


def _draw_sum(total: Sum, window: str) -> None:
    with ui.element("div").classes("sum"):
        words("span", "unpriced" if total.dollars is None else about(total.dollars), "sum-dollars")
        calls = "1 call" if total.calls == 1 else f"{total.calls:,} calls"
        words("span", f"{calls}, {total.failed:,} failed, {window}", "muted")
    if total.unpriced:
        none = "has no known price: it is" if total.unpriced == 1 else "have no known price: they are"
        words("p", f"{total.unpriced:,} of them {none} not free, and not in the sum.", "warning")
    if total.incomplete:
        part = "is estimated (~): its" if total.incomplete == 1 else "are estimated (~): their"
        words("p", f"{total.incomplete:,} of them {part} usage was not told in full.", "warning")


def _chart(options: dict[str, object], name: str, height: int) -> None:
    chart = ui.echart(options).style(f"height: {height}px").props('role="img"')
    chart.props["aria-label"] = name


def _empty(sentence: str, lines: str) -> None:
    words("p", sentence, "muted")
    words("pre", lines, "command")


def _panel(name: str, classes: str = "") -> ui.element:
    panel = ui.element("section").classes(f"panel {classes}")
    with panel:
        words("h2", name)
    return panel
