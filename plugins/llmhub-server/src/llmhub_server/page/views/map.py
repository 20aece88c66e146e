"""Quality against price: every model that has both as a point, and the frontier of those that none betters."""

from __future__ import annotations

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.elements.mixins.text_element import TextElement  # noqa: TID253

from llmhub.records.model import CanonicalModel
from llmhub_server.page.context import PageContext
from llmhub_server.page.details import draw_credit, draw_table, model_address
from llmhub_server.page.facts import UNKNOWN, dollars
from llmhub_server.page.frontier import Chart, Point, chart, frontier
from llmhub_server.page.map_chart import MOST_HUES, ModelMap
from llmhub_server.page.place import show_address
from llmhub_server.page.selection import address, from_query
from llmhub_server.page.shown_catalog import ShownCatalog
from llmhub_server.page.text import words


def build(context: PageContext) -> None:
    """The chart, what is left out of it, and the frontier as a table."""
    shown = context.catalog()
    whole = chart(shown.models, shown.price_ratio)
    offered = sorted({point.provider for point in whole.points})
    asked = tuple(name for name in from_query(context.query).providers if name in offered)

    def select(providers: tuple[str, ...]) -> None:
        points = _of(whole, providers)
        plot.show(points, providers)
        _tell(count, legend, whole, points, providers)
        absent.set_text(left_out(chart(_served_by(shown, providers), shown.price_ratio)))
        with table:
            table.clear()
            _draw_frontier(points)
        here = address("/map", {"provider": ",".join(providers)} if providers else {})
        show_address(here)

    with ui.element("div").classes("view-head"):
        words("h1", "Quality and price")
        count = words("span", "", "muted count").props('role="status"')
        ui.space()
        ui.select(
            offered,
            label="Provider",
            value=list(asked),
            multiple=True,
            with_input=True,
            clearable=True,
            on_change=lambda event: select(tuple(event.value or ())),
        ).props('outlined dense options-dense use-chips aria-label="Provider"').classes("map-providers")
    legend = ui.element("p").classes("legend")
    points = _of(whole, asked)
    with ui.element("div").classes("paper-wide"):
        plot = ModelMap(points, asked, shown.price_ratio)
        plot.on("pick", lambda event: ui.navigate.to(model_address(event.args)))
    absent = words("p", "", "muted")
    words("h2", "The frontier")
    words("p", "No other model costs at most as much and is rated higher.", "muted")
    table = ui.element("div").classes("paper")
    with table:
        _draw_frontier(points)
    draw_credit(shown)
    _tell(count, legend, whole, points, asked)
    absent.set_text(left_out(chart(_served_by(shown, asked), shown.price_ratio)))


def left_out(whole: Chart) -> str:
    """Which models have no place in the chart, and why."""
    reasons = (
        (whole.unrated, "with a price and no score"),
        (whole.unpriced, "with a score and no price"),
        (whole.neither, "with neither"),
        (whole.free, "with a score, that cost nothing"),
    )
    told = [f"{number:,} {reason}" for number, reason in reasons if number]
    return f"Live models without a place here: {', '.join(told)}." if told else "Every live model has its place here."


def _served_by(shown: ShownCatalog, providers: tuple[str, ...]) -> list[CanonicalModel]:
    return [model for model in shown.models if not providers or model.provider in providers]


def _of(whole: Chart, providers: tuple[str, ...]) -> tuple[Point, ...]:
    return tuple(point for point in whole.points if not providers or point.provider in providers)


def _tell(
    count: TextElement, legend: ui.element, whole: Chart, points: tuple[Point, ...], providers: tuple[str, ...]
) -> None:
    every, some = len(whole.points), len(points)
    count.set_text(f"{every:,} models" if some == every else f"{some:,} of {every:,} models")
    legend.clear()
    with legend:
        for place, name in enumerate(providers[:MOST_HUES], 1):
            with words("span", "", "legend-entry"):
                words("span", "", "legend-dot").style(f"background: var(--hue-{place})")
                words("span", name)
        if len(providers) > MOST_HUES:
            words("span", "others in grey", "muted")


def _draw_frontier(points: tuple[Point, ...]) -> None:
    best = frontier(points)
    if not best:
        words("p", "No model here has both a score and a price.", "muted")
        return
    lines = [(point.id, dollars(point.price), _rating(point), point.date or UNKNOWN) for point in best]
    draw_table(("Model", "$/M", "Score", "Rated"), lines, [model_address(point.id) for point in best])


def _rating(point: Point) -> str:
    interval = "" if point.low is None or point.high is None else f" ({point.low:.0f}–{point.high:.0f})"
    return f"{point.score:.0f}{interval}"
