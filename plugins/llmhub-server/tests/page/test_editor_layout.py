"""What is seen of the editor on wide and narrow screens, by everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .editing import choose_part, type_over
from .looking import accessibility_faults


def test_where_the_window_is_narrow_one_pane_shows_at_a_time(edit) -> None:
    page = edit(width=400)
    expect(page.locator(".spec-text")).to_be_hidden()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".spec-text")).to_be_visible()
    expect(page.locator(".form")).to_be_hidden()
    page.get_by_role("button", name="Choice", exact=True).click()
    expect(page.locator(".choice-model").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= 400")


@pytest.mark.parametrize("width", [400, 1600])
def test_no_serious_fault_of_accessibility_in_any_state(edit, width) -> None:
    page = edit(width=width)
    assert accessibility_faults(page) == []
    choose_part(page, "Providers")
    expect(page.locator(".key-state").first).to_be_visible()
    assert accessibility_faults(page) == []
    if width == 400:
        page.get_by_role("button", name="Text", exact=True).click()
        expect(page.locator(".spec-text")).to_be_visible()
    type_over(page, "cost: medium", "cost: medum")
    expect(page.locator(".problem")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").locator(".difference")).to_be_visible()
    assert accessibility_faults(page, ".q-dialog") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    if width == 400:
        page.get_by_role("button", name="Form", exact=True).click()
    page.get_by_role("button", name="Add a role").click()
    expect(page.get_by_role("dialog").get_by_label("name")).to_be_visible()
    assert accessibility_faults(page, ".q-dialog") == []


def test_a_project_without_a_spec_says_how_to_get_one(editor_server, spec, visit) -> None:
    spec.unlink()
    page = visit(f"{editor_server.address}spec")
    expect(page.locator(".notice .command")).to_have_text("llmhub init")
