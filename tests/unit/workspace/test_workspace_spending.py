"""The record of calls of a project, over calls that a Hub made to the loopback provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from llmhub import Hub
from llmhub.config.paths import data_dir
from llmhub.errors import LedgerError, ProviderError, UnknownRoleError
from llmhub.spend.latest import latest
from llmhub.testing import ProviderServer
from llmhub.workspace import Workspace
from llmhub.workspace.spending import arms_in, calls_of, health_in, record_begun

HELLO = [{"role": "user", "content": "Hello there"}]

CONFIG = """\
project: shop
env: dev
providers:
  openai: {{api_base: "{url}/v1"}}
roles:
  llm.answers: {{provider: openai, model: gpt-4o-mini, retry: {{attempts: 1}}}}
  llm.idle: {{provider: openai, model: gpt-4o}}
  llm.tried:
    provider: openai
    model: gpt-4o-mini
    variants:
      - {{name: small, weight: 1}}
      - {{name: large, weight: 1, model: gpt-4o}}
budgets:
  all: {{limit: 5, window: day}}
"""


@pytest.fixture(autouse=True)
def unscripted(provider_server: ProviderServer) -> None:
    provider_server.reset()


@pytest.fixture
def called(project: Path, provider_server: ProviderServer) -> Workspace:
    """A project whose hub made two calls of a role, four of one with variants, and one that failed."""
    (project / "llmhub.yaml").write_text(CONFIG.format(url=provider_server.url))
    with Hub(project / "llmhub.yaml") as hub:
        for _ in range(2):
            hub.completion("llm.answers", HELLO, max_tokens=20)
        for user in "abcd":
            hub.completion("llm.tried", HELLO, max_tokens=20, user=user)
    return Workspace(project)


def test_the_ledger_holds_the_calls_that_were_made(called) -> None:
    config = called.config()
    with called.ledger() as store:
        query = calls_of(called, config)
        assert [entry.role for entry in latest(store, query, 5)] == ["llm.answers"] + ["llm.tried"] * 4
        assert [total.calls for total in store.totals("role", query)] == [2, 4]
        assert latest(store, query, 0) == ()
        assert [entry.role for entry in latest(store, calls_of(called, config, role="llm.answers"), 9)] == [
            "llm.answers"
        ] * 2


def test_only_calls_of_an_environment_that_was_asked_for_are_meant(called, project) -> None:
    config = called.config()
    assert calls_of(called, config).environment is None
    assert calls_of(Workspace(project, env="dev"), config).environment == "dev"


def test_a_look_for_a_record_leaves_none_behind(project, provider_server) -> None:
    (project / "llmhub.yaml").write_text(CONFIG.format(url=provider_server.url))
    workspace = Workspace(project)
    assert not record_begun(workspace, workspace.config())
    assert not any(data_dir(workspace.environ).glob("ledger.*"))


def test_a_record_has_begun_with_the_first_call(called) -> None:
    assert record_begun(called, called.config())


def test_where_no_record_is_kept_the_ledger_says_so(called, project) -> None:
    path = project / "llmhub.yaml"
    path.write_text(path.read_text().split("budgets:", maxsplit=1)[0] + "ledger: none\n")
    assert not record_begun(called, called.config())
    with pytest.raises(LedgerError, match="ledger: none"), called.ledger():
        pass


def test_budgets_stand_at_what_was_spent(called) -> None:
    (state,) = called.budgets()
    assert (state.name, state.window, state.limit) == ("all", "day", Decimal(5))
    assert Decimal(0) < state.spent < Decimal("0.01")


def test_a_configuration_without_budgets_has_none(called, project) -> None:
    path = project / "llmhub.yaml"
    path.write_text(path.read_text().split("budgets:", maxsplit=1)[0])
    assert called.budgets() == ()


def test_variants_stand_in_the_order_of_the_file(called) -> None:
    config = called.config()
    with called.ledger() as store:
        found = arms_in(store, config, calls_of(called, config, role="llm.tried"))
        assert sum(arm.calls for arm in found) == 4
        assert [arm.name for arm in found] == [name for name in ("small", "large") if name in {a.name for a in found}]
        with pytest.raises(UnknownRoleError, match=r"llm\.tryed"):
            arms_in(store, config, calls_of(called, config, role="llm.tryed"))


def test_of_a_target_that_was_not_tried_nothing_is_known(called) -> None:
    config, now = called.config(), datetime.now(UTC)
    with called.ledger() as store:
        health = health_in(store, config, calls_of(called, config, since=now - timedelta(hours=1)), now)
    assert health.seen["openai:gpt-4o-mini"].attempts >= 2
    assert health.roles["openai:gpt-4o-mini"] == ["llm.answers", "llm.tried"]
    assert health.failing == ()


def test_a_role_fails_when_all_its_targets_are_left_alone(project, provider_server) -> None:
    path = project / "llmhub.yaml"
    path.write_text(CONFIG.format(url=provider_server.url) + "circuit: {failures: 1, cooldown: 60}\n")
    workspace = Workspace(project)
    provider_server.fail("gpt-4o-mini", "500")
    with Hub(path) as hub, pytest.raises(ProviderError):
        hub.completion("llm.answers", HELLO, max_tokens=20)
    config, now = workspace.config(), datetime.now(UTC)
    with workspace.ledger() as store:
        health = health_in(store, config, calls_of(workspace, config), now)
    assert health.failing == ("llm.answers",)
