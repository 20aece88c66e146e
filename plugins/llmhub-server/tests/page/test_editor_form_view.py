"""The form changes the text, and shows what it says."""

from __future__ import annotations

from playwright.sync_api import expect

from .editing import SPEC, choose_part, level, text_of


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


def test_the_form_is_not_drawn_anew_below_somebodys_hand(editor_server, spec, visit) -> None:
    page = visit(f"{editor_server.address}spec")
    page.evaluate("document.querySelector('.fields').dataset.first = 'yes'")
    expect(page.locator(".choice-model").first).to_be_attached(timeout=60_000)
    assert page.locator(".fields").get_attribute("data-first") == "yes"


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
