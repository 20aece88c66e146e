"""What would be chosen for the text, role by role, and what that changes."""

from __future__ import annotations

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up

from llmhub.cli.render import dollars
from llmhub.generate.effects import Effect
from llmhub.records.selection import Candidate, Selection
from llmhub_server.page.editor.preview import SHOWN, Preview, RolePreview
from llmhub_server.page.editor.session import Editing
from llmhub_server.page.text import told, words

KNOWN_OF_A_MODEL = ("context_tokens", "refuses")
"""What the file says of each model anyway: it changes with the model."""


class PreviewView:
    """Draws the choices of *editing*."""

    def __init__(self, editing: Editing) -> None:
        self.editing = editing
        self.open: set[str] = set()
        with ui.element("section").classes("preview").props('aria-label="What would be chosen"'):
            self.draw()

    @ui.refreshable_method
    def draw(self) -> None:
        """All roles, or why there is nothing to show."""
        editing = self.editing
        words("h2", "What would be chosen")
        with ui.element("div").props('role="status" aria-live="polite"'):
            words("p", _state(editing), "muted")
        if editing.refusal:
            told("p", editing.refusal, "refusal")
        if editing.preview is not None:
            stale = editing.choosing or bool(editing.reading.problems) or bool(editing.refusal)
            with ui.element("div").classes("choices stale" if stale else "choices"):
                self._choices(editing.preview)

    def _choices(self, preview: Preview) -> None:
        for role, reason in preview.refused.items():
            with ui.element("article").classes("choice refused"):
                words("h3", role)
                for line in reason.splitlines():
                    words("p", line)
        for one in preview.roles:
            self._choice(one)
        for change in preview.gone:
            with ui.element("article").classes("choice"):
                words("h3", change.role)
                words("p", f"would go; was {change.before}", "change")
        for warning in preview.warnings:
            words("p", f"warning: {warning}", "warning")

    def _choice(self, one: RolePreview) -> None:
        with ui.element("article").classes("choice"):
            with ui.element("div").classes("choice-head"):
                words("h3", one.role)
                if one.role == (self.editing.section[1] if len(self.editing.section) > 1 else ""):
                    words("span", "in the form", "muted")
            words("p", one.model, "choice-model")
            words("p", _price(one), "choice-price")
            for line in _changes(one):
                words("p", line, "change")
            words("p", one.reason, "choice-reason")
            if one.fallbacks:
                words("p", f"then {', '.join(one.fallbacks)}", "muted")
            if one.selection is not None:
                self._candidates(one.role, one.selection)
            else:
                words("p", "pinned: stays as it is", "muted")

    def _candidates(self, role: str, selection: Selection) -> None:
        with words("details", "").classes("candidates") as details:
            if role in self.open:
                details.props("open")
            summary = words("summary", f"{len(selection.ranked)} candidates, {len(selection.rejected)} ruled out")
            summary.on("click", lambda: self.open.symmetric_difference_update({role}))
            with ui.element("div").classes("table-wide").props('tabindex="0" role="region"') as region:
                region.props["aria-label"] = f"Candidates for {role}"
                _table(selection.ranked[:SHOWN])
            for relaxed in selection.relaxed:
                words("p", f"lifted: {relaxed}", "muted")
            for other in selection.passed_over:
                words("p", f"{other.canonical_id}: {other.why}", "muted")


def _table(ranked: tuple[Candidate, ...]) -> None:
    criteria = [part.criterion for part in ranked[0].contributions] if ranked else []
    with words("table", "").classes("plain-table"):
        with words("thead", ""), words("tr", ""):
            for name in ("model", "score", *criteria, "in $/M", "out $/M"):
                words("th", name).props("scope=col")
        with words("tbody", ""):
            for candidate in ranked:
                with words("tr", ""):
                    words("td", candidate.model.canonical_id)
                    words("td", f"{candidate.score:.3f}", "number")
                    for part in candidate.contributions:
                        cell = words("td", "?" if part.value is None else f"{part.value:.2f}", "number")
                        cell.props["title"] = part.note or ("unknown" if part.value is None else "")
                    words("td", dollars(candidate.model.price_input_per_million), "number")
                    words("td", dollars(candidate.model.price_output_per_million), "number")


def _state(editing: Editing) -> str:
    if editing.reading.problems:
        return "Waits until the text has no problems."
    if editing.choosing:
        return "Choosing …"
    if editing.preview is None:
        return ""
    changed = len(editing.preview.changed) + len(editing.preview.gone)
    if not changed:
        return "llmhub.yaml would stay as it is, as far as calls go."
    return f"{changed} role{'' if changed == 1 else 's'} would change in llmhub.yaml."


def _price(one: RolePreview) -> str:
    if one.price_state == "included":
        return "price: included in a plan"
    if one.price_state != "known" or one.price_input is None:
        return "price: unknown"
    out = "" if not one.price_output else f", {dollars(one.price_output)} out"
    return f"{dollars(one.price_input)} in{out} per million tokens"


def _changes(one: RolePreview) -> list[str]:
    if one.change is None:
        return []
    if one.change.kind == "added":
        return ["new in llmhub.yaml"]
    lines = []
    if one.change.before != one.change.after:
        lines.append(f"instead of {one.change.before}{_effect(one.effect)}")
    lines += [
        f"{part.field}: {_value(part.before)} → {_value(part.after)}"
        for part in one.change.fields
        if part.field not in ("model", "reason") and part.field.rpartition(".")[2] not in KNOWN_OF_A_MODEL
    ]
    return lines


def _effect(effect: Effect | None) -> str:
    if effect is None:
        return ""
    told = []
    both = [one.blended for one in (effect.before, effect.after) if one is not None and one.blended is not None]
    if len(both) == 2:
        told.append(f"{' → '.join(dollars(round(price, 4)) for price in both)} per million")
    elif effect.before and not effect.before.known:
        told.append("which the catalog does not know")
    if effect.saving is not None and abs(effect.saving) >= 0.005:
        told.append(f"{abs(effect.saving):.0%} {'cheaper' if effect.saving > 0 else 'dearer'}")
    if effect.gain:
        told.append(f"score {effect.gain:+.0f}")
    told += [f"gains {name}" for name in effect.gained] + [f"loses {name}" for name in effect.lost]
    return f": {', '.join(told)}" if told else ""


def _value(value: object) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
