"""The spec as forms and as text, side by side, with what would be chosen."""

from __future__ import annotations

from functools import partial

from nicegui import run, ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub_server.page.context import PageContext
from llmhub_server.page.editor import dialogs
from llmhub_server.page.editor.buttons import plain, primary, quiet
from llmhub_server.page.editor.draft import Draft
from llmhub_server.page.editor.form_view import FormView
from llmhub_server.page.editor.kept_text import KeptText
from llmhub_server.page.editor.preview_view import PreviewView
from llmhub_server.page.editor.session import Editing, Reading, read
from llmhub_server.page.editor.text_view import TextView
from llmhub_server.page.text import words
from llmhub_server.page.watching import every

LOOK = 3.0
"""Seconds between looks at the file, which others may change."""
PANES = ("Form", "Text", "Choice")


async def build(context: PageContext) -> None:
    """The editor.

    Raises:
        ConfigNotFoundError, ConfigError: there is no spec, or it cannot be read.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.schema import spec_schema

    workspace = context.workspace
    text = workspace.spec_text()
    workspace.load_env_file(workspace.needed_spec_path().parent)
    reading = await run.io_bound(read, workspace, text) or Reading(values=None, problems=())
    editing = Editing(
        context=context,
        workspace=workspace,
        schema=spec_schema(PROVIDER_NAMES),
        draft=Draft.of(text),
        reading=reading,
    )
    roles = editing.form.roles
    wanted = context.query.get("role") or (roles[0] if roles else "")
    editing.section = ("roles", wanted) if wanted in roles else ("project",)
    ui.add_head_html('<link rel="stylesheet" href="/assets/editor.css">')
    for program in ("editor", "editor_kept"):
        ui.add_head_html(f'<script src="/assets/{program}.js"></script>')
    _draw(editing)
    ui.timer(0.05, editing.settle, once=True)


def _draw(editing: Editing) -> None:
    status = _Toolbar(editing)
    offer = ui.element("div")
    with ui.element("div").classes("panes panes-form") as panes:
        _pane_buttons(panes)
        form = FormView(editing)
        text = TextView(editing)
        preview = PreviewView(editing)
    with offer:
        kept = KeptText(editing, text.editor.id)

    def show_status() -> None:
        status.show()
        kept.tell()

    def problems() -> None:
        form.tell_problems()
        text.tell_problems()

    editing.drawn.update(
        status=show_status,
        form=form.draw.refresh,
        text=text.show_text,
        problems=problems,
        preview=preview.draw.refresh,
    )

    async def save() -> None:
        await dialogs.ask_to_save(editing)

    async def look() -> None:
        disk = await dialogs.read_disk(editing)
        if disk is None or disk in (editing.draft.saved, status.told):
            return
        status.told = disk
        if editing.draft.is_changed:
            dialogs.ask_about_others(editing, disk)
        else:
            await editing.reload(disk)
            ui.notify(f"{dialogs.SPEC} changed on disk; this is how it reads now.", type="info")

    ui.on("llmhub-save", save)
    every(LOOK, look)


class _Toolbar:
    """The name of the file, whether it is saved, and what can be done with it. `told`: the last text of others.

    Its buttons stay the same ones while their state changes: one that is drawn anew would lose a click on its way.
    """

    def __init__(self, editing: Editing) -> None:
        self.editing = editing
        self.told = ""
        path = editing.workspace.needed_spec_path()
        environment = f", environment {editing.workspace.environment}" if editing.workspace.environment else ""
        with ui.element("div").classes("toolbar"):
            words("h1", "Spec")
            words("span", f"{path.parent.name}/{path.name}{environment}", "muted toolbar-file")
            with ui.element("span").props('role="status"').classes("toolbar-state"):
                self._state = words("span", "")
            self._undo = quiet("Undo", editing.undo, "undo")
            self._redo = quiet("Redo", editing.redo, "redo")
            primary("Save", lambda: dialogs.ask_to_save(editing), "save")
            plain("Generate", lambda: dialogs.ask_to_generate(editing), "auto_awesome")
        self.show()

    def show(self) -> None:
        """Show what can be done now."""
        draft = self.editing.draft
        self._state.set_text("unsaved changes" if draft.is_changed else "saved")
        self._state.classes(replace="unsaved" if draft.is_changed else "muted")
        self._undo.set_enabled(bool(draft.past))
        self._redo.set_enabled(bool(draft.future))
        ui.run_javascript(f"window.llmhubUnsaved = {'true' if draft.is_changed else 'false'}")


def _pane_buttons(panes: ui.element) -> None:
    """Where the window is narrow, one pane at a time."""
    buttons: dict[str, ui.button] = {}

    def choose(pane: str) -> None:
        panes.classes(remove=" ".join(f"panes-{one.lower()}" for one in PANES), add=f"panes-{pane.lower()}")
        for name, button in buttons.items():
            button.props(f'aria-pressed="{"true" if name == pane else "false"}"')

    with ui.element("div").classes("pane-buttons").props('role="group" aria-label="What is shown"'):
        for pane in PANES:
            buttons[pane] = quiet(pane, partial(choose, pane))
    choose("Form")
