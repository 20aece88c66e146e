"""Nothing is written before it was shown, and nothing is lost."""

from __future__ import annotations

import json

import httpx
from playwright.sync_api import expect

from .editing import CONFIG, SPEC, level, saved, text_of
from .looking import accessibility_faults


def test_saving_shows_what_changes_before_it_writes(edit, spec) -> None:
    page = edit()
    level(page, "quality", "medium")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".line-removed")).to_contain_text("quality: high")
    expect(dialog.locator(".line-added")).to_contain_text("quality: medium")
    assert spec.read_text() == SPEC
    saved(page)
    assert spec.read_text() == SPEC.replace("quality: high", "quality: medium")


def test_the_dialog_is_left_by_escape_and_nothing_is_written(edit, spec) -> None:
    page = edit()
    level(page, "quality", "medium")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert spec.read_text() == SPEC


def test_what_somebody_else_wrote_is_not_overwritten_and_nothing_typed_is_lost(edit, spec) -> None:
    page = edit()
    level(page, "quality", "medium")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    theirs = SPEC.replace("project: shop", "project: store")
    spec.write_text(theirs)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("changed by somebody else", timeout=20_000)
    expect(dialog.locator(".line-added")).to_have_count(2)
    assert accessibility_faults(page, ".q-dialog") == []
    dialog.get_by_role("button", name="Take the file's").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('project: store')")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('project: shop')")
    assert text_of(page) == SPEC.replace("quality: high", "quality: medium")
    assert spec.read_text() == theirs


def test_ones_own_text_is_kept_over_the_other_only_when_that_is_said(edit, spec) -> None:
    page = edit()
    level(page, "quality", "medium")
    spec.write_text(SPEC + "# theirs\n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Keep my text").click(timeout=20_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").locator(".line-removed").last).to_contain_text("# theirs")
    saved(page)
    assert spec.read_text() == SPEC.replace("quality: high", "quality: medium")


def test_a_file_that_others_change_shows_by_itself_where_nothing_was_typed(edit, spec) -> None:
    page = edit()
    spec.write_text(SPEC.replace("project: shop", "project: store"))
    page.wait_for_function(
        "document.querySelector('.cm-content').textContent.includes('project: store')", timeout=20_000
    )
    expect(page.locator(".toolbar-state")).to_have_text("saved")


def test_leaving_with_unsaved_changes_is_asked_about(edit) -> None:
    page = edit()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Spend", exact=True).click()
    page.wait_for_url("**/spend*")
    assert asked == []
    page.go_back()
    expect(page.locator(".choice-model").first).to_be_attached(timeout=30_000)
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.get_by_role("link", name="Spend", exact=True).click()
    page.wait_for_url("**/spend*")
    assert asked == ["beforeunload"]


def test_llmhub_yaml_is_written_after_its_changes_were_shown(edit, spec, editor_server) -> None:
    page = edit()
    page.get_by_role("button", name="Generate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".line-removed").first).to_be_visible(timeout=30_000)
    assert (editor_server.folder / "llmhub.yaml").read_text() == CONFIG
    dialog.get_by_role("button", name="Write").click()
    expect(page.locator(".preview")).to_contain_text("would stay as it is", timeout=30_000)
    written = (editor_server.folder / "llmhub.yaml").read_text()
    assert "llm.summaries" in written
    assert "generated:" in written


def test_generating_waits_for_the_spec_to_be_saved(edit, editor_server) -> None:
    page = edit()
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".q-notification")).to_contain_text("Save the spec first")
    assert (editor_server.folder / "llmhub.yaml").read_text() == CONFIG


BE_GONE = """
() => {
  const connection = window.socket.io;
  connection.randomizationFactor(0);
  connection.reconnectionDelay(4000); // NiceGUI would let go after three seconds
  connection.engine.close();
}
"""


def test_a_browser_that_is_busy_or_gone_for_a_while_loses_nothing(edit, editor_server) -> None:
    greeting = httpx.get(f"{editor_server.address}_nicegui_ws/socket.io/?EIO=4&transport=polling").text
    assert json.loads(greeting[1:])["pingTimeout"] >= 20_000  # milliseconds for which a busy browser may be silent
    page = edit()
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.evaluate(BE_GONE)
    page.wait_for_function("!window.socket.connected")
    page.wait_for_function("window.socket.connected")
    level(page, "quality", "low")
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low, quality: low')")
