"""A spec to edit, and what a visitor's hands do with it."""

from __future__ import annotations

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
