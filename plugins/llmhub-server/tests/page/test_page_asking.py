"""One prompt to several models: what it may cost is told before, and each answer comes as it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from llmhub.records.config import HubConfig, ProviderConfig
from llmhub.spend.pricing import Pricing
from llmhub.testing import ProviderServer
from llmhub_server.page.asking import Question, asking_config, bound, missing

from .conftest import PageServer, new_project
from .looking import accessibility_faults

QUESTION = Question(prompt="Say hello.", max_tokens=100)
COMPARE = "compare?models=openai:gpt-4.1,openai:gpt-4.1-mini"


def config_for(server: ProviderServer, env_key: str = "OPENAI_API_KEY") -> str:
    providers = {"openai": {"api_base": server.openai_base, "env_key": env_key}}
    role = {"provider": "openai", "model": "gpt-4.1", "mode": "chat"}
    return json.dumps({"project": "shop", "providers": providers, "roles": {"llm.answers": role}})


@pytest.fixture(scope="module")
def page_of_one(serving, small_environ, tmp_path_factory) -> Iterator[PageServer]:
    """A page with a key, whose project each test writes for itself: each visit reads it anew."""
    folder = new_project(tmp_path_factory.mktemp("asking"))
    with serving(folder, {**small_environ, "OPENAI_API_KEY": "sk-loopback"}) as server:
        yield server


@pytest.fixture
def asked(provider_server, page_of_one) -> tuple[PageServer, ProviderServer]:
    """A page whose project reaches a provider on this machine."""
    (page_of_one.folder / "llmhub.yaml").write_text(config_for(provider_server))
    return page_of_one, provider_server


def ask(page, prompt="Say hello.") -> None:
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_role("button", name="Ask").dblclick()  # as some people do
    page.get_by_role("dialog").wait_for()


def test_each_model_answers_with_times_tokens_and_cost(asked, visit) -> None:
    server, provider = asked
    page = visit(server.address + COMPARE)
    ask(page)
    text = page.get_by_role("dialog").inner_text()
    assert text.count("at most $0.0") >= 3
    page.get_by_role("button", name="Send").click()
    answers = page.locator(".answer")
    for place in (0, 1):
        answers.nth(place).get_by_text("· total").wait_for(timeout=60_000)
        told = answers.nth(place).inner_text()
        assert "cost $0.0" in told
        assert "tokens -" not in told
        assert answers.nth(place).locator(".answer-text").inner_text().strip()
    assert sorted(json.loads(request.body)["model"] for request in provider.requests) == ["gpt-4.1", "gpt-4.1-mini"]


def test_nothing_is_sent_before_it_is_confirmed(asked, visit) -> None:
    server, provider = asked
    page = visit(server.address + COMPARE)
    ask(page)
    assert accessibility_faults(page, ".q-dialog") == []
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    ask(page)
    assert page.get_by_role("dialog").count() == 1
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    assert provider.requests == ()


def test_one_model_fails_and_the_other_answers(asked, visit) -> None:
    server, provider = asked
    provider.script("gpt-4.1-mini", ["500"])
    page = visit(server.address + COMPARE)
    ask(page)
    page.get_by_role("button", name="Send").click()
    failed, well = page.locator(".answer").nth(1), page.locator(".answer").nth(0)
    well.get_by_text("· total").wait_for(timeout=60_000)
    failed.locator(".answer-error:not(:empty)").wait_for(timeout=60_000)
    assert well.locator(".answer-error").inner_text() == ""
    assert "sk-loopback" not in page.content()


def test_a_missing_key_is_named_and_nothing_can_be_sent(asked, visit) -> None:
    server, provider = asked
    (server.folder / "llmhub.yaml").write_text(config_for(provider, env_key="A_KEY_THAT_IS_NOT_SET"))
    page = visit(server.address + COMPARE)
    page.get_by_text("A_KEY_THAT_IS_NOT_SET").wait_for()
    assert page.get_by_role("button", name="Ask").count() == 0


def test_a_key_in_the_env_file_is_found_where_there_is_no_configuration(asked, visit) -> None:
    server, _ = asked
    (server.folder / "llmhub.yaml").unlink()
    address = f"{server.address}compare?models=anthropic:claude-opus-4-5"
    page = visit(address)
    page.get_by_text("ANTHROPIC_API_KEY").wait_for()
    (server.folder / ".env").write_text("ANTHROPIC_API_KEY=sk-loopback\n")
    page.reload()
    page.get_by_role("button", name="Ask").wait_for()


def test_a_broken_configuration_is_told_with_line_and_column(asked, visit) -> None:
    server, _ = asked
    broken = "project: shop\nroles:\n  llm.answers: {provider: openai, modle: gpt-4.1}\n"
    (server.folder / "llmhub.yaml").write_text(broken)
    page = visit(server.address + COMPARE)
    page.get_by_text("llmhub.yaml:3:").first.wait_for()
    assert "modle" in page.locator("main").inner_text()


def test_a_question_is_bounded_by_the_dearest_rate(few_models) -> None:
    pricing = Pricing(lambda provider, model: few_models.models.get(f"{provider}:{model}"))
    found = bound(few_models.models["office:long"], QUESTION, pricing)
    assert found.dollars is not None
    assert found.dollars > Decimal("0.001")  # a hundred tokens of output at $10 per million, and the input
    assert bound(few_models.models["office:unpriced"], QUESTION, pricing).dollars is None
    assert "no price" in bound(few_models.models["office:unpriced"], QUESTION, pricing).why


def test_the_providers_of_the_project_are_used_and_its_roles_are_not(few_models) -> None:
    project = HubConfig(
        project="shop", ledger="none", providers={"office": ProviderConfig(api_base="http://10.0.0.5/v1")}
    )
    models = [few_models.models["office:long"], few_models.models["openai:gpt-4.1"]]
    config = asking_config(project, "other", models, QUESTION)
    assert config.project == "shop"
    assert config.providers["office"].api_base == "http://10.0.0.5/v1"
    assert set(config.roles) == {"office:long", "openai:gpt-4.1"}
    assert config.roles["office:long"].params == {"max_tokens": 100}
    assert missing(config, {}) == {"openai": "OPENAI_API_KEY"}
    assert asking_config(None, "other", models, QUESTION).project == "other"
