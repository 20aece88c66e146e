"""One visitor's editing of the spec: what the text reads, what is wrong with it, what would be chosen for it."""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by `llmhub ui`, never at start-up
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen
from nicegui import run  # noqa: TID253

from llmhub.errors import ConfigError, HubError
from llmhub.workspace.spec_text import edited, problems_in, renamed, spec_in, values_in
from llmhub_server.page.editor.draft import Draft
from llmhub_server.page.editor.form import Form, Path, inside, names_below
from llmhub_server.page.editor.preview import Preview, preview

if TYPE_CHECKING:
    from llmhub.records.problems import Problem
    from llmhub.records.spec import HubSpec
    from llmhub.workspace import Workspace
    from llmhub_server.page.context import PageContext

_log = logging.getLogger("llmhub.page")

PAUSE = 0.35
"""Seconds without a change after which the text is read, and a choice made for it."""

Section = tuple[str, ...]
"""What is shown of the form: `("project",)`, `("providers",)`, `("defaults",)`, or `("roles", name)`."""


@frozen(kw_only=True)
class Reading:
    """What a text says: `values` is `None` where it is no YAML, `spec` where it is no valid spec."""

    values: Mapping[str, Any] | None
    problems: tuple[Problem, ...]
    spec: HubSpec | None = field(default=None, repr=False)


def read(workspace: Workspace, text: str) -> Reading:
    """Read *text*, with all that is wrong with it."""
    try:
        values = values_in(text)
    except HubError:
        return Reading(values=None, problems=problems_in(text))
    problems = problems_in(text)
    try:
        return Reading(
            values=values, problems=problems, spec=None if problems else spec_in(text, workspace.environment)
        )
    except ConfigError as error:
        # An environment that was asked for, and is gone from the text.
        from llmhub.records.problems import Problem

        told = Problem(file="llmhub.spec.yaml", line=1, column=1, path="", message=str(error))
        return Reading(values=values, problems=(told,))


@define(eq=False)
class Editing:
    """What the parts of the view share. Each of `drawn` is a part's way to show what has changed, by its name.

    `status` after every change; `text` when the text changed by other means than typing; `form` when it did by other
    means than the form; `problems` when it was read; `preview` when a choice was made or begun.
    """

    context: PageContext
    workspace: Workspace
    schema: Mapping[str, Any]
    draft: Draft
    reading: Reading
    section: Section = ("project",)
    preview: Preview | None = None
    refusal: str = ""
    choosing: bool = False
    drawn: dict[str, Callable[[], object]] = field(factory=dict)
    _round: int = 0

    @property
    def form(self) -> Form:
        """The form of the text, or of what it read last when it was YAML."""
        return Form(self.schema, self.reading.values or {})

    def show(self, *parts: str) -> None:
        """Have these parts of the view drawn anew."""
        for part in parts:
            self.drawn[part]()

    async def type(self, text: str) -> None:
        """The text as somebody typed it."""
        if text != self.draft.text:
            await self._become(self.draft.typed(text), "status", after=("form",))

    async def change(self, changes: Mapping[Path, Any], *, redraw: bool = False) -> str:
        """Change values by the form. Returns why that cannot be done; empty when it was."""
        return await self._edit(lambda text: edited(text, changes), redraw=redraw)

    async def rename(self, section: str, old: str, new: str) -> str:
        """Call a role or provider by another name, in all environments. Returns why that cannot be done."""

        def everywhere(text: str) -> str:
            places = [(), *(("environments", name) for name in names_below(self.reading.values or {}, "environments"))]
            for place in places:
                if inside(self.reading.values, (*place, section, old)) is not None:
                    text = renamed(text, (*place, section, old), new)
            return text

        if self.section == (section, old):
            self.section = (section, new)
        why = await self._edit(everywhere, redraw=True)
        if why and self.section == (section, new):
            self.section = (section, old)
        return why

    async def undo(self) -> None:
        await self._become(self.draft.undone(), "status", "text", after=("form",))

    async def redo(self) -> None:
        await self._become(self.draft.redone(), "status", "text", after=("form",))

    async def reload(self, disk: str) -> None:
        """Take what stands on disk; undoing brings back what was typed."""
        await self._become(self.draft.reloaded(disk), "status", "text", after=("form",))

    async def restore(self, text: str) -> None:
        """Take a text that was kept from before; undoing brings back what stands on disk."""
        await self._become(self.draft.changed(text), "status", "text", after=("form",))

    async def settle(self) -> None:
        """Read the text and choose for it."""
        self._round += 1
        await self._settle(self._round, (), pause=0)

    async def _edit(self, changed: Callable[[str], str], *, redraw: bool) -> str:
        try:
            text = changed(self.draft.text)
        except HubError as error:
            return str(error)
        # The form has shown it already; it is read at once so that the next change builds on it.
        self.reading = read(self.workspace, text)
        if redraw:
            self.show("form")
        await self._become(self.draft.changed(text), "status", "text", "problems", after=())
        return ""

    async def _become(self, draft: Draft, *parts: str, after: tuple[str, ...]) -> None:
        self.draft = draft
        self._round += 1
        self.show(*parts)
        await self._settle(self._round, after, pause=PAUSE)

    async def _settle(self, mine: int, after: tuple[str, ...], *, pause: float) -> None:
        await asyncio.sleep(pause)
        if mine != self._round:
            return
        reading = await run.io_bound(read, self.workspace, self.draft.text)
        if mine != self._round or reading is None:
            return
        told = reading if reading.values is not None else Reading(values=self.reading.values, problems=reading.problems)
        self.reading = told
        self.choosing = reading.spec is not None
        self.show("problems", "preview", *after)
        if reading.spec is not None:
            await self._choose(mine, reading.spec)

    async def _choose(self, mine: int, spec: HubSpec) -> None:
        found, refusal = None, ""
        try:
            found = await run.io_bound(_chosen, self.context, self.workspace, spec)
        except HubError as error:
            refusal = str(error)
        except Exception as error:
            _log.exception("no choice could be made")
            refusal = f"The page met {type(error).__name__}. The terminal of `llmhub ui` has the whole of it."
        if mine == self._round:
            self.preview, self.refusal, self.choosing = found or self.preview, refusal, False
            self.show("preview")


def _chosen(context: PageContext, workspace: Workspace, spec: HubSpec) -> Preview:
    return preview(workspace, spec, context.catalog().catalog)
