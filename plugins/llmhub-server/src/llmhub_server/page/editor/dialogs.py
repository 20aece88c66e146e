"""What is shown before something is written, and when somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import run, ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.config.faults import looks_like_a_secret, without_secrets
from llmhub.errors import HubError
from llmhub_server.page.editor.buttons import plain, primary
from llmhub_server.page.editor.session import Editing
from llmhub_server.page.text import told, words

SPEC = "llmhub.spec.yaml"
NO_KEYS = "Keys go into the environment or into .env; the spec holds the name of the variable."


def refuse(why: str) -> None:
    """Say why something was not done."""
    ui.notify(why, type="negative", multi_line=True, timeout=10_000, close_button="Close")


def draw_difference(before: str | None, after: str, name: str) -> None:
    """What changes in a file, line by line, without anything in it that looks like a key."""
    from llmhub.generate.diff import difference

    changed = without_secrets(difference(before, after, name))
    if not changed:
        words("p", "Nothing differs.", "muted")
        return
    with words("pre", "", "difference").props('tabindex="0" role="region" aria-label="What changes"'):
        for line in changed.splitlines():
            words("span", f"{line}\n", _KINDS.get(line[:1], "") if line[:3] not in ("---", "+++") else "line-file")


_KINDS = {"+": "line-added", "-": "line-removed", "@": "line-place"}


async def ask_to_save(editing: Editing) -> None:
    """Show what changes in the spec, and write it when that is wanted."""
    draft = editing.draft
    if not draft.is_changed:
        ui.notify("Nothing to save: the file reads the same.", type="info")
        return
    added = set(draft.text.splitlines()) - set(draft.saved.splitlines())
    if any(looks_like_a_secret(word) for line in added for word in line.replace('"', " ").replace("'", " ").split()):
        refuse(f"Not saved: a changed line holds what looks like a key. {NO_KEYS}")
        return
    with ui.dialog() as dialog, ui.card().classes("dialog dialog-wide"):
        words("h2", f"Save {SPEC}?")
        if editing.reading.problems:
            count = len(editing.reading.problems)
            found = "a problem" if count == 1 else f"{count} problems"
            told("p", f"It has {found}: until that is mended `llmhub generate` refuses it.", "warning")
        draw_difference(draft.saved, draft.text, SPEC)

        async def write() -> None:
            dialog.close()
            await save(editing)

        _buttons(dialog, "Save", write)
    _open(dialog)


async def save(editing: Editing) -> None:
    """Write the text, where the file still reads as it was read; else ask."""
    draft = editing.draft
    try:
        await run.io_bound(editing.workspace.save_spec, draft.saved, draft.text)
    except HubError as error:
        disk = await read_disk(editing)
        if disk is not None and disk != draft.saved:
            ask_about_others(editing, disk)
        else:
            refuse(str(error))
        return
    # Somebody may have typed on meanwhile.
    editing.draft = editing.draft.rebased(draft.text)
    editing.show("status")
    ui.notify(f"Saved {SPEC}.", type="positive")


async def read_disk(editing: Editing) -> str | None:
    """The spec as it stands on disk; `None` where it cannot be read now."""
    try:
        return await run.io_bound(editing.workspace.spec_text)
    except HubError:
        return None


def ask_about_others(editing: Editing, disk: str) -> None:
    """Somebody else changed the file: show how it differs, and let the visitor say which is to stay."""
    with ui.dialog() as dialog, ui.card().classes("dialog dialog-wide"):
        words("h2", f"{SPEC} was changed by somebody else")
        words("p", "Nothing is written yet. From what stands on disk now (-) to the text here (+):")
        draw_difference(disk, editing.draft.text, SPEC)

        async def take() -> None:
            dialog.close()
            await editing.reload(disk)
            ui.notify("The text is that of the file now. Undo brings yours back.", type="info", timeout=6000)

        def keep() -> None:
            dialog.close()
            editing.draft = editing.draft.rebased(disk)
            editing.show("status")
            ui.notify("Your text stays; saving it replaces what the other wrote.", type="info", timeout=6000)

        with ui.element("div").classes("dialog-buttons"):
            plain("Decide later", dialog.close)
            plain("Keep my text", keep)
            primary("Take the file's", take)
    _open(dialog)


async def ask_to_generate(editing: Editing) -> None:
    """Show what changes in llmhub.yaml, and write it when that is wanted; the same as `llmhub generate`."""
    from llmhub.generate.write import present_text

    if editing.draft.is_changed:
        ui.notify("Save the spec first: llmhub.yaml is made from what stands on disk.", type="warning")
        return
    workspace, context = editing.workspace, editing.context
    try:
        proposal = await run.io_bound(lambda: workspace.propose(catalog=context.catalog().catalog))
        if proposal is None:
            return
        before = present_text(proposal.path)
    except HubError as error:
        refuse(str(error))
        return
    if before == proposal.text:
        ui.notify(f"{proposal.path.name} is up to date.", type="info")
        return
    with ui.dialog() as dialog, ui.card().classes("dialog dialog-wide"):
        words("h2", f"Write {proposal.path.name}?")
        draw_difference(before, proposal.text, proposal.path.name)

        async def write() -> None:
            dialog.close()
            try:
                await run.io_bound(workspace.write, proposal, before)
            except HubError as error:
                refuse(str(error))
                return
            ui.notify(f"Wrote {proposal.path.name}.", type="positive")
            await editing.settle()

        _buttons(dialog, "Write", write)
    _open(dialog)


def _buttons(dialog: ui.dialog, does: str, write: Callable[[], Awaitable[None]]) -> None:
    with ui.element("div").classes("dialog-buttons"):
        plain("Cancel", dialog.close)
        primary(does, write).props("autofocus")


def _open(dialog: ui.dialog) -> None:
    dialog.props('aria-label="What is about to be written"')
    dialog.on("hide", dialog.delete)
    dialog.open()
