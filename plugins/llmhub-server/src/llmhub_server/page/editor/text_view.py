"""The text of the spec, with its problems at their lines."""

from __future__ import annotations

import json
from functools import partial

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from nicegui.events import GenericEventArguments, ValueChangeEventArguments  # noqa: TID253

from llmhub.config.faults import without_secrets
from llmhub.records.problems import Problem
from llmhub_server.page.editor.buttons import quiet
from llmhub_server.page.editor.form_view import explained
from llmhub_server.page.editor.session import Editing
from llmhub_server.page.text import words

THEMES = {"light": "githubLight", "dark": "githubDark"}


class TextView:
    """Draws the text of *editing*, and the list of problems below it."""

    def __init__(self, editing: Editing) -> None:
        self.editing = editing

        async def typed(event: ValueChangeEventArguments[str]) -> None:
            await editing.type(event.value)

        with ui.element("div").classes("text"):
            self.editor = ui.codemirror(
                editing.draft.text, on_change=typed, language="YAML", theme="githubLight", indent="  "
            ).classes("spec-text")
            words("p", "Esc, then Tab leaves the text. Ctrl+S saves.", "muted text-hint")
            with ui.element("div").props('role="status" aria-live="polite"').classes("problems"):
                self.draw_problems()
        ui.on("llmhub-colours", self._paint)

    def show_text(self) -> None:
        """Put the text in, as the form or undoing left it."""
        self.editor.value = self.editing.draft.text

    def tell_problems(self) -> None:
        """Mark the lines with problems, and list them."""
        lines = self.editing.draft.text.count("\n") + 1
        told: dict[int, list[str]] = {}
        for problem in self.editing.reading.problems:
            told.setdefault(min(max(problem.line, 1), lines), []).append(explained(problem))
        # Not by the element's properties: an update of these sends the text along, as the server knows it, and would
        # undo what was typed since.
        marks = [{"kind": "line", "line": line, "class": "line-with-problem"} for line in told]
        self.editor.run_method("setDecorations", marks)
        self.editor.run_method("setLineTooltips", {line: "\n".join(texts) for line, texts in told.items()})
        self.draw_problems.refresh()

    @ui.refreshable_method
    def draw_problems(self) -> None:
        """The list of problems; each leads to its place."""
        problems = self.editing.reading.problems
        if not problems:
            words("p", "No problems.", "muted")
            return
        words("p", f"{len(problems)} problem{'' if len(problems) == 1 else 's'}", "problems-head")
        with words("ul", ""):
            for problem in problems:
                with words("li", ""):
                    jump = quiet("", partial(self.jump, problem)).classes("problem")
                    with jump:
                        words("span", f"{problem.line}:{problem.column}", "problem-place")
                        words("span", _whole(problem))

    def jump(self, problem: Problem) -> None:
        """Set the cursor where *problem* is."""
        lines = self.editing.draft.text.split("\n")
        number = min(max(problem.line, 1), len(lines))
        before = lines[number - 1][: max(problem.column - 1, 0)]
        # CodeMirror counts in UTF-16.
        column = len(before.encode("utf-16-le")) // 2
        place = json.dumps({"element": self.editor.id, "line": number, "column": column})
        ui.run_javascript(f"window.llmhubEditor.jump({place})")

    def _paint(self, event: GenericEventArguments) -> None:
        self.editor.run_method("setTheme", THEMES["dark" if event.args == "dark" else "light"])


def _whole(problem: Problem) -> str:
    told = explained(problem)
    return without_secrets(f"{problem.path}: {told}" if problem.path else told)
