"""What an account does when its ledger is slow."""

from __future__ import annotations

import gc
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from llmhub import Hub
from llmhub.builtin.sqlite_ledger.calls import SqliteLedger
from llmhub.records.calls import Attempt, CallContext, CallResult, Feedback
from llmhub.records.config import HubConfig, LedgerOptions
from llmhub.records.spending import SpendQuery
from llmhub.spend.account import BEHIND, Account, Stores
from llmhub.spend.pricing import Pricing
from llmhub.testing import ProviderServer
from llmhub.testing.hubs import loopback_config


class StalledStore:
    """A ledger on a disk that takes its time."""

    def __init__(self) -> None:
        self.may_write = threading.Event()
        self.kept: list[object] = []

    def write(self, entries: Sequence[object]) -> None:
        self.may_write.wait(30)
        self.kept.extend(entries)

    def prune(self, before: object) -> int:
        return 0

    def close(self) -> None:
        """Nothing is open."""


def call(number: int) -> CallContext:
    return CallContext(
        call_id=f"c{number}", role="chat", provider="openai", model="m", mode="chat", method="completion", input="hello"
    )


def test_calls_make_their_own_entries_when_the_ledgers_thread_falls_behind_and_none_is_lost() -> None:
    store, made_by = StalledStore(), []
    account = Account(HubConfig(project="p"), Stores(ledger=lambda: store), Pricing())

    def result(context: CallContext) -> CallResult:
        made_by.append(threading.current_thread().name)
        return CallResult(
            success=True,
            call_id=context.call_id,
            role="chat",
            provider="openai",
            model="m",
            mode="chat",
            method="completion",
            latency=0.1,
            attempts=(Attempt(number=1, provider="openai", model="m", status="ok", duration=0.1),),
        )

    for number in range(3 * BEHIND):
        context = call(number)
        account.record(context, lambda context=context: result(context))
    here = threading.current_thread().name
    assert made_by.count(here) >= BEHIND, "those that found too much waiting made theirs at once"
    store.may_write.set()
    account.close()
    assert len(store.kept) == 3 * BEHIND
    assert [entry.call_id for entry in store.kept] == [f"c{number}" for number in range(3 * BEHIND)]
    assert {name for name in made_by if name != here} == {"llmhub-ledger"}


def test_an_entry_that_the_ledger_cannot_hold_is_told_and_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqliteLedger(tmp_path / "ledger.db")
    account = Account(HubConfig(project="p"), Stores(ledger=lambda: store), Pricing())
    for number, score in enumerate((1.0, 10**400, 0.5)):
        account.feedback(Feedback(call_id=f"c{number}", score=score, project="p"))
    assert account.flush(5.0)
    assert [kept.call_id for kept in store.feedback(SpendQuery())] == ["c0", "c2"]
    assert "call c1 is not in the ledger" in caplog.text
    account.close()


def test_halves_of_characters_and_null_bytes_keep_no_call_out_of_the_ledger(tmp_path: Path) -> None:
    store = SqliteLedger(tmp_path / "ledger.db")
    options = LedgerOptions(store_content=True)
    account = Account(HubConfig(project="p", ledger_options=options), Stores(ledger=lambda: store), Pricing())
    odd = "a\ud83d\0"
    context = evolve(call(1), role=odd, input=odd, user=odd, labels={odd: odd})
    account.record(
        context,
        lambda: CallResult(
            success=True,
            call_id="c1",
            role=odd,
            provider="openai",
            model="m",
            mode="chat",
            method="completion",
            latency=0.1,
            user=odd,
            labels={odd: odd},
        ),
    )
    assert account.flush(5.0)
    ((_, kept),) = store.entries(SpendQuery())
    assert (kept.role, kept.prompt, kept.labels) == (
        "a\ufffd\ufffd",
        "a\ufffd\ufffd",
        {"a\ufffd\ufffd": "a\ufffd\ufffd"},
    )
    account.close()


def test_a_call_after_a_reload_is_recorded_before_the_hub_is_closed(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path))
    config = evolve(loopback_config(provider_server), ledger="sqlite")
    hub, messages = Hub(config=config), [{"role": "user", "content": "Hello"}]
    hub.completion("chat", messages)
    hub.reload(evolve(config, env="prod"))
    with closing(sqlite3.connect(tmp_path / "ledger.db", check_same_thread=False, isolation_level=None)) as ledger:
        # Somebody else writes: the record has to wait, and the hub's end for the record.
        ledger.execute("BEGIN IMMEDIATE")
        hub.completion("chat", messages)
        done = threading.Timer(2.5, ledger.execute, ("COMMIT",))
        done.start()
        hub.close()
        waited = not done.is_alive()
        done.join()
        assert waited
        assert ledger.execute("SELECT count(*) FROM calls").fetchone() == (2,)


def test_an_answer_is_let_go_once_its_call_is_settled_and_recorded(
    provider_server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLMHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback")
    config = {
        "project": "p",
        "providers": {"openai": {"api_base": provider_server.openai_base}},
        "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini", "params": {"max_tokens": 8}}},
        "budgets": {"all": {"limit": "10", "window": "total"}},
    }
    with Hub(config=config) as hub:
        hub.completion("chat", [{"role": "user", "content": "Hello"}])
        engine = hub._life.engine
        assert engine is not None
        account = engine.observers.account
        assert account is not None
        assert account.flush()
        gc.collect()
        gc.disable()  # what goes now goes because nothing refers to it
        try:
            answer = weakref.ref(hub.completion("chat", [{"role": "user", "content": "Hello"}]))
            assert account.flush()
            assert answer() is None
        finally:
            gc.enable()
