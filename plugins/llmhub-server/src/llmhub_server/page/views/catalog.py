"""All models in a grid: sought, limited, sorted; one looked at beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve
from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub_server.page.columns import COLUMNS, chosen, order
from llmhub_server.page.context import PageContext
from llmhub_server.page.details import draw_credit, draw_details
from llmhub_server.page.downloads import FILE, ROWS
from llmhub_server.page.grid import ModelGrid
from llmhub_server.page.place import show_address
from llmhub_server.page.selection import TIERS, address, from_query, passing, to_query
from llmhub_server.page.text import words

COLUMNS_COOKIE = "llmhub_columns"
CONTEXTS = {8_000: "8k", 32_000: "32k", 128_000: "128k", 200_000: "200k", 1_000_000: "1M"}
MOST_COMPARED = 4


def build(context: PageContext) -> None:
    """The grid, what it is limited by, and the model that the address names."""
    _Browser(context).draw()


class _Browser:
    """One visit: what is selected, and the elements that tell of it."""

    def __init__(self, context: PageContext) -> None:
        self._context, self._shown = context, context.catalog()
        self._selection = from_query(context.query)
        self._model = context.query.get("model")
        self._order = order(context.query.get("sort"))
        self._columns = list(chosen(context.cookies.get(COLUMNS_COOKIE)))

    def draw(self) -> None:
        """All of the view."""
        with ui.element("div").classes("view-head"):
            words("h1", "Catalog")
            self._count = words("span", "", "muted count").props('role="status"')
            ui.space()
            self._compare = words("a", "Compare", "button quiet").props("hidden")
            self._export = words("a", "Export CSV", "button quiet").props('download="models.csv"')
            self._draw_column_menu()
        with ui.element("div").classes("filters") as filters:
            self._draw_filters(filters)
        with ui.element("div").classes("split"):
            source = f"{ROWS}?of={self._shown.rows_id}"
            self._grid = ModelGrid(source, self._columns, self._passing(), self._order)
            self._grid.on("pick", lambda event: self._look_at(event.args))
            self._grid.on("sorted", lambda event: self._sort(event.args))
            self._grid.on("mark", lambda event: self._mark(event.args))
            self._aside = ui.element("aside").classes("aside").props('aria-label="Details of a model" tabindex="-1"')
            self._aside.on("keydown.escape", lambda: self._look_at(None))
        draw_credit(self._shown)
        self._tell()
        self._draw_aside()

    # --- what is asked -----------------------------------------------------------------------------------------------

    def _draw_filters(self, row: ui.element) -> None:
        asked = self._selection
        self._search = ui.input(
            value=asked.text,
            placeholder="Search",
            on_change=lambda event: self._ask(text=event.value or ""),
        )
        self._search.props('outlined dense clearable type="search" aria-label="Search" aria-keyshortcuts="/"')
        self._search.classes("search")
        with self._search.add_slot("append"):
            words("kbd", "/").props('aria-hidden="true"')
        opener = ui.button("Filters", color=None, on_click=lambda: row.classes(toggle="open"))
        opener.props("flat no-caps dense").classes("button quiet opener")
        self._several("Provider", self._shown.providers, asked.providers, lambda found: self._ask(providers=found))
        self._several("Tags", self._shown.tags, asked.tags, lambda found: self._ask(tags=found))
        price = ui.number(
            label="Price up to $/M",
            value=asked.max_price,
            min=0,
            on_change=lambda event: self._ask(max_price=event.value),
        )
        price.props("outlined dense clearable").classes("narrow")
        contexts = {**CONTEXTS, **({asked.min_context: f"{asked.min_context:,}"} if asked.min_context else {})}
        self._one("Context ≥", contexts, asked.min_context, lambda found: self._ask(min_context=found))
        for name in TIERS[:3]:
            tiers = {tier: f"{tier}" if tier == 1 else f"1–{tier}" for tier in range(1, 5)}
            self._one(f"{name.capitalize()} tier", tiers, dict(asked.tiers).get(name), self._tier_setter(name))
        live = ui.checkbox("Live only", value=asked.live, on_change=lambda event: self._ask(live=bool(event.value)))
        live.props("dense").tooltip("Leave out what is deprecated or retired")

    def _several(
        self, label: str, options: tuple[str, ...], value: tuple[str, ...], say: Callable[[tuple[str, ...]], None]
    ) -> None:
        known = [*options, *(name for name in value if name not in options)]
        ui.select(
            known,
            label=label,
            value=list(value),
            multiple=True,
            with_input=True,
            clearable=True,
            on_change=lambda event: say(tuple(event.value or ())),
        ).props(f'outlined dense options-dense aria-label="{label}"').classes("several")

    def _one(self, label: str, options: dict[int, str], value: int | None, say: Callable[[int | None], None]) -> None:
        ui.select(options, label=label, value=value, clearable=True, on_change=lambda event: say(event.value)).props(
            f'outlined dense options-dense aria-label="{label}"'
        ).classes("narrow")

    def _tier_setter(self, name: str) -> Callable[[int | None], None]:
        def say(tier: int | None) -> None:
            others = {key: value for key, value in self._selection.tiers if key != name}
            tiers = others if tier is None else {**others, name: tier}
            self._ask(tiers=tuple((key, tiers[key]) for key in TIERS if key in tiers))

        return say

    def _ask(self, **changes: Any) -> None:
        self._selection = evolve(self._selection, **changes)
        self._grid.show(self._passing())
        self._tell()

    def _passing(self) -> list[int] | None:
        self._found = passing(self._shown.searched, self._selection)
        return None if len(self._found) == len(self._shown.models) else self._found

    def _tell(self) -> None:
        """How many there are, and the address that shows the same."""
        everything = len(self._shown.models)
        some = len(self._found)
        self._count.set_text(f"{everything:,} models" if some == everything else f"{some:,} of {everything:,} models")
        query = to_query(self._selection)
        self._export.props["href"] = address(FILE, query)
        query |= {} if self._order == order(None) else {"sort": self._order}
        here = address("/", {**query, "model": self._model} if self._model else query)
        show_address(here)

    def _sort(self, by: str) -> None:
        self._order = order(by or None)
        self._tell()

    # --- columns -----------------------------------------------------------------------------------------------------

    def _draw_column_menu(self) -> None:
        button = (
            ui.button("Columns", color=None).props('flat no-caps dense aria-haspopup="true"').classes("button quiet")
        )
        with button, ui.menu().props('aria-label="Columns"').classes("column-menu"):
            for column in COLUMNS[1:]:
                box = ui.checkbox(column.title, value=column.name in self._columns).props("dense")
                box.on_value_change(self._column_setter(column.name))

    def _column_setter(self, name: str) -> Callable[[Any], None]:
        def say(event: Any) -> None:
            if event.value:
                self._columns.append(name)
            else:
                self._columns.remove(name)
            self._grid.show_column(name, bool(event.value))
            kept = ".".join(column.name for column in COLUMNS if column.name in self._columns)
            ui.run_javascript(f'document.cookie = "{COLUMNS_COOKIE}={kept}; path=/; max-age=31536000; samesite=strict"')

        return say

    # --- one model ---------------------------------------------------------------------------------------------------

    def _mark(self, ids: list[str]) -> None:
        fits = 2 <= len(ids) <= MOST_COMPARED
        self._compare.set_text(f"Compare {len(ids)}" if fits else f"Compare: tick 2 to {MOST_COMPARED}")
        self._compare.props(remove="hidden") if ids else self._compare.props("hidden")
        if fits:
            self._compare.props["href"] = address("/compare", {"models": ",".join(ids)})
        else:
            self._compare.props(remove="href")
        self._compare.update()

    def _look_at(self, model_id: str | None) -> None:
        self._model = model_id
        self._tell()
        self._draw_aside()
        if model_id is None:
            ui.run_javascript("document.querySelector('.ag-cell-focus, .ag-row-focus .ag-cell')?.focus()")
        else:
            ui.run_javascript(f"document.getElementById('{self._aside.html_id}').focus({{preventScroll: true}})")

    def _draw_aside(self) -> None:
        self._aside.clear()
        self._aside.set_visibility(self._model is not None)
        if self._model is None:
            return
        with self._aside:
            ui.button(icon="close", color=None, on_click=lambda: self._look_at(None)).props(
                'flat round dense aria-label="Close the details"'
            ).classes("aside-close")
            model = self._shown.catalog.models.get(self._model)
            if model is None:
                words("h2", "Not in the catalog")
                words("p", f"The catalog knows no model {self._model}.")
            else:
                draw_details(self._shown, model, heading="h2")
