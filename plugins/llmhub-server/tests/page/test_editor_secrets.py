"""No key is taken, told, or kept; no text is run."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .editing import DOTENV_KEY, KEY, SPEC, choose_part, text_of, type_over


def test_a_key_is_never_taken_into_the_spec(edit, spec) -> None:
    page = edit()
    choose_part(page, "Providers")
    field = page.get_by_label("env_key", exact=True).first
    field.fill(KEY)
    field.press("Enter")
    expect(page.locator(".q-notification")).to_contain_text("looks like a key, and was not taken")
    assert KEY not in text_of(page)
    type_over(page, "env_key: OPENAI_API_KEY", f"env_key: {KEY}")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".q-notification", has_text="Not saved")).to_be_visible()
    assert spec.read_text() == SPEC


def test_no_value_of_a_key_is_in_the_page_or_in_what_it_is_sent(editor_server, spec, visit) -> None:
    page = visit(editor_server.address)
    sent: list[bytes] = []
    page.on("response", lambda answer: sent.append(_body(answer)))
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: sent.append(frame if isinstance(frame, bytes) else frame.encode())
        ),
    )
    page.goto(f"{editor_server.address}spec")
    expect(page.locator(".choice-model").first).to_be_attached(timeout=60_000)
    choose_part(page, "Providers")
    expect(page.locator(".key-state").first).to_be_visible()
    level_of = page.get_by_role("switch", name="enabled").first
    level_of.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{editor_server.address}spend")
    page.wait_for_selector("main h1")
    whole = b"".join(sent) + page.content().encode()
    assert len(whole) > 100_000
    for key in (KEY, DOTENV_KEY):
        assert key.encode() not in whole
        assert key[12:].encode() not in whole


def _body(answer) -> bytes:
    try:
        return answer.body()
    except Exception:  # a redirect, or a page that was left
        return b""


def test_text_of_the_file_is_never_read_as_html(edit) -> None:
    page = edit()
    expect(page.get_by_role("textbox", name="description")).to_have_value(re.compile("<script>window.hacked"))
    type_over(page, "kind: chat", 'kind: "<img src=x onerror=window.hacked=3>"')
    expect(page.locator(".problem").first).to_contain_text("<img src=x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img").count() == 0
