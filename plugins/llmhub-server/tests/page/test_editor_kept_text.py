"""Unsaved text outlives `llmhub ui` and the page, in the browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import new_project
from .editing import KEY, SPEC, level, saved, text_of, type_over

CHANGED = SPEC.replace("cost: medium", "cost: low")
IS_KEPT = """Object.entries(localStorage)
  .some(([name, value]) => name.startsWith("llmhub-unsaved:") && value.includes(%r))"""


@pytest.fixture
def left(edit):
    """The editor after somebody typed, left and came back."""
    page = edit()
    page.on("dialog", lambda dialog: dialog.accept())
    type_over(page, "cost: medium", "cost: low")
    page.wait_for_function(IS_KEPT % "cost: low")
    page.reload()
    expect(page.locator(".kept")).to_contain_text(re.compile(r"your unsaved text of \d\d:\d\d"))
    return page


def test_unsaved_text_is_offered_again_after_the_server_ended(serving, small_environ, tmp_path, visitor) -> None:
    folder, page = new_project(tmp_path), visitor.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    with serving(folder, {**small_environ, "OPENAI_API_KEY": KEY}) as server:
        page.goto(f"{server.address}spec")
        expect(page.locator(".choice").first).to_be_attached(timeout=60_000)
        level(page, "cost", "low")
        page.wait_for_function(IS_KEPT % "cost: low")
    type_over(page, "quality: high", "quality: low")  # nobody hears it
    page.wait_for_function(IS_KEPT % "quality: low")
    port = server.address.split(":")[2].strip("/")
    with serving(folder, small_environ, "--port", port):
        page.get_by_role("button", name="Restore the text of").click(timeout=60_000)
        page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low, quality: low')")
        expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
        everything = page.evaluate("JSON.stringify(localStorage)")
        page.evaluate("localStorage.clear()")
        page.close()
    assert KEY not in everything


def test_restored_text_is_undone_like_any_change_and_forgotten_once_it_is_saved(left, spec) -> None:
    left.get_by_role("button", name="Restore the text of").click()
    left.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low')")
    expect(left.locator(".kept")).to_be_hidden()
    assert text_of(left) == CHANGED
    left.get_by_role("button", name="Undo").click()
    left.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: medium')")
    left.get_by_role("button", name="Redo").click()
    left.wait_for_function(IS_KEPT % "cost: low")
    left.get_by_role("button", name="Save").click()
    saved(left)
    assert spec.read_text() == CHANGED
    left.wait_for_function("localStorage.length === 0")


def test_discarded_text_is_offered_no_more(left) -> None:
    left.get_by_role("button", name="Discard it").click()
    expect(left.locator(".kept")).to_be_hidden()
    left.wait_for_function("localStorage.length === 0")
    assert text_of(left) == SPEC


def test_what_was_typed_over_another_state_of_the_file_says_so(left, spec) -> None:
    spec.write_text(SPEC + "# theirs\n")
    left.reload()
    expect(left.locator(".kept")).to_contain_text("The file was changed since")
    left.get_by_role("button", name="Restore the text of").click()
    left.get_by_role("button", name="Save").click()
    expect(left.get_by_role("dialog").locator(".line-removed").last).to_contain_text("# theirs")
