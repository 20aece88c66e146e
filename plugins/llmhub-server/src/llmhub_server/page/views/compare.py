"""Two to four models side by side: what a workload costs, where their facts differ, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import asdict
from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub_server.page.comparison import MOST, compared, named
from llmhub_server.page.context import PageContext
from llmhub_server.page.details import draw_credit, model_address
from llmhub_server.page.facts import UNKNOWN
from llmhub_server.page.place import show_address
from llmhub_server.page.question import QuestionPanel
from llmhub_server.page.selection import Selection, address, passing
from llmhub_server.page.text import words
from llmhub_server.page.workload import WorkloadCost, cost, from_query, in_dollars, to_query

if TYPE_CHECKING:
    from nicegui.events import GenericEventArguments

    from llmhub.records.model import CanonicalModel

SUGGESTED = 12
WORKLOAD = {
    "calls": "Calls a day",
    "input": "Input tokens a call",
    "output": "Output tokens a call",
    "cached": "of the input cached",
}


def build(context: PageContext) -> None:
    """The models that the address names, beside each other."""
    _Comparison(context).draw()


class _Comparison:
    """One visit: the models that are compared, and the workload."""

    def __init__(self, context: PageContext) -> None:
        self._context, self._shown = context, context.catalog()
        models = self._shown.catalog.models
        self._ids = [name for name in named(context.query) if name in models]
        self._absent = [name for name in named(context.query) if name not in models]
        self._workload = from_query(context.query)

    def draw(self) -> None:
        """All of the view."""
        with ui.element("div").classes("view-head"):
            words("h1", "Compare")
            ui.space()
            self._draw_adder()
        for name in self._absent:
            words("p", f"The catalog knows no model {name}.", "warning")
        self._body = ui.element("div")
        self._draw_body()
        draw_credit(self._shown)

    # --- which models ------------------------------------------------------------------------------------------------

    def _draw_adder(self) -> None:
        with ui.element("form").classes("adder").on("submit.prevent", self._add_typed):
            self._typed = ui.element("input").props(
                'list="known-models" placeholder="Add a model" aria-label="Add a model" autocomplete="off"'
            )
            self._typed.classes("plain-input")
            self._typed.on(
                "input", lambda event: self._suggest(str(event.args)), js_handler="(e) => emit(e.target.value)"
            )
            self._known = ui.element("datalist").props('id="known-models"')
            words("button", "Add", "button").props('type="submit"')
        self._text = ""

    def _suggest(self, text: str) -> None:
        self._text = text.strip()
        self._known.clear()
        places = passing(self._shown.searched, Selection(text=self._text, live=True)) if self._text else []
        with self._known:
            for place in places[:SUGGESTED]:
                ui.element("option").props["value"] = self._shown.models[place].canonical_id

    def _add_typed(self) -> None:
        if not self._text:
            return
        found = self._shown.catalog.lookup(self._text)
        if found is None:
            known = self._shown.catalog.matches(self._text)
            many = f"{self._text} is served by {len(known)} providers: write provider:model."
            ui.notify(many if known else f"The catalog knows no model {self._text}.", type="warning")
        elif found.canonical_id in self._ids:
            ui.notify(f"{found.canonical_id} is there already.")
        elif len(self._ids) == MOST:
            ui.notify(f"No more than {MOST} fit beside each other: take one away first.", type="warning")
        else:
            self._change([*self._ids, found.canonical_id])
            ui.run_javascript(f"getHtmlElement({self._typed.id}).value = ''")
            self._suggest("")

    def _change(self, ids: list[str]) -> None:
        self._ids = ids
        self._tell()
        self._draw_body()

    def _tell(self) -> None:
        models = {"models": ",".join(self._ids)} if self._ids else {}
        here = address("/compare", {**models, **to_query(self._workload)})
        show_address(here)

    # --- beside each other -------------------------------------------------------------------------------------------

    def _draw_body(self) -> None:
        self._body.clear()
        models = [self._shown.catalog.models[name] for name in self._ids]
        with self._body:
            if not models:
                _draw_empty()
                return
            if len(models) == 1:
                words("p", "Add a second model to see where they differ.", "muted")
            self._draw_workload()
            with (
                ui.element("div")
                .classes("table-frame compare-frame")
                .props('tabindex="0" role="region" aria-label="Comparison"')
            ):
                self._table = ui.element("table").classes("table compare")
            self._draw_table(models)
            QuestionPanel(self._context, self._shown, models).draw()

    def _draw_workload(self) -> None:
        with ui.element("fieldset").classes("workload"):
            words("legend", "Workload")
            for name, title in WORKLOAD.items():
                with words("label", "", "number-field"):
                    words("span", title)
                    field = ui.element("input").props(
                        f'type="number" min="0" step="1" inputmode="numeric" name="{name}"'
                    )
                    field.props["value"] = asdict(self._workload)[name]
                    field.classes("plain-input")
                    field.on("input", self._setter(name), js_handler="(e) => emit(e.target.value)")

    def _setter(self, name: str) -> Callable[[GenericEventArguments], None]:
        def say(event: GenericEventArguments) -> None:
            self._workload = from_query(
                {**{key: str(value) for key, value in asdict(self._workload).items()}, name: str(event.args)}
            )
            self._tell()
            self._draw_table([self._shown.catalog.models[one] for one in self._ids])

        return say

    def _draw_table(self, models: list[CanonicalModel]) -> None:
        now = datetime.now(UTC)
        costs = [cost(model, self._workload, self._shown.pricing, now) for model in models]
        self._table.clear()
        with self._table:
            with ui.element("thead"), ui.element("tr"):
                words("td", "")
                for model in models:
                    self._draw_title(model)
            with ui.element("tbody"):
                _draw_costs(costs)
                for line in compared(models, self._shown.price_ratio):
                    _draw_line(line.name, line.values, differs=line.differs and len(models) > 1)

    def _draw_title(self, model: CanonicalModel) -> None:
        with words("th", "").props('scope="col"'):
            words("a", model.canonical_id).props["href"] = model_address(model.canonical_id)
            others = [name for name in self._ids if name != model.canonical_id]
            button = ui.button(icon="close", color=None, on_click=lambda: self._change(others)).props(
                "flat round dense size=sm"
            )
            button.props["aria-label"] = f"Take {model.canonical_id} away"


def _draw_empty() -> None:
    with ui.element("section").classes("notice"):
        words("h2", "Nothing to compare yet")
        words("p", "Add two to four models above, or tick them in the catalog.")
        words("a", "To the catalog", "button").props('href="/"')


def _draw_costs(costs: list[WorkloadCost]) -> None:
    for title, name in (("A call", "call"), ("A day", "day"), ("A month of 30 days", "month")):
        told = tuple(in_dollars(getattr(one, name)) for one in costs)
        _draw_line(title, told, differs=len(set(told)) > 1, strong=name == "month")
    if any(one.note or one.source for one in costs):
        with ui.element("tr").classes("notes"):
            words("th", "By rates of").props('scope="row"')
            for one in costs:
                with ui.element("td"):
                    words("span", (one.source or UNKNOWN).replace("genai_prices", "genai-prices"), "source")
                    if one.note:
                        words("span", f"{'an estimate: ' if one.call is not None else ''}{one.note}", "source")


def _draw_line(name: str, values: tuple[str, ...], *, differs: bool, strong: bool = False) -> None:
    with ui.element("tr").classes(f"{'differs' if differs else ''} {'strong' if strong else ''}"):
        with words("th", "").props('scope="row"'):
            words("span", name)
            if differs:
                words("span", "differs", "differs-mark")
        for told in values:
            with ui.element("td"):
                words("span", told, "muted" if told == UNKNOWN else "")
