"""What an account does when its ledger is slow."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from llmhub.records.calls import Attempt, CallContext, CallResult
from llmhub.records.config import HubConfig
from llmhub.spend.account import BEHIND, Account, Stores
from llmhub.spend.pricing import Pricing


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
