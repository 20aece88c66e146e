"""What would be chosen, as somebody types."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .editing import type_over


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
