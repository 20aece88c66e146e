"""What calls cost, in a real browser, over calls that a Hub made to the loopback provider."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from llmhub import Hub
from llmhub.testing import ProviderServer

from .looking import accessibility_faults

KEY = "sk-planted-abcdef0123456789abcdef"
HELLO = [{"role": "user", "content": "Where is my order? It was to come on Monday."}]

CONFIG = """\
project: shop
env: dev
providers:
  openai: {{api_base: "{url}/v1"}}
  anthropic: {{api_base: "{url}"}}
  local: {{api_base: "{url}/v1"}}
roles:
  llm.answers:
    provider: openai
    model: gpt-4o
    params: {{max_tokens: 200}}
    retry: {{attempts: 1}}
    fallbacks: [{{provider: anthropic, model: claude-3-5-sonnet-20241022}}]
  llm.local: {{provider: local, model: <b>house-7b</b>, params: {{max_tokens: 20}}}}
  llm.idle: {{provider: openai, model: gpt-4.1-mini}}
  llm.tried:
    provider: openai
    model: gpt-4o-mini
    params: {{max_tokens: 200}}
    variants:
      - {{name: small, weight: 1}}
      - {{name: large, weight: 1, model: gpt-4.1}}
circuit: {{failures: 2, cooldown: 3600}}
budgets:
  answers: {{limit: "0.0004", window: month, role: llm.answers, on_exceed: warn}}
  everything: {{limit: 5, window: total, on_exceed: warn}}
"""


def fresh(environ: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """The same catalog in a folder of its own, where no ledger is yet."""
    shutil.copytree(environ["LLMHUB_CACHE_DIR"], folder, ignore=shutil.ignore_patterns("ledger*", "budgets*"))
    return {**environ, "LLMHUB_CACHE_DIR": str(folder), "OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="module")
def server(small_environ, tmp_path_factory: pytest.TempPathFactory, serving, provider) -> Iterator:
    """The page of a project whose Hub made calls: some fell back, some have no price, one role has variants."""
    folder = tmp_path_factory.mktemp("spend") / "shop"
    folder.mkdir()
    (folder / "llmhub.yaml").write_text(CONFIG.format(url=provider.url))
    environ = fresh(small_environ, tmp_path_factory.mktemp("ledger") / "cache")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        with Hub(folder / "llmhub.yaml") as hub:
            for _ in range(3):
                hub.completion("llm.answers", HELLO)
            provider.fail("gpt-4o", "500", times=2)
            for _ in range(2):
                hub.completion("llm.answers", HELLO)
            hub.completion("llm.local", HELLO)
            for number in range(70):
                hub.completion("llm.tried", HELLO, user=f"user {number}", call_id=f"call {number}")
                hub.feedback(f"call {number}", number % 5)
    with serving(folder, environ) as running:
        yield running


@pytest.fixture
def look(server, visit) -> Callable[..., Page]:
    def look(query: str = "window=24h", **options) -> Page:
        page = visit(f"{server.address}spend?{query}", **options)
        expect(page.locator(".panel").first).to_be_visible()
        return page

    return look


def panel(page: Page, name: str):
    return page.locator(".panel", has=page.get_by_role("heading", name=name, exact=True))


def cells(page: Page, table: str) -> dict[str, list[str]]:
    """The rows of a table by their first cells."""
    rows = page.get_by_role("region", name=table, exact=True).locator("tbody tr").all()
    found = [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]
    return {row[0]: row for row in found}


def test_costs_are_told_by_role_and_what_has_no_price_apart(look) -> None:
    page = look()
    rows = cells(page, "Cost by role")
    assert rows["llm.answers"][1] == "5"
    assert re.fullmatch(r"~?\$0\.\d+", rows["llm.answers"][-1])
    assert (rows["llm.local"][5], rows["llm.local"][-1]) == ("1", "-")
    expect(panel(page, "Costs")).to_contain_text("1 of them has no known price: it is not free, and not in the sum.")
    expect(page.locator(".sum-dollars")).to_have_text(re.compile(r"\$0\.\d+"))
    expect(page.get_by_role("img", name="Cost by role, as in the table below")).to_be_visible()


def test_costs_are_told_by_other_keys_too(look) -> None:
    served = {"openai:gpt-4o", "openai:gpt-4o-mini", "openai:gpt-4.1", "anthropic:claude-3-5-sonnet-20241022"}
    page = look("window=24h&by=model")
    assert set(cells(page, "Cost by model")) == served | {"local:<b>house-7b</b>"}
    page = look("window=24h&by=variant")
    assert set(cells(page, "Cost by variant")) == {"small", "large", "none"}


def test_another_key_and_another_time_are_chosen_by_keyboard(look) -> None:
    page = look()
    page.get_by_role("combobox", name="Costs by").focus()
    page.keyboard.press("Enter")
    page.get_by_role("option", name="by provider").click()
    expect(page.get_by_role("region", name="Cost by provider")).to_be_visible()
    assert set(cells(page, "Cost by provider")) == {"openai", "anthropic", "local"}
    page.get_by_role("combobox", name="Of what time").focus()
    page.keyboard.press("Enter")
    page.get_by_role("option", name="all that is kept").click()
    expect(page.locator(".sum")).to_contain_text("all that is kept")
    page.wait_for_function("location.search === '?by=provider&window=all'")


def test_calls_are_listed_with_what_served_them_and_what_came_of_it(look) -> None:
    page = look()
    rows = page.get_by_role("region", name="Last calls").locator("tbody tr")
    expect(rows).to_have_count(30)
    expect(rows.first).to_contain_text("llm.tried")


def test_a_new_call_shows_by_itself(look, server, provider, small_environ) -> None:
    page = look()
    before = int(cells(page, "Cost by role")["llm.local"][1])
    environ = {**_environ(server), "OPENAI_API_KEY": KEY}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        with Hub(server.folder / "llmhub.yaml") as hub:
            hub.completion("llm.local", HELLO)
    row = page.get_by_role("region", name="Cost by role").locator("tr", has_text="llm.local")
    expect(row.locator("td").nth(1)).to_have_text(str(before + 1))
    first = page.get_by_role("region", name="Last calls").locator("tbody tr").first
    expect(first).to_contain_text("local:<b>house-7b</b>")
    expect(first).to_contain_text("unpriced")


def _environ(server) -> dict[str, str]:
    text = Path(f"/proc/{server.process.pid}/environ").read_text()
    return dict(one.split("=", 1) for one in text.split("\0") if one.startswith("LLMHUB_"))


def test_budgets_say_what_is_spent_and_how_far_they_reach(look) -> None:
    page = look()
    answers = page.locator(".budget", has_text="answers")
    expect(answers).to_contain_text(re.compile(r"\$0\.\d+ of \$0\.0004 spent \(\d{3,}%\)"))
    expect(answers).to_contain_text(
        re.compile(r"At this pace \$[\d.]+ by \d{4}-\d\d-01 00:00 UTC|Too early for a forecast")
    )
    expect(page.locator(".budget", has_text="everything")).to_contain_text("of $5.00 spent")
    expect(page.locator(".budget", has_text="everything")).to_contain_text("all calls, in all; beyond it a warning")


def test_variants_are_compared_with_the_first(look) -> None:
    page = look()
    rows = cells(page, "Variants of llm.tried")
    assert set(rows) == {"small", "large"}
    assert sum(int(row[2].split()[0]) for row in rows.values()) == 70
    assert all(re.fullmatch(r"\d\.\d\d s", row[5]) for row in rows.values())
    expect(panel(page, "Variants")).to_contain_text("large against small: cost:")


def test_targets_show_how_they_did_and_the_circuit_to_expect(look) -> None:
    page = look()
    rows = cells(page, "Targets")
    assert rows["openai:gpt-4o"][1] == "open, 2 failures in a row"
    assert rows["openai:gpt-4o"][6] == "2 ProviderError"
    assert rows["anthropic:claude-3-5-sonnet-20241022"][1] == "closed"
    assert rows["openai:gpt-4.1-mini"][1:4] == ["not tried", "0", "-"]
    expect(panel(page, "Targets")).to_contain_text("inferred from the ledger")
    expect(panel(page, "Targets")).to_contain_text("llmhub ui --gateway http://127.0.0.1:8080 shows those of a gateway")


def test_no_call_in_a_time_says_so(look, server) -> None:
    page = look("window=nonsense")
    expect(page.locator(".sum")).to_contain_text("last 7 days")


@pytest.mark.parametrize("width", [400, 1600])
def test_no_serious_fault_of_accessibility(look, width) -> None:
    page = look(width=width)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_before_the_first_call_it_says_how_to_make_one_and_then_shows_it(
    serving, small_environ, tmp_path, visit, provider
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    config = folder / "llmhub.yaml"
    config.write_text(
        f'project: new\nproviders: {{openai: {{api_base: "{provider.url}/v1"}}}}\n'
        "roles: {a: {provider: openai, model: gpt-4o-mini}}\n"
    )
    environ = fresh(small_environ, tmp_path / "cache")
    with serving(folder, environ) as server:
        page = visit(f"{server.address}spend")
        expect(page.locator(".notice")).to_contain_text("No calls are recorded yet")
        expect(page.locator(".notice .command")).to_have_text("llmhub test")
        assert accessibility_faults(page) == []
        page.wait_for_timeout(2500)  # one look for new calls
        assert not list((tmp_path / "cache").glob("ledger*"))
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            with Hub(config) as hub:
                hub.completion("a", HELLO)
        expect(panel(page, "Budgets").locator(".command")).to_contain_text("budgets:")
        expect(panel(page, "Variants").locator(".command")).to_contain_text("variants:")
        config.write_text("project: new\nledger: none\nproviders: {}\nroles: {}\n")
        page.reload()
        expect(page.locator(".notice")).to_contain_text("No record is kept")
        config.unlink()
        page.reload()
        expect(page.locator(".notice")).to_contain_text("llmhub.yaml")
        expect(page.locator(".notice .command").first).to_contain_text("llmhub")
