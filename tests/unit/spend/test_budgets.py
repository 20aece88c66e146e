"""Budgets around real calls: a Hub, the loopback provider, a SQLite ledger."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from llmhub import Hub, errors
from llmhub.host import PluginHost
from llmhub.records.config import BudgetConfig, HubConfig
from llmhub.records.spending import SpendQuery, Spent
from llmhub.spend.alerts import alerts_in
from llmhub.spend.budgets import Budget, budgets_of, window_of
from llmhub.spend.opening import chosen_ledger, ledger_context
from llmhub.testing import ProviderServer

HELLO = [{"role": "user", "content": "Hello"}]
EACH = Decimal("0.00000195")
"""What "Hello" costs at gpt-4o-mini on the loopback: a token in, three out."""


@pytest.fixture
def hub_with(provider_server: ProviderServer):
    """A hub with these budgets; its role "chat" falls back from gpt-4o to gpt-4o-mini."""
    made: list[Hub] = []

    def make(budgets: dict[str, Any], **role: Any) -> Hub:
        config = {
            "project": "shop",
            "env": "prod",
            "providers": {"openai": {"api_base": provider_server.openai_base}},
            "roles": {
                "chat": {
                    "provider": "openai",
                    "model": "gpt-4o-mini",
                    "params": {"max_tokens": 10},
                    "retry": {"attempts": 1},
                    **role,
                },
                "other": {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 10}},
                "mystery": {"provider": "openai", "model": "nobody-knows-me", "params": {"max_tokens": 10}},
            },
            "budgets": budgets,
        }
        hub = Hub(config=config)
        made.append(hub)
        return hub

    yield make
    for hub in made:
        hub.close()


def states(hub: Hub) -> dict[str, Any]:
    account = hub._life.engine.observers.account
    assert account.flush()
    return {state.name: state for state in account.states()}


def test_a_call_that_may_not_fit_is_refused_before_anything_is_sent(hub_with, provider_server):
    hub = hub_with({"tiny": {"limit": "0.00001", "window": "day"}})
    with pytest.raises(errors.BudgetExceeded, match=r"budget 'tiny' .* Raise its limit, or lower max_tokens") as told:
        hub.completion("chat", HELLO)
    assert provider_server.counts.requests == 0
    error = told.value
    assert (error.budget.name, error.budget.limit, error.budget.spent) == ("tiny", Decimal("0.00001"), Decimal(0))
    assert error.needed > Decimal("0.00001")
    assert error.budget.resets_at == window_of("day", datetime.now(UTC))[1]
    assert [attempt.status for attempt in error.attempts] == ["skipped"]
    assert isinstance(error, errors.CallRefused)


def test_a_call_costs_what_it_used_and_not_what_it_held(hub_with):
    hub = hub_with({"day": {"limit": 1, "window": "day"}})
    hub.completion("chat", HELLO)
    asyncio.run(hub.acompletion("chat", HELLO))
    assert (states(hub)["day"].spent, states(hub)["day"].held) == (2 * EACH, Decimal(0))


def wait_for_a_request(server: ProviderServer) -> None:
    while server.counts.requests == 0:
        time.sleep(0.01)


def test_a_stream_is_settled_when_it_ends(hub_with):
    hub = hub_with({"day": {"limit": 1}})
    chunks = hub.completion("chat", HELLO, stream=True, stream_options={"include_usage": True})
    assert states(hub)["day"].held > 0
    assert list(chunks)
    assert (states(hub)["day"].spent, states(hub)["day"].held) == (EACH, Decimal(0))


def test_a_stream_that_does_not_tell_its_usage_costs_the_most_it_can_have_cost(hub_with):
    hub = hub_with({"day": {"limit": 1}})
    chunks = hub.completion("chat", HELLO, stream=True)
    held = states(hub)["day"].held
    assert list(chunks)
    assert (states(hub)["day"].spent, states(hub)["day"].held) == (held, Decimal(0))


def test_an_attempt_that_the_provider_refused_costs_nothing(hub_with, provider_server):
    provider_server.always("gpt-4o-mini", "503")
    hub = hub_with({"day": {"limit": 1}})
    with pytest.raises(errors.ProviderError):
        hub.completion("chat", HELLO)
    assert (states(hub)["day"].spent, states(hub)["day"].held) == (Decimal(0), Decimal(0))


def test_a_call_that_is_cancelled_costs_the_most_it_can_have_cost(hub_with, provider_server):
    provider_server.always("gpt-4o-mini", "hang-30")
    hub = hub_with({"day": {"limit": 1}})

    async def cancel() -> None:
        call = asyncio.create_task(hub.acompletion("chat", HELLO))
        await asyncio.to_thread(wait_for_a_request, provider_server)
        call.cancel()
        await asyncio.wait([call])

    asyncio.run(cancel())
    state = states(hub)["day"]
    assert state.spent > 10 * EACH
    assert state.held == 0


def test_a_model_without_a_known_price_is_refused_under_a_hard_budget(hub_with, provider_server):
    hub = hub_with({"day": {"limit": 100}})
    with pytest.raises(errors.UnboundedCallError, match="no price of openai:nobody-knows-me is known") as told:
        hub.completion("mystery", HELLO)
    assert "budget 'day'" in str(told.value)
    assert provider_server.counts.requests == 0


def test_a_budget_that_only_warns_counts_and_lets_everything_through(hub_with, caplog):
    hub = hub_with({"soft": {"limit": "0.000003", "on_exceed": "warn", "alerts": [0.5]}})
    with caplog.at_level(logging.WARNING, logger="llmhub"):
        for _ in range(3):
            hub.completion("chat", HELLO)
        hub.completion("mystery", HELLO)
        state = states(hub)["soft"]
    assert (state.spent, state.unpriced) == (3 * EACH, 1)
    told = [record.getMessage() for record in caplog.records if "budget 'soft'" in record.getMessage()]
    assert [message.partition("(")[2].partition(")")[0] for message in told] == ["50 %", "100 %"]


def test_a_budget_may_send_a_call_on_to_its_roles_cheaper_target(hub_with, provider_server):
    cheaper = [{"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 10}}]
    hub = hub_with({"day": {"limit": "0.0003", "on_exceed": "fallback"}}, model="gpt-4o", fallbacks=cheaper)
    answer = hub.completion("chat", HELLO)
    assert answer.model == "gpt-4o-mini"
    assert provider_server.counts.by_model == {"gpt-4o-mini": 1}


@pytest.mark.parametrize(
    ("terms", "covers"),
    [
        ({}, True),
        ({"environment": "prod"}, True),
        ({"environment": "dev"}, False),
        ({"role": "chat"}, True),
        ({"role": "other"}, False),
        ({"provider": "openai", "role": "chat"}, True),
        ({"provider": "anthropic"}, False),
        ({"label": {"tenant": "acme"}}, True),
        ({"label": {"tenant": "acme", "team": "b"}}, False),
    ],
)
def test_a_budget_counts_what_all_its_terms_name(terms, covers):
    budget = Budget(name="b", project="p", terms=BudgetConfig(limit=Decimal(1), **terms))
    assert budget.covers("prod", "chat", "openai", {"tenant": "acme"}) is covers


def test_a_role_may_have_a_budget_of_its_own(hub_with):
    hub = hub_with({}, budget={"limit": "0.00001"})
    with pytest.raises(errors.BudgetExceeded, match="budget 'role chat'"):
        hub.completion("chat", HELLO)
    assert hub.completion("other", HELLO).choices


def test_each_window_has_a_purse_of_its_own():
    terms = BudgetConfig(limit=Decimal(1), window="hour")
    budget = Budget(name="b", project="p", terms=terms)
    first, same, later = (
        budget.purse(datetime(2026, 11, 23, *time, tzinfo=UTC)).key for time in ((5, 0), (5, 59), (6, 0))
    )
    assert first == same != later
    (same_budget,) = budgets_of(HubConfig(project="p", budgets={"b": terms}))
    assert same_budget.purse(datetime(2026, 11, 23, 5, 30, tzinfo=UTC)).key == first, (
        "a hub of another process has it, too"
    )


def test_exactly_one_settlement_passes_each_share():
    budget = Budget(name="b", project="p", terms=BudgetConfig(limit=Decimal(10), alerts=(0.5, 0.8)))
    steps = [Decimal(step) for step in ("0", "4.9", "5", "5.1", "8.5", "10", "12")]
    passed = [
        alert.share
        for before, after in itertools.pairwise(steps)
        for alert in alerts_in(budget, Spent(key="k", before=before, after=after), datetime.now(UTC))
    ]
    assert passed == [0.5, 0.8, 1.0]


def test_an_alert_reaches_the_webhook_whose_address_is_in_the_environment(hub_with, monkeypatch):
    arrived: list[dict[str, Any]] = []
    there = threading.Event()

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()
            there.set()

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Chat) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("SPEND_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook")
        hub = hub_with(
            {"soft": {"limit": "0.000001", "on_exceed": "warn", "webhook_env": "SPEND_WEBHOOK", "alerts": []}}
        )
        hub.completion("chat", HELLO)
        states(hub)
        assert there.wait(10)
        server.shutdown()
    (alert,) = arrived
    assert (alert["budget"], alert["share"], alert["limit"], alert["spent"]) == ("soft", 1.0, "0.000001", "0.00000195")


def test_the_ledger_tells_what_became_of_each_call(hub_with, provider_server):
    hub = hub_with({})
    hub.completion("chat", HELLO, user="ada", labels={"tenant": "acme"}, call_id="order-1")
    provider_server.fail("gpt-4o-mini", "429")
    with pytest.raises(errors.RateLimitError):
        hub.completion("chat", HELLO)
    hub.feedback("order-1", 0.5)
    hub.close()
    ledger = chosen_ledger(PluginHost.from_environment({}), hub.config)
    store = ledger.open(ledger_context(hub.config, os.environ))
    (_, good), (_, bad) = store.entries(SpendQuery())
    assert (good.call_id, good.status, good.cost.dollars, good.labels) == ("order-1", "ok", EACH, {"tenant": "acme"})
    assert good.user_hash is not None
    assert "ada" not in good.user_hash
    assert good.prompt is None
    assert (bad.status, bad.error_class, bad.cost.dollars) == ("failed", "RateLimitError", Decimal(0))
    assert [feedback.call_id for feedback in store.feedback(SpendQuery())] == ["order-1"]
    store.close()


def test_a_hook_may_ask_what_a_call_cost(hub_with):
    told = []
    hub = hub_with({})
    hub._life._on_after_call = lambda result: told.append((result.cost, result["cost"], result.priced.source))
    hub.completion("chat", HELLO)
    hub.completion("mystery", HELLO)
    assert told == [(EACH, EACH, "genai_prices"), (None, None, None)]
