"""One prompt to all models that are compared: asked after a confirmation, answered live."""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by `llmhub ui`, never at start-up
import logging
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from nicegui import run, ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.errors import HubError
from llmhub_server.page.asking import Answer, Bound, Question, ask, asking_config, bound, missing
from llmhub_server.page.context import PageContext
from llmhub_server.page.notice import unexpected
from llmhub_server.page.shown_catalog import ShownCatalog
from llmhub_server.page.text import told, words
from llmhub_server.page.workload import in_dollars

if TYPE_CHECKING:
    from nicegui.elements.mixins.text_element import TextElement
    from nicegui.events import GenericEventArguments

    from llmhub import Hub
    from llmhub.records.calls import CallResult
    from llmhub.records.config import HubConfig
    from llmhub.records.model import CanonicalModel

_log = logging.getLogger("llmhub.page")

MAX_TOKENS = 400
REDRAWN = 0.05
"""Seconds between two drawings of an answer that comes: chunks may come by the thousand."""


class QuestionPanel:
    """Where the prompt is written, and a column for what each model answers."""

    def __init__(self, context: PageContext, shown: ShownCatalog, models: Sequence[CanonicalModel]) -> None:
        self._context, self._shown, self._models = context, shown, models
        self._prompt, self._max_tokens = "", MAX_TOKENS
        self._busy = False

    def draw(self) -> None:
        """The panel; where keys are missing it says which, and asks nothing."""
        words("h2", "Ask them all")
        try:
            config = self._config(Question(prompt="", max_tokens=MAX_TOKENS))
        except HubError as error:
            told("p", str(error), "warning")
            return
        lacking = missing(config, os.environ)
        if lacking:
            variables = ", ".join(f"`{variable}` for {provider}" for provider, variable in lacking.items())
            told("p", f"To send them a prompt, set in the environment or in .env: {variables}. Then reload.", "muted")
            return
        with words("label", "", "prompt-field"):
            words("span", "Prompt")
            field = ui.element("textarea").props('rows="3" name="prompt"').classes("plain-input")
            field.on("input", self._set_prompt, js_handler="(e) => emit(e.target.value)")
        with ui.element("div").classes("ask-row"):
            with words("label", "", "number-field"):
                words("span", "Tokens an answer may have")
                most = ui.element("input").props(f'type="number" min="1" max="100000" value="{MAX_TOKENS}"')
                most.classes("plain-input").on("input", self._set_most, js_handler="(e) => emit(e.target.value)")
            ui.button("Ask", color=None, on_click=self._confirm).props("flat no-caps").classes("button primary")
        self._answers = ui.element("div").classes("answers").props('aria-live="polite"')

    def _set_prompt(self, event: GenericEventArguments) -> None:
        self._prompt = str(event.args)

    def _set_most(self, event: GenericEventArguments) -> None:
        text = str(event.args)
        self._max_tokens = int(text) if text.isdecimal() and 1 <= int(text) <= 100_000 else MAX_TOKENS

    def _config(self, question: Question) -> HubConfig:
        workspace = self._context.workspace
        if workspace.config_path is None:
            workspace.load_env_file(workspace.start)
            project = None
        else:
            project = workspace.config()
        return asking_config(project, workspace.start.resolve().name, self._models, question)

    async def _confirm(self) -> None:
        if self._busy:
            return
        if not self._prompt.strip():
            ui.notify("Write a prompt first.", type="warning")
            return
        self._busy = True  # from now on: a second click is not to ask twice
        try:
            question = Question(prompt=self._prompt, max_tokens=self._max_tokens)
            if await self._agreed(question):
                await self._send(question)
        finally:
            self._busy = False

    async def _agreed(self, question: Question) -> bool:
        """Say what *question* may cost, and wait for a yes."""
        bounds = [bound(model, question, self._shown.pricing) for model in self._models]
        with ui.dialog() as dialog, ui.element("div").classes("dialog").props('role="document"'):
            dialog.props('aria-label="What is about to be sent"')
            words(
                "h2",
                f"Send this prompt to {len(self._models)} models?" if len(self._models) > 1 else "Send this prompt?",
            )
            with ui.element("dl").classes("facts"):
                for model, one in zip(self._models, bounds, strict=True):
                    words("dt", model.canonical_id)
                    with ui.element("dd"):
                        words(
                            "span",
                            f"at most {in_dollars(one.dollars)}" if one.dollars is not None else "no bound is known",
                        )
                        if one.why:
                            told("span", one.why, "source")
            words("p", _in_all(bounds), "strong")
            with ui.element("div").classes("dialog-actions"):
                cancel = ui.button("Cancel", color=None, on_click=dialog.close)
                cancel.props("flat no-caps").classes("button")
                send = ui.button("Send", color=None, on_click=lambda: dialog.submit("send"))
                send.props("flat no-caps").classes("button primary")
        agreed = await dialog
        dialog.delete()
        return bool(agreed == "send")

    async def _send(self, question: Question) -> None:
        from llmhub import Hub
        from llmhub.anyllm.clients import import_any_llm

        heard: dict[str, CallResult] = {}
        self._answers.clear()
        with self._answers:
            columns = [_Column(model) for model in self._models]
        try:
            # A second or more at the first time: not on the loop that serves the page, and not in the answers' times.
            await run.io_bound(import_any_llm)
            hub = Hub(
                config=self._config(question),
                plugins=self._context.workspace.host,
                on_after_call=lambda result: heard.__setitem__(result.role, result),
            )
            async with hub:
                asked = (column.ask(hub, heard, question) for column in columns)
                await asyncio.gather(*asked)
        except HubError as error:
            for column in columns:
                column.fail(str(error))


class _Column:
    """What one model answers."""

    def __init__(self, model: CanonicalModel) -> None:
        self._id = model.canonical_id
        with ui.element("section").classes("answer"):
            words("h3", model.canonical_id)
            self._state = words("p", "Waiting for the first words…", "muted")
            self._text: TextElement = words("p", "", "answer-text")
            self._error = words("p", "", "answer-error")
        self._drawn = 0.0

    async def ask(self, hub: Hub, heard: Mapping[str, CallResult], question: Question) -> None:
        """Ask, draw what comes, and say at the end what it took."""
        try:
            answer = await ask(hub, heard, self._id, question, self._say)
        except Exception as error:  # else the other columns would go on, and this one wait for ever
            _log.exception("%s could not be asked", self._id)
            self.fail(unexpected(error).lines[0])
            return
        self._text.set_text(answer.text)
        self._error.set_text(answer.error)
        self._state.set_text(in_words(answer))

    def fail(self, why: str) -> None:
        """Say that nothing could be asked."""
        self._state.set_text("")
        self._error.set_text(why)

    def _say(self, text: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._drawn >= REDRAWN:
            self._drawn = now
            self._text.set_text(text)
            self._state.set_text("Answering…")


def in_words(answer: Answer) -> str:
    """Times, tokens and cost of *answer*; what nobody told is "-"."""

    def seconds(value: float | None) -> str:
        return "-" if value is None else f"{value:.2f} s"

    if answer.error and not answer.text:
        return f"No answer after {seconds(answer.total)}"
    tokens = f"{_count(answer.input_tokens)} in, {_count(answer.output_tokens)} out"
    cost = in_dollars(answer.cost)
    return f"First words {seconds(answer.first)} · total {seconds(answer.total)} · tokens {tokens} · cost {cost}"


def _count(tokens: int | None) -> str:
    return "-" if tokens is None else f"{tokens:,}"


def _in_all(bounds: Sequence[Bound]) -> str:
    known = sum((one.dollars for one in bounds if one.dollars is not None), Decimal(0))
    unknown = sum(one.dollars is None for one in bounds)
    if not unknown:
        return f"In all at most {in_dollars(known)}."
    return f"In all at most {in_dollars(known)}, and what {unknown} of them cost, which nobody can say."
