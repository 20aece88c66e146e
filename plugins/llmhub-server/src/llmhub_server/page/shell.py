"""What stands around every view: the name of the project, the way to the other views, light or dark."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from nicegui import run, ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.errors import HubError
from llmhub_server.page.context import PageContext
from llmhub_server.page.notice import Notice, notice_of, unexpected
from llmhub_server.page.text import told, words
from llmhub_server.page.views import VIEWS, View

THEME_COOKIE = "llmhub_theme"
THEMES = {"system": None, "light": False, "dark": True}
"""What the visitor chose to what NiceGUI calls dark mode; `system` follows the machine."""
_ICONS = {"system": "brightness_auto", "light": "light_mode", "dark": "dark_mode"}

ASSETS = "/assets"
"""Where the page's own style and programs are served."""

_log = logging.getLogger("llmhub.page")


async def draw(view: View, context: PageContext) -> None:
    """Draw *view* with all that stands around it; where it fails, a notice that says why and what to do."""
    theme = context.cookies.get(THEME_COOKIE, "system")
    theme = theme if theme in THEMES else "system"
    with _framed(view, context, theme) as main:
        try:
            if view.shows_catalog:
                # On a thread: to read a new catalog, or build the first, would hold up all that others look at.
                await run.io_bound(lambda: context.catalog().rows_id)
            built = import_module(view.module).build(context)
            if inspect.isawaitable(built):
                await built
        except HubError as error:
            main.clear()
            with main:
                draw_notice(notice_of(error))
        except Exception as error:
            _log.exception("the view %s failed", view.name)
            main.clear()
            with main:
                draw_notice(unexpected(error))


def draw_notice(notice: Notice) -> None:
    """*notice*, in the place of what cannot be shown."""
    with ui.element("section").classes("notice"):
        words("h1", notice.title)
        for line in notice.lines:
            told("p", line)
        for command in notice.commands:
            words("code", command, "command")


@contextmanager
def _framed(view: View, context: PageContext, theme: str) -> Iterator[ui.element]:
    dark = ui.dark_mode(THEMES[theme])
    _paint_at_once(theme)
    ui.page_title(f"{view.name} · LLM Hub")
    with ui.header(elevated=False).classes("page-header"):
        with words("a", "", "brand").props('href="/"'):
            words("span", "LLM Hub", "brand-name")
            words("span", context.workspace.start.resolve().name, "brand-project")
        with ui.element("nav").classes("page-nav").props('aria-label="Views"'):
            for one in VIEWS:
                if one.icon is not None:
                    link = words("a", one.name, "nav-link").props(f'href="{one.path}"')
                    if one.path == view.path:
                        link.props('aria-current="page"')
        _theme_button(dark, theme)
    ui.on_exception(_tell)
    with ui.element("div").classes("view") as main:
        ui.skip_link("Skip to the view", target=main)
        yield main


def _tell(error: Exception) -> None:
    """Say that something that was clicked or typed could not be done; NiceGUI writes the whole to the terminal."""
    ui.notify(
        str(error) if isinstance(error, HubError) else unexpected(error).lines[0], type="negative", multi_line=True
    )


def _theme_button(dark: ui.dark_mode, theme: str) -> None:
    names = list(THEMES)
    chosen = {"theme": theme}

    def say() -> None:
        following = names[(names.index(chosen["theme"]) + 1) % len(names)]
        button.props(f'icon="{_ICONS[chosen["theme"]]}"')
        button.props(f'aria-label="Colours: {chosen["theme"]}. Change to {following}"')

    def change() -> None:
        chosen["theme"] = names[(names.index(chosen["theme"]) + 1) % len(names)]
        dark.set_value(THEMES[chosen["theme"]])
        ui.run_javascript(
            f'document.cookie = "{THEME_COOKIE}={chosen["theme"]}; path=/; max-age=31536000; samesite=strict"'
        )
        say()

    button = ui.button(color=None, on_click=change).props("flat round dense").classes("theme-button")
    say()


def _paint_at_once(theme: str) -> None:
    """The background before any program has run, so that a dark page does not begin with a white flash."""
    paint = {
        "light": "html{background:#fbfbfa}",
        "dark": "html{background:#14171a}",
        "system": "html{background:#fbfbfa}@media(prefers-color-scheme:dark){html{background:#14171a}}",
    }[theme]
    ui.add_head_html(f'<style>{paint}</style><link rel="stylesheet" href="{ASSETS}/page.css">')
