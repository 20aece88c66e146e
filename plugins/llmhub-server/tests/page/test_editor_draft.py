"""The history of a text that is being edited, as a function."""

from __future__ import annotations

import pytest

from llmhub_server.page.editor.draft import LONGEST, Draft


def test_changes_by_form_are_undone_and_redone_one_by_one() -> None:
    draft = Draft.of("a").changed("ab").changed("abc")
    assert draft.is_changed
    back = draft.undone().undone()
    assert (back.text, back.is_changed, back.past) == ("a", False, ())
    assert back.undone() == back
    assert back.redone().redone().text == "abc"
    assert draft.redone() == draft


def test_a_change_after_undoing_forgets_what_was_undone() -> None:
    draft = Draft.of("a").changed("b").undone().changed("c")
    assert (draft.future, draft.undone().text) == ((), "a")


def test_typing_a_word_is_one_step_and_the_next_word_another() -> None:
    draft = Draft.of("k: ")
    for text in ("k: l", "k: lo", "k: low", "k: low ", "k: low n"):
        draft = draft.typed(text)
    steps = []
    while draft.past:
        draft = draft.undone()
        steps.append(draft.text)
    assert steps == ["k: low ", "k: low", "k: "]


@pytest.mark.parametrize("text", ["", "k:", "xk: ", "k: pasted text"])
def test_deleting_pasting_and_typing_elsewhere_begin_a_step(text) -> None:
    draft = Draft.of("k: ").typed("k: a").typed(text)
    assert draft.undone().text in ("k: a", "k: ")
    assert draft.undone().text == "k: a"


def test_going_back_in_the_editor_itself_counts_as_undoing() -> None:
    draft = Draft.of("a").changed("b").typed("a")
    assert (draft.past, draft.future) == ((), ("b",))


def test_taking_what_stands_on_disk_loses_nothing() -> None:
    draft = Draft.of("a").changed("mine").reloaded("theirs")
    assert (draft.text, draft.is_changed) == ("theirs", False)
    assert draft.undone().text == "mine"
    assert draft.undone().is_changed


def test_keeping_ones_text_compares_it_with_what_stands_on_disk() -> None:
    draft = Draft.of("a").changed("mine").rebased("theirs")
    assert (draft.text, draft.saved, draft.is_changed) == ("mine", "theirs", True)
    assert not draft.rebased("mine").is_changed


def test_the_history_does_not_grow_for_ever() -> None:
    draft = Draft.of("")
    for number in range(LONGEST + 50):
        draft = draft.changed(str(number))
    assert len(draft.past) == LONGEST
