"""The grid of models."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui.element import Element  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.elements import aggrid  # noqa: TID253

from llmhub_server.page.columns import grid_columns


class ModelGrid(Element, component="assets/model_grid.js"):
    """All models that *source* (an address) gives, of which some are shown.

    Its events: `pick` with the id of a model that was clicked or entered; `mark` with the ids whose boxes are ticked;
    `sorted` with the column in whose order they stand, behind a `-` where the greatest is first.
    """

    def __init__(
        self, source: str, shown_columns: Sequence[str], passing: Sequence[int] | None, sorted_by: str
    ) -> None:
        super().__init__()
        self.props["columns"] = grid_columns(shown_columns)
        self.props["source"] = source
        self.props["passing"] = passing
        self.props["sorted"] = sorted_by

    def show(self, passing: Sequence[int] | None) -> None:
        """Show the models at these places only; `None` shows all."""
        self.run_method("show", passing)

    def show_column(self, name: str, visible: bool) -> None:
        """Show or hide the column *name*."""
        self.run_method("show_column", name, visible)


AG_GRID = aggrid.__name__
"""The package of NiceGUI that makes AG Grid known to the browser's programs when it is imported."""
