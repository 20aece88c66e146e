"""Unsaved text that the browser kept, offered again: `llmhub ui` may have ended while somebody typed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.events import GenericEventArguments  # noqa: TID253

from llmhub_server.page.editor.buttons import plain, quiet
from llmhub_server.page.editor.session import Editing
from llmhub_server.page.text import words


class KeptText:
    """Draws the offer, where the browser has something to offer, and tells the browser what need not be kept.

    `element` is the editor's own number on the page: the browser keeps what stands there.
    """

    def __init__(self, editing: Editing, element: int) -> None:
        self.editing, self.element = editing, element
        self._told: str | None = None
        self._offer = ui.element("div").props('role="status"').classes("kept")
        self._offer.set_visibility(False)
        ui.on("llmhub-kept", self._draw)
        self.tell()

    def tell(self) -> None:
        """Tell the browser how the file reads on disk, where that is another text than before."""
        saved = self.editing.draft.saved
        if saved == self._told:
            return
        self._told = saved
        path = self.editing.workspace.needed_spec_path().resolve()
        file = {
            "element": self.element,
            "path": str(path),
            "hash": hashlib.sha256(saved.encode()).hexdigest(),
            "saved": saved,
        }
        ui.run_javascript(f"window.llmhubKept.read({json.dumps(file)})")

    def _draw(self, event: GenericEventArguments) -> None:
        found: dict[str, Any] = event.args
        text, at = str(found["text"]), str(found["at"])
        since = "" if found["same"] else " The file was changed since; before you save you see how they differ."
        self._offer.clear()
        with self._offer:
            words("p", f"This browser has your unsaved text of {at}.{since}")

            async def restore() -> None:
                self._close("restored")
                await self.editing.restore(text)
                ui.notify("Your text is back. Undo brings the file's.", type="info", timeout=6000)

            plain(f"Restore the text of {at}", restore, "restore")
            quiet("Discard it", lambda: self._close("discard"))
        self._offer.set_visibility(True)

    def _close(self, decided: str) -> None:
        self._offer.set_visibility(False)
        ui.run_javascript(f"window.llmhubKept.{decided}()")
