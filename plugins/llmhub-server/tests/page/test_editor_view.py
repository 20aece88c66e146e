"""The editor of the spec, in a real browser over the real `llmhub ui`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

KEY = "sk-planted-abcdef0123456789abcdef"
DOTENV_KEY = "sk-ant-planted-fedcba9876543210"

SPEC = """\
# what the shop asks for
project: shop
providers:
  openai: {enabled: true, env_key: OPENAI_API_KEY}
  anthropic: {enabled: true, env_key: ANTHROPIC_API_KEY}
  mistral: {enabled: true}
roles:
  llm.answers:  # the most important one
    kind: chat
    description: <script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">
    preferences: {cost: medium, quality: high, providers: [openai]}  # dear is fine
  llm.summaries:
    kind: chat
    preferences: {cost: low, providers: [openai]}
environments:
  prod:
    roles:
      llm.answers: {preferences: {cost: high}}
"""
CONFIG = """\
project: shop
env: dev
providers:
  openai: {env_key: OPENAI_API_KEY}
roles:
  llm.answers: {provider: openai, model: gpt-4.1-mini, mode: chat}
  llm.gone: {provider: openai, model: gpt-4.1-mini, mode: chat}
"""


@pytest.fixture(scope="module")
def server(small_environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory, serving) -> Iterator:
    """The page of a project whose files each test finds fresh; one key is in the environment, one in `.env`."""
    folder = tmp_path_factory.mktemp("editor") / "shop"
    folder.mkdir()
    (folder / "llmhub.spec.yaml").write_text(SPEC)
    (folder / ".env").write_text(f"ANTHROPIC_API_KEY={DOTENV_KEY}\n")
    with serving(folder, {**small_environ, "OPENAI_API_KEY": KEY}) as running:
        yield running


@pytest.fixture
def spec(server) -> Path:
    (server.folder / "llmhub.yaml").write_text(CONFIG)
    path = server.folder / "llmhub.spec.yaml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def edit(server, spec, visit) -> Callable[..., Page]:
    """Opens the editor, and waits until a choice is made."""

    def edit(**options) -> Page:
        page = visit(f"{server.address}spec", **options)
        expect(page.locator(".choice-model").first).to_be_attached(timeout=60_000)
        return page

    return edit


def text_of(page: Page) -> str:
    """The text as the editor holds it."""
    return page.evaluate("document.querySelector('.spec-text .cm-content').cmView.view.state.doc.toString()")


def type_over(page: Page, before: str, after: str) -> None:
    """Select *before* in the text, and type *after*."""
    page.evaluate(
        """before => { const view = document.querySelector('.spec-text .cm-content').cmView.view;
        const from = view.state.doc.toString().indexOf(before);
        view.dispatch({selection: {anchor: from, head: from + before.length}}); view.focus() }""",
        before,
    )
    page.keyboard.type(after)


def level(page: Page, key: str, value: str) -> None:
    page.get_by_role("group", name=key, exact=True).get_by_role("button", name=value).click()


def choose_part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of the spec").get_by_role("button", name=name, exact=True).click()


def saved(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator(".toolbar-state")).to_have_text("saved")


def test_a_change_in_the_form_changes_the_text_and_leaves_its_comments(edit) -> None:
    page = edit()
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low, quality: high')")
    assert text_of(page) == SPEC.replace("cost: medium, quality", "cost: low, quality")
    page.get_by_role("textbox", name="description").fill('Answers: "all"')
    page.keyboard.press("Enter")
    page.wait_for_function("""document.querySelector('.cm-content').textContent.includes('"Answers: ')""")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: medium, quality')")
    assert text_of(page) == SPEC
    expect(page.locator(".toolbar-state")).to_have_text("saved")
    page.get_by_role("button", name="Redo").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low, quality: high')")


def test_clearing_a_level_takes_the_key_out(edit) -> None:
    page = edit()
    level(page, "cost", "medium")
    page.wait_for_function("!document.querySelector('.cm-content').textContent.includes('cost: medium')")
    assert text_of(page) == SPEC.replace("{cost: medium, quality: high", "{quality: high")


def test_numbers_abilities_and_names_are_filled_in(edit) -> None:
    page = edit()
    page.get_by_role("spinbutton", name="context_min").fill("100000")
    page.get_by_role("checkbox", name="vision").click()
    page.get_by_role("combobox", name="Add to exclude_models").or_(page.get_by_label("Add to exclude_models")).fill(
        "openai:gpt-4"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('exclude_models')")
    expect(page.get_by_role("button", name="Remove openai:gpt-4 from exclude_models")).to_be_visible()
    wanted = 'context_min: 100000, needs: [vision], exclude_models: ["openai:gpt-4"]'
    page.wait_for_function("wanted => document.querySelector('.cm-content').textContent.includes(wanted)", arg=wanted)


def test_models_are_searched_in_the_catalog_by_what_is_typed(edit) -> None:
    page = edit()
    page.get_by_label("force_model").fill("gpt-4.1-mini")
    names = page.locator("datalist option[value='openai:gpt-4.1-mini']")
    expect(names.first).to_be_attached()
    page.get_by_label("force_model").fill("openai:gpt-4.1-mini")
    page.keyboard.press("Enter")
    expect(page.locator(".choice").first.locator(".choice-model")).to_have_text("openai:gpt-4.1-mini", timeout=30_000)


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


def test_what_would_be_chosen_is_shown_with_its_price_its_reason_and_what_changes(edit) -> None:
    page = edit()
    answers = page.locator(".choice", has_text="llm.answers")
    expect(answers.locator(".choice-model")).to_have_text(re.compile(r"openai:\S+"))
    expect(answers.locator(".choice-price")).to_have_text(re.compile(r"\$[\d.]+ in, \$[\d.]+ out per million tokens"))
    expect(answers.locator(".choice-reason")).not_to_be_empty()
    expect(answers.locator(".change").first).to_contain_text("instead of openai:gpt-4.1-mini: $")
    expect(page.locator(".choice", has_text="llm.gone")).to_contain_text("would go")
    expect(page.locator(".choice", has_text="llm.summaries")).to_contain_text("new in llmhub.yaml")
    answers.locator("summary").click()
    rows = answers.locator("tbody tr")
    expect(rows.first).to_be_visible()
    assert rows.first.locator("td").first.inner_text() == answers.locator(".choice-model").inner_text()


def test_another_choice_is_made_while_one_types(edit) -> None:
    page = edit()
    before = page.locator(".choice", has_text="llm.answers").locator(".choice-price").inner_text()
    type_over(page, "cost: medium, quality: high", "cost: low, quality: low, max_price_input: 1")
    price = page.locator(".choice", has_text="llm.answers").locator(".choice-price")
    expect(price).not_to_have_text(before, timeout=30_000)


def test_a_role_that_no_model_satisfies_says_what_to_relax_and_the_others_are_shown(edit) -> None:
    page = edit()
    type_over(page, "cost: medium, quality: high", "context_min: 90000000")
    refused = page.locator(".choice.refused")
    expect(refused).to_contain_text("llm.answers", timeout=30_000)
    expect(refused).to_contain_text("context_min")
    expect(page.locator(".choice", has_text="llm.summaries").locator(".choice-model")).to_be_visible()


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


def test_roles_are_added_renamed_and_taken_out_in_all_environments(edit) -> None:
    page = edit()
    page.get_by_role("button", name="Add a role").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("name").fill("llm.answers")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_contain_text("There is such a role already.")
    dialog.get_by_label("name").fill("llm.titles")
    dialog.get_by_role("button", name="Add").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('llm.titles:')")
    choose_part(page, "llm.answers")
    name = page.get_by_role("textbox", name="Name of the role")
    expect(name).to_have_value("llm.answers")
    name.fill("llm.replies")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('llm.replies:  # the most')")
    assert "llm.replies: {preferences: {cost: high}}" in text_of(page)
    assert "llm.answers" not in text_of(page)
    page.get_by_role("button", name="Remove the role llm.replies").click()
    page.wait_for_function("!document.querySelector('.cm-content').textContent.includes('llm.replies')")
    expect(page.get_by_role("heading", name="Project", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('llm.replies')")


def test_what_environments_say_instead_is_shown_beside_the_field(edit) -> None:
    page = edit()
    cost = page.locator(".field", has=page.get_by_role("group", name="cost", exact=True))
    expect(cost.locator(".field-override")).to_have_text("prod: high instead (only the text changes it)")


def test_each_provider_says_whether_its_key_is_set(edit) -> None:
    page = edit()
    choose_part(page, "Providers")
    expect(page.locator(".key-state").nth(0)).to_have_text("OPENAI_API_KEY is set here")
    expect(page.locator(".key-state").nth(1)).to_have_text("ANTHROPIC_API_KEY is set here")
    expect(page.locator(".key-state").nth(2)).to_contain_text("MISTRAL_API_KEY is not set here")


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


def test_no_value_of_a_key_is_in_the_page_or_in_what_it_is_sent(server, spec, visit) -> None:
    page = visit(server.address)
    sent: list[bytes] = []
    page.on("response", lambda answer: sent.append(_body(answer)))
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: sent.append(frame if isinstance(frame, bytes) else frame.encode())
        ),
    )
    page.goto(f"{server.address}spec")
    expect(page.locator(".choice-model").first).to_be_attached(timeout=60_000)
    choose_part(page, "Providers")
    expect(page.locator(".key-state").first).to_be_visible()
    level_of = page.get_by_role("switch", name="enabled").first
    level_of.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{server.address}spend")
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


def test_llmhub_yaml_is_written_after_its_changes_were_shown(edit, spec, server) -> None:
    page = edit()
    page.get_by_role("button", name="Generate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".line-removed").first).to_be_visible(timeout=30_000)
    assert (server.folder / "llmhub.yaml").read_text() == CONFIG
    dialog.get_by_role("button", name="Write").click()
    expect(page.locator(".preview")).to_contain_text("would stay as it is", timeout=30_000)
    written = (server.folder / "llmhub.yaml").read_text()
    assert "llm.summaries" in written
    assert "generated:" in written


def test_generating_waits_for_the_spec_to_be_saved(edit, server) -> None:
    page = edit()
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".q-notification")).to_contain_text("Save the spec first")
    assert (server.folder / "llmhub.yaml").read_text() == CONFIG


def test_the_text_is_entered_and_left_by_the_keyboard(edit) -> None:
    page = edit()
    page.get_by_role("textbox", name="The text of the spec").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("!!document.activeElement.closest('.cm-editor')")


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
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_fault_of_accessibility_in_any_state(edit, accessibility_faults, width, theme) -> None:
    page = edit(width=width, theme=theme)
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
    # The grounds of a dialog take no pointer, and axe does not see them: it takes the page behind for what lies below.
    told = accessibility_faults(page, ".q-dialog")
    assert [fault for fault in told if not fault.startswith("color-contrast")] == []


def test_a_project_without_a_spec_says_how_to_get_one(server, spec, visit) -> None:
    spec.unlink()
    page = visit(f"{server.address}spec")
    expect(page.locator(".notice .command")).to_have_text("llmhub init")


def test_what_is_typed_while_problems_are_marked_stays(edit) -> None:
    page = edit()
    type_over(page, "cost: medium", "")
    typed = "cost: lo, qualty: hi"
    for letter in typed:  # with pauses after which the text is read and marked
        page.keyboard.type(letter)
        page.wait_for_timeout(120)
    page.wait_for_timeout(1500)
    assert text_of(page) == SPEC.replace("cost: medium", typed)


def test_a_browser_that_is_busy_for_a_while_loses_nothing(edit) -> None:
    page = edit()
    level(page, "cost", "low")
    expect(page.locator(".toolbar-state")).to_have_text("unsaved changes")
    page.evaluate("() => { const until = performance.now() + 12000; while (performance.now() < until) {} }")
    level(page, "quality", "low")
    page.wait_for_function("document.querySelector('.cm-content').textContent.includes('cost: low, quality: low')")
