"""The form beside the text: a list of what there is, and the fields of what was chosen from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.config.edit import REMOVED
from llmhub.config.faults import looks_like_a_secret
from llmhub.errors import HubError
from llmhub_server.page.editor.buttons import plain, primary, quiet
from llmhub_server.page.editor.controls import draw_control
from llmhub_server.page.editor.dialogs import NO_KEYS, refuse
from llmhub_server.page.editor.form import Field, Form, Path, Section, inside, key_state, names_below, stored
from llmhub_server.page.editor.session import Editing
from llmhub_server.page.text import words

SUGGESTED = 30


class FormView:
    """Draws the form of *editing*, and keeps the places where problems are told beside their fields."""

    def __init__(self, editing: Editing) -> None:
        self.editing = editing
        self.notes: dict[str, Any] = {}
        with ui.element("div").classes("form"):
            self.draw()

    @ui.refreshable_method
    def draw(self) -> None:
        """The list and the fields."""
        self.notes.clear()
        form, editing = self.editing.form, self.editing
        if len(editing.section) == 2 and editing.section[1] not in names_below(
            editing.reading.values or {}, editing.section[0]
        ):
            editing.section = ("project",)
        self._list(form)
        with ui.element("div").classes("fields"):
            if editing.section[0] == "roles" and len(editing.section) == 2:
                self._role(form, editing.section[1])
            elif editing.section == ("providers",):
                self._providers(form)
            elif editing.section == ("defaults",):
                words("h2", "What holds for roles that do not say otherwise")
                self._sections(form.defaults())
            else:
                words("h2", "Project")
                self._sections((form.project(), form.catalog()), titled=False)
        self.tell_problems()

    def tell_problems(self) -> None:
        """Say beside each field what is wrong with it."""
        told: dict[str, str] = {}
        for problem in self.editing.reading.problems:
            told.setdefault(problem.path, explained(problem))
        for path, note in self.notes.items():
            # What is wrong inside of a list is told at the list.
            found = next((text for place, text in told.items() if place == path or place.startswith(f"{path}.")), "")
            note.set_text(found)
            note.set_visibility(bool(found))

    # --- the list ---------------------------------------------------------------------------------------------------

    def _list(self, form: Form) -> None:
        faulty = {problem.path for problem in self.editing.reading.problems}
        with ui.element("nav").classes("sections").props('aria-label="Parts of the spec"'):
            for name in ("Project", "Providers", "Defaults"):
                self._entry((name.lower(),), name, faulty)
            words("h2", "Roles")
            for role in form.roles:
                self._entry(("roles", role), role, faulty)
            quiet("Add a role", self._ask_for_role, "add").classes("section-entry")

    def _entry(self, section: tuple[str, ...], name: str, faulty: set[str]) -> None:
        async def choose() -> None:
            self.editing.section = section
            self.draw.refresh()

        place = ".".join(section)
        wrong = any(path == place or path.startswith(f"{place}.") for path in faulty)
        entry = quiet("", choose).classes("section-entry")
        if section == self.editing.section:
            entry.props('aria-current="true"')
        with entry:
            words("span", name, "section-name")
            if wrong:
                words("span", "!", "section-wrong").props('title="has problems" aria-label="has problems"')

    # --- the fields -------------------------------------------------------------------------------------------------

    def _role(self, form: Form, name: str) -> None:
        with ui.element("div").classes("fields-head"):
            self._name("roles", name)
            self._remover("roles", name)
        self._sections(form.role(name))

    def _providers(self, form: Form) -> None:
        words("h2", "Providers")
        for name in form.providers:
            with ui.element("section").classes("provider"):
                with ui.element("div").classes("fields-head"):
                    self._name("providers", name)
                    self._remover("providers", name)
                self._key(name)
                self._sections((form.provider(name),), titled=False)
        adding = ui.input(placeholder="add a provider").props('outlined dense aria-label="Add a provider"')
        adding.classes("control-wide")

        async def add() -> None:
            name = (adding.value or "").strip()
            if name and name not in form.providers:
                await self._change({("providers", name): {"enabled": True}}, redraw=True)

        adding.on("keydown.enter", add)
        with ui.element("datalist") as known:
            for one in _known_providers():
                ui.element("option").props["value"] = one
        adding.props(f'list="{known.html_id}" autocomplete=off')

    def _remover(self, section: str, name: str) -> None:
        button = quiet("Remove", partial(self._remove, section, name), "delete_outline")
        button.props["aria-label"] = f"Remove the {section.removesuffix('s')} {name}"

    def _key(self, name: str) -> None:
        from llmhub.anyllm.providers import DEFAULT_ENV_KEYS

        settings = inside(self.editing.reading.values, ("providers", name))
        environ = self.editing.workspace.environ
        state = key_state(name, settings, DEFAULT_ENV_KEYS, lambda variable: bool(environ.get(variable)))
        if state.found:
            words("p", f"{_hidden(state.found)} is set here", "key-state key-set")
        elif state.variables:
            listed = " or ".join(map(_hidden, state.variables))
            words("p", f"{listed} is not set here: export it, or write it into .env", "key-state key-unset")
        else:
            words("p", "needs no key that is known of", "key-state")

    def _sections(self, sections: Sequence[Section], *, titled: bool = True) -> None:
        for section in sections:
            if titled:
                words("h3", section.title)
            for field in section.fields:
                self._field(field)
            if section.elsewhere:
                words("p", f"Set in the text alone: {', '.join(section.elsewhere)}.", "muted elsewhere")

    def _field(self, field: Field) -> None:
        with ui.element("div").classes(f"field field-{field.control.replace(' ', '-')}"):
            with ui.element("div").classes("field-told"):
                words("span", field.key, "field-key")
                words("span", field.meaning.replace("`", ""), "field-meaning")
            draw_control(field, self._committing(field), self._suggesting(field))
            for environment, value in field.overrides:
                words("p", f"{environment}: {_hidden(value)} instead (only the text changes it)", "field-override")
            note = words("p", "", "field-problem")
            note.set_visibility(False)
            self.notes[".".join(map(str, field.path))] = note

    def _committing(self, field: Field) -> Callable[[Any], Awaitable[None]]:
        async def commit(value: Any) -> None:
            told = stored(field, value)
            if told is None and field.required:
                return
            if any(looks_like_a_secret(one) for one in (told if isinstance(told, list) else [told]) if _is_text(one)):
                refuse(f"{field.key}: that looks like a key, and was not taken. {NO_KEYS}")
                self.draw.refresh()
                return
            # Whether the key is set is told beside the name of its variable.
            await self._change({field.path: REMOVED if told is None else told}, redraw=field.key == "env_key")

        return commit

    def _suggesting(self, field: Field) -> Callable[[str], Sequence[str]]:
        if field.key in ("force_model", "exclude_models"):
            return self._models
        if field.key == "sources":
            return lambda _: ()
        return lambda begun: [one for one in _known_providers(self.editing.form.providers) if begun in one][:SUGGESTED]

    def _models(self, begun: str) -> Sequence[str]:
        if len(begun) < 2:
            return ()
        try:
            found = self.editing.context.catalog().catalog.search(begun)
        except HubError:
            return ()
        return [model.canonical_id for model in found[:SUGGESTED]]

    # --- names ------------------------------------------------------------------------------------------------------

    def _name(self, section: str, name: str) -> None:
        control = ui.input(value=name).props("outlined dense").classes("name-control")
        control.props["aria-label"] = f"Name of the {section.removesuffix('s')}"
        kept = {"name": name}

        async def finish() -> None:
            new = (control.value or "").strip()
            if new in ("", kept["name"]):
                control.value = kept["name"]
                return
            before, kept["name"] = kept["name"], new
            why = (
                "that looks like a key, and was not taken"
                if looks_like_a_secret(new)
                else await self.editing.rename(section, before, new)
            )
            if why:
                kept["name"] = before
                control.value = before
                refuse(why)

        control.on("blur", finish)
        control.on("keydown.enter", finish)

    async def _remove(self, section: str, name: str) -> None:
        values = self.editing.reading.values or {}
        places: list[Path] = [(), *(("environments", one) for one in names_below(values, "environments"))]
        gone = {
            (*place, section, name): REMOVED for place in places if inside(values, (*place, section, name)) is not None
        }
        if await self._change(gone, redraw=True):
            ui.notify(f"{name} was taken out. Undo brings it back.", type="info", timeout=6000)

    def _ask_for_role(self) -> None:
        kinds = next(field for field in self.editing.form.role("")[0].fields if field.key == "kind").choices
        with ui.dialog() as dialog, ui.card().classes("dialog"):
            words("h2", "A new role")
            name = ui.input("name").props("outlined dense autofocus").classes("control-wide")
            kind = ui.select(list(kinds), value=kinds[0], label="kind").props("outlined dense").classes("control-wide")
            told = words("p", "", "field-problem")

            async def add() -> None:
                wanted = (name.value or "").strip()
                if not wanted or wanted in self.editing.form.roles:
                    told.set_text("There is such a role already." if wanted else "A role needs a name.")
                    return
                dialog.close()
                self.editing.section = ("roles", wanted)
                await self._change({("roles", wanted): {"kind": kind.value}}, redraw=True)

            name.on("keydown.enter", add)
            with ui.element("div").classes("dialog-buttons"):
                plain("Cancel", dialog.close)
                primary("Add", add)
        dialog.props('aria-label="A new role"')
        dialog.on("hide", dialog.delete)
        dialog.open()

    async def _change(self, changes: dict[Path, Any], *, redraw: bool) -> bool:
        why = await self.editing.change(changes, redraw=redraw)
        if why:
            refuse(why)
            self.draw.refresh()
        return not why


def explained(problem: Any) -> str:
    """What is wrong, what was expected, and the nearest name."""
    told = str(problem.message)
    if problem.expected:
        told += f"; expected {problem.expected}"
    return f"{told}. Did you mean {problem.suggestion!r}?" if problem.suggestion else told


def _known_providers(declared: Sequence[str] = ()) -> list[str]:
    from llmhub.anyllm.providers import PROVIDER_NAMES

    return [*declared, *sorted(set(PROVIDER_NAMES) - set(declared))]


def _hidden(text: str) -> str:
    from llmhub.config.faults import without_secrets

    return without_secrets(text)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
