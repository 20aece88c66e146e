"""The chart of quality against price."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import asdict
from nicegui.element import Element  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.elements import echart  # noqa: TID253

from llmhub_server.page.frontier import Point, frontier, steps

MOST_HUES = 6
"""So many providers have colours of their own; more could not be told apart."""


class ModelMap(Element, component="assets/model_map.js"):
    """Models as points, and the frontier through the best. Its event `pick` has the id of a model that was clicked."""

    def __init__(self, points: Sequence[Point], providers: Sequence[str], price_ratio: float) -> None:
        super().__init__()
        self.props["ratio"] = price_ratio
        self.show(points, providers)

    def show(self, points: Sequence[Point], providers: Sequence[str]) -> None:
        """Show *points*; those of the first six *providers* in colours of their own."""
        best = frontier(points)
        self.props["points"] = [asdict(point) for point in points]
        self.props["frontier"] = [point.id for point in best]
        self.props["steps"] = steps(best)
        self.props["hues"] = list(providers[:MOST_HUES])
        label = f"Arena score against blended price of {len(points)} models; the table below tells of the frontier."
        self.props["aria-label"] = label
        self.update()


ECHARTS = echart.__name__
"""The package of NiceGUI that makes ECharts known to the browser's programs when it is imported."""
