"""What a key of the spec is filled in with. Values come from a file, and may be of any type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.events import ValueChangeEventArguments  # noqa: TID253

from llmhub_server.page.editor.buttons import quiet
from llmhub_server.page.editor.form import Field
from llmhub_server.page.text import words

Commit = Callable[[Any], Awaitable[None]]
Suggest = Callable[[str], Sequence[str]]

FEW = 3
"""So many choices stand side by side; more open below one another."""


def draw_control(field: Field, commit: Commit, suggest: Suggest) -> None:
    """Draw what *field* is filled in with; *commit* takes each new value, *suggest* names that begin so."""
    if field.control == "choice" and (len(field.choices) > FEW or field.required):
        _selection(field, commit)
    elif field.control in ("choice", "yes or no"):
        _side_by_side(field, commit)
    elif field.control == "choices":
        _several(field, commit)
    elif field.control == "names":
        _names(field, commit, suggest)
    elif field.control == "switch":
        value = field.value if isinstance(field.value, bool) else field.default
        ui.switch(value=bool(value), on_change=_committing(commit)).props(f'aria-label="{field.key}" dense')
    elif field.control in ("count", "number"):
        _number(field, commit)
    else:
        _text(field, commit, suggest if field.control == "name" else None)


def _committing(commit: Commit) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
    async def take(event: ValueChangeEventArguments[Any]) -> None:
        await commit(event.value)

    return take


def _selection(field: Field, commit: Commit) -> None:
    value = field.value if field.value in field.choices else None
    ui.select(list(field.choices), value=value, on_change=_committing(commit), clearable=not field.required).props(
        f'outlined dense aria-label="{field.key}"'
    ).classes("control-wide")


def _side_by_side(field: Field, commit: Commit) -> None:
    options: dict[Any, str] = {one: one for one in field.choices} or {True: "yes", False: "no"}
    known = any(field.value is one or (isinstance(one, str) and field.value == one) for one in options)
    with ui.element("div").props(f'role="group" aria-label="{field.key}"'):
        ui.toggle(options, value=field.value if known else None, on_change=_committing(commit), clearable=True).props(
            "dense no-caps unelevated toggle-color=chosen toggle-text-color=chosen"
        ).classes("levels")


def _several(field: Field, commit: Commit) -> None:
    held = field.value if isinstance(field.value, list) else []
    chosen = [one for one in field.choices if one in held]

    def taking(choice: str) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
        async def take(event: ValueChangeEventArguments[Any]) -> None:
            chosen[:] = [one for one in field.choices if (event.value if one == choice else one in chosen)]
            await commit(list(chosen))

        return take

    with ui.element("div").classes("several").props(f'role="group" aria-label="{field.key}"'):
        for choice in field.choices:
            ui.checkbox(choice.replace("_", " "), value=choice in chosen, on_change=taking(choice)).props("dense")


def _number(field: Field, commit: Commit) -> None:
    value = field.value if isinstance(field.value, int | float) and not isinstance(field.value, bool) else None
    step = 1 if field.control == "count" else "any"
    shown = "" if field.default is None else f' placeholder="{field.default}"'
    ui.number(value=value, min=0, on_change=_committing(commit)).props(
        f'outlined dense debounce=500 step={step} aria-label="{field.key}"{shown}'
    ).classes("control-number")


def _text(field: Field, commit: Commit, suggest: Suggest | None) -> None:
    value = "" if field.value is None or isinstance(field.value, dict | list) else str(field.value)
    kept = {"value": value}
    control = ui.input(value=value).props(f'outlined dense aria-label="{field.key}"').classes("control-wide")
    if field.default:
        control.props["placeholder"] = str(field.default)

    async def finish() -> None:
        # Not letter by letter: half a name is no name.
        if control.value != kept["value"]:
            kept["value"] = control.value
            await commit(control.value)

    control.on("blur", finish)
    control.on("keydown.enter", finish)
    if suggest is not None:
        _suggested(control, suggest, at_once=suggest(value))


def _names(field: Field, commit: Commit, suggest: Suggest) -> None:
    names: list[str] = [str(one) for one in field.value] if isinstance(field.value, list) else []

    async def remove(name: str) -> None:
        names.remove(name)
        chips.refresh()
        await commit(list(names))

    async def add() -> None:
        name = (control.value or "").strip()
        control.value = ""
        if name and name not in names:
            names.append(name)
            chips.refresh()
            await commit(list(names))

    @ui.refreshable
    def chips() -> None:
        for name in names:
            with ui.element("span").classes("chip"):
                words("span", name)
                remover = quiet("", partial(remove, name), "close").props("round")
                remover.props["aria-label"] = f"Remove {name} from {field.key}"

    with ui.element("div").classes("names").props(f'role="group" aria-label="{field.key}"'):
        chips()
        control = ui.input(placeholder="add").props(f'outlined dense aria-label="Add to {field.key}"')
        control.on("keydown.enter", add)
        control.on("blur", add)
        _suggested(control, suggest, at_once=suggest(""))


def _suggested(control: ui.input, suggest: Suggest, at_once: Sequence[str]) -> None:
    """Give *control* a list of names, found anew as somebody types."""

    @ui.refreshable
    def options(found: Sequence[str]) -> None:
        for one in found:
            ui.element("option").props["value"] = one

    with ui.element("datalist") as names:
        options(at_once)
    control.props(f'list="{names.html_id}" autocomplete=off')
    control.on_value_change(lambda event: options.refresh(suggest(event.value or "")))
