"""Buttons of the editor, in the colours of the page and not in Quasar's, which its `!important` would keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

OnClick = Callable[[], Any]


def plain(text: str, on_click: OnClick, icon: str | None = None) -> ui.button:
    """A button that stands by itself."""
    return ui.button(text, icon=icon, on_click=on_click, color=None).props("unelevated no-caps").classes("button")


def primary(text: str, on_click: OnClick, icon: str | None = None) -> ui.button:
    """The button for what one came for."""
    return plain(text, on_click, icon).classes("primary")


def quiet(text: str, on_click: OnClick, icon: str | None = None) -> ui.button:
    """A button within other things."""
    return ui.button(text, icon=icon, on_click=on_click, color=None).props("flat dense no-caps align=left")
