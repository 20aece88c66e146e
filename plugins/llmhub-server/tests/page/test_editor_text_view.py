"""The text, and its problems at their lines."""

from __future__ import annotations

from playwright.sync_api import expect

from .editing import SPEC, text_of, type_over
from .looking import settle


def test_what_is_typed_in_the_text_shows_in_the_form(edit) -> None:
    page = edit()
    type_over(page, "cost: medium", "cost: high")
    pressed = page.get_by_role("group", name="cost", exact=True).get_by_role("button", name="high")
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_problems_are_told_at_their_lines_with_the_nearest_name(edit) -> None:
    page = edit()
    type_over(page, "cost: medium", "cost: medum")
    problem = page.locator(".problem")
    expect(problem).to_contain_text("one of low, medium, high")
    expect(problem).to_contain_text("Did you mean 'medium'?")
    assert problem.inner_text().startswith("11:25")
    expect(page.locator(".line-with-problem")).to_contain_text("cost: medum")
    expect(page.locator(".field-problem:visible")).to_contain_text("Did you mean 'medium'?")
    expect(page.get_by_role("navigation", name="Parts of the spec").locator(".section-wrong")).to_have_count(1)
    expect(page.locator(".preview")).to_contain_text("Waits until the text has no problems.")
    page.get_by_role("textbox", name="The text of the spec").press("Control+Home")
    problem.click()
    page.wait_for_function(
        """() => { const view = document.querySelector('.spec-text .cm-content').cmView.view;
        const at = view.state.selection.main.head; const line = view.state.doc.lineAt(at);
        return view.hasFocus && line.number === 11 && at - line.from === 24 }"""
    )


def test_a_text_that_is_no_yaml_keeps_the_form_and_says_where(edit) -> None:
    page = edit()
    type_over(page, "roles:\n  llm.answers:", "roles: [")
    expect(page.locator(".problems-head")).to_be_visible()
    expect(page.get_by_role("group", name="cost", exact=True)).to_be_visible()


def test_what_is_typed_while_problems_are_marked_stays(edit) -> None:
    page = edit()
    type_over(page, "cost: medium", "")
    typed = "cost: lo, qualty: hi"
    for letter in typed:  # with pauses after which the text is read and marked
        page.keyboard.type(letter)
        page.wait_for_timeout(120)
    expect(page.locator(".line-with-problem")).to_be_visible()
    settle(page)
    assert text_of(page) == SPEC.replace("cost: medium", typed)


def test_the_text_is_entered_and_left_by_the_keyboard(edit) -> None:
    page = edit()
    page.get_by_role("textbox", name="The text of the spec").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("!!document.activeElement.closest('.cm-editor')")
