"""A text that is being edited, with its history. Pure."""

from __future__ import annotations

from attrs import evolve, frozen

LONGEST = 500
"""So many steps can be undone."""


@frozen(kw_only=True)
class Draft:
    """`text` is what it reads now, `saved` what stands on disk; `past` and `future` are what undo and redo bring."""

    text: str
    saved: str
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Draft:
        """A draft that nobody has changed."""
        return cls(text=text, saved=text)

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost by leaving."""
        return self.text != self.saved

    def changed(self, text: str) -> Draft:
        """The draft as it reads after a change by form. Going back to what was before it counts as undoing."""
        if text == self.text:
            return self
        if self.past and text == self.past[-1]:
            return self.undone()
        return evolve(self, text=text, past=(*self.past, self.text)[-LONGEST:], future=())

    def typed(self, text: str) -> Draft:
        """The draft as it reads after typing: letters of one word are undone together."""
        if self.future or not self.past or not _continues(self.past[-1], self.text, text):
            return self.changed(text)
        return evolve(self, text=text)

    def undone(self) -> Draft:
        """One step back; the same where there is none."""
        if not self.past:
            return self
        return evolve(self, text=self.past[-1], past=self.past[:-1], future=(self.text, *self.future))

    def redone(self) -> Draft:
        """One step forward again; the same where none was undone."""
        if not self.future:
            return self
        return evolve(self, text=self.future[0], past=(*self.past, self.text), future=self.future[1:])

    def reloaded(self, disk: str) -> Draft:
        """The draft with what stands on disk in its place; undoing brings back what was typed."""
        return evolve(self.changed(disk), saved=disk)

    def rebased(self, disk: str) -> Draft:
        """The same text, to be compared with what stands on disk by now."""
        return evolve(self, saved=disk)


def _continues(before: str, last: str, now: str) -> bool:
    """Whether *now* adds a letter where *last* had added letters to *before*."""
    first, second = _added(before, last), _added(last, now)
    if first is None or second is None or len(second[1]) != 1:
        return False
    (at, letters), (next_at, letter) = first, second
    return next_at == at + len(letters) and not letter.isspace() and not any(map(str.isspace, letters))


def _added(before: str, after: str) -> tuple[int, str] | None:
    """Where *after* has more than *before*, and what; `None` when it is not *before* with something put in."""
    more = len(after) - len(before)
    if more <= 0:
        return None
    at = next((place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    at = len(before) if at is None else at
    return (at, after[at : at + more]) if before[at:] == after[at + more :] else None
