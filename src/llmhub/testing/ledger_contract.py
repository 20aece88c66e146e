"""What every ledger promises: subclass, give the fixture `ledger`, run.

class TestMyLedger(LedgerContract):
    @pytest.fixture
    def ledger(self): return my_plugin.LEDGER
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from llmhub.records.calls import Feedback, Usage
from llmhub.records.contributions import BudgetStore, Ledger, LedgerStore
from llmhub.records.spending import (
    AttemptEntry,
    Cost,
    LedgerContext,
    LedgerEntry,
    Purse,
    Reservation,
    Settlement,
    SpendQuery,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERYTHING = SpendQuery()


def entry(call_id: str = "call-1", **changes: Any) -> LedgerEntry:
    """A call that went well at its second attempt."""
    paid = Cost(
        dollars=Decimal("0.000123456789"), source="genai_prices", complete=True, at_most=Decimal("0.000123456789")
    )
    made = LedgerEntry(
        call_id=call_id,
        at=NOON,
        project="shop",
        environment="prod",
        role="llm.answers",
        variant="b",
        provider="openai",
        model="gpt-4o-mini",
        mode="chat",
        method="completion",
        status="ok",
        latency=1.25,
        time_to_first_chunk=0.5,
        stream=True,
        usage=Usage(input_tokens=100, output_tokens=20, total_tokens=120, cached_input_tokens=64, reasoning_tokens=0),
        cost=paid,
        user_hash="0123abcd",
        labels={"tenant": "acmé"},
        attempts=(
            AttemptEntry(
                number=1,
                provider="anthropic",
                model="claude-haiku-4-5",
                status="failed",
                duration=0.5,
                status_code=529,
                error_class="ProviderError",
                cost=Cost(dollars=Decimal(0), complete=True, at_most=Decimal(0)),
            ),
            AttemptEntry(
                number=2, provider="openai", model="gpt-4o-mini", status="ok", duration=0.7, began=0.5, cost=paid
            ),
        ),
    )
    return evolve(made, **changes)


class LedgerContract:
    """Tests of a `Ledger`; those of budgets are skipped for one that keeps none."""

    @pytest.fixture
    def ledger(self) -> Ledger:
        pytest.fail("give the ledger under test, as a fixture of this name")

    @pytest.fixture
    def environ(self) -> Mapping[str, str]:
        """The environment that the ledger is opened with."""
        return {}

    @pytest.fixture
    def clock(self) -> list[datetime]:
        """What time it is: the one element."""
        return [NOON]

    @pytest.fixture
    def context(self, tmp_path: Path, environ: Mapping[str, str], clock: list[datetime]) -> LedgerContext:
        return LedgerContext(project="shop", folder=tmp_path / "data", environ=environ, now=lambda: clock[0])

    @pytest.fixture
    def store(self, ledger: Ledger, context: LedgerContext) -> Iterator[LedgerStore]:
        opened = ledger.open(context)
        yield opened
        opened.close()

    @pytest.fixture
    def budgets(self, ledger: Ledger, context: LedgerContext) -> Iterator[BudgetStore]:
        if ledger.open_budgets is None:
            pytest.skip(f"the ledger {ledger.name!r} keeps no budgets")
        opened = ledger.open_budgets(context)
        yield opened
        opened.close()

    # --- calls ------------------------------------------------------------------------------------------------------

    def test_what_was_written_is_read_back_to_the_last_digit(self, store: LedgerStore) -> None:
        written = [entry("a"), entry("b", usage=None, cost=Cost(note="no price"), attempts=(), labels={}, variant=None)]
        store.write(written)
        assert [read for _, read in store.entries(EVERYTHING)] == written

    def test_what_is_written_twice_is_kept_once(self, store: LedgerStore) -> None:
        store.write([entry("a")])
        store.write([entry("a"), entry("b")])
        assert [read.call_id for _, read in store.entries(EVERYTHING)] == ["a", "b"]
        assert len(next(store.entries(EVERYTHING))[1].attempts) == 2

    def test_entries_go_on_from_a_position(self, store: LedgerStore) -> None:
        assert store.last_position() == 0
        store.write([entry("a"), entry("b")])
        position = store.last_position()
        store.write([entry("c")])
        assert [read.call_id for _, read in store.entries(EVERYTHING, after=position)] == ["c"]

    def test_a_query_leaves_out_what_it_does_not_ask_for(self, store: LedgerStore) -> None:
        store.write(
            [
                entry("before", at=NOON - timedelta(microseconds=1)),
                entry("first"),
                entry("end", at=NOON + timedelta(hours=1)),
                entry("elsewhere", project="other"),
                entry("dev", environment="dev"),
                entry("role", role="llm.other"),
            ]
        )
        query = SpendQuery(
            since=NOON, until=NOON + timedelta(hours=1), project="shop", environment="prod", role="llm.answers"
        )
        assert [read.call_id for _, read in store.entries(query)] == ["first"]

    def test_totals_add_up_exactly_and_count_what_they_lack(self, store: LedgerStore) -> None:
        tenth = Cost(dollars=Decimal("0.1"), source="catalog", complete=True, at_most=Decimal("0.1"))
        store.write(
            [
                *(entry(f"ok-{number}", cost=tenth) for number in range(3)),
                entry("failed", status="failed", cost=Cost(note="unknown")),
                entry("estimated", role="llm.other", cost=evolve(tenth, complete=False), at=NOON + timedelta(days=1)),
            ]
        )
        answers, other = store.totals("role", EVERYTHING)
        assert (answers.key, answers.calls, answers.failed, answers.unpriced, answers.cost) == (
            "llm.answers",
            4,
            1,
            1,
            Decimal("0.3"),
        )
        assert (other.key, other.calls, other.incomplete, other.cost) == ("llm.other", 1, 1, Decimal("0.1"))
        assert (answers.input_tokens, answers.output_tokens) == (400, 80)
        assert [total.key for total in store.totals("day", EVERYTHING)] == ["2026-11-23", "2026-11-24"]
        assert [total.key for total in store.totals("model", EVERYTHING)] == ["openai:gpt-4o-mini"]
        assert [total.key for total in store.totals("variant", EVERYTHING)] == ["b"]

    def test_feedback_is_kept_with_its_call(self, store: LedgerStore) -> None:
        told = Feedback(call_id="a", score=0.8, labels={"judge": "customer"}, project="shop", environment="prod")
        store.write([entry("a"), told])
        assert list(store.feedback(EVERYTHING)) == [told]
        assert list(store.feedback(SpendQuery(project="other"))) == []

    def test_pruning_drops_what_is_older(self, store: LedgerStore) -> None:
        store.write([entry("old", at=NOON - timedelta(days=2)), entry("new")])
        assert store.prune(NOON - timedelta(days=1)) == 1
        assert [read.call_id for _, read in store.entries(EVERYTHING)] == ["new"]

    def test_another_store_over_the_same_place_sees_what_was_written(
        self, ledger: Ledger, context: LedgerContext, store: LedgerStore
    ) -> None:
        store.write([entry("a")])
        other = ledger.open(context)
        try:
            assert [read.call_id for _, read in other.entries(EVERYTHING)] == ["a"]
        finally:
            other.close()

    # --- budgets ----------------------------------------------------------------------------------------------------

    def test_a_purse_holds_what_fits_and_refuses_what_does_not(self, budgets: BudgetStore) -> None:
        assert budgets.reserve(held("1", "0.6")) is None
        refusal = budgets.reserve(held("2", "0.400000000001"))
        assert refusal is not None
        assert (refusal.purse.key, refusal.state.held, refusal.state.spent) == ("p", Decimal("0.6"), Decimal(0))
        assert budgets.reserve(held("3", "0.4")) is None

    def test_what_is_held_in_several_purses_is_held_in_all_or_none(self, budgets: BudgetStore) -> None:
        wide, narrow = Purse(key="wide", limit=Decimal(10)), Purse(key="narrow", limit=Decimal("0.5"))
        refusal = budgets.reserve(held("1", "1", wide, narrow))
        assert refusal is not None
        assert refusal.purse.key == "narrow"
        assert budgets.states(["wide"]) == {} or budgets.states(["wide"])["wide"].held == 0

    def test_settling_counts_what_was_spent_and_frees_the_rest(self, budgets: BudgetStore) -> None:
        budgets.reserve(held("1", "1"))
        (spent,) = budgets.settle([settled("1", "0.25")])
        assert (spent.key, spent.before, spent.after) == ("p", Decimal(0), Decimal("0.25"))
        state = budgets.states(["p"])["p"]
        assert (state.spent, state.held) == (Decimal("0.25"), Decimal(0))
        assert budgets.reserve(held("2", "0.75")) is None

    def test_settling_twice_counts_once(self, budgets: BudgetStore) -> None:
        budgets.reserve(held("1", "1"))
        budgets.settle([settled("1", "0.25")])
        assert budgets.settle([settled("1", "0.25")]) in ([], ())
        assert budgets.states(["p"])["p"].spent == Decimal("0.25")

    def test_what_is_only_watched_is_counted_without_a_reservation(self, budgets: BudgetStore) -> None:
        watched = Purse(key="p", limit=None)
        budgets.settle([Settlement(reservation_id=None, amount=Decimal(5), purses=(watched,))])
        budgets.settle([Settlement(reservation_id=None, amount=None, purses=(watched,))])
        state = budgets.states(["p"])["p"]
        assert (state.spent, state.unpriced) == (Decimal(5), 1)

    def test_what_a_crashed_call_held_counts_as_spent_once_it_expires(
        self, budgets: BudgetStore, clock: list[datetime]
    ) -> None:
        budgets.reserve(held("1", "0.6"))
        clock[0] += timedelta(seconds=61)
        assert budgets.reserve(held("2", "0.4", at=clock[0])) is None
        state = budgets.states(["p"])["p"]
        assert (state.spent, state.presumed, state.held) == (Decimal("0.6"), Decimal("0.6"), Decimal("0.4"))

    def test_a_late_settlement_corrects_what_was_presumed(self, budgets: BudgetStore, clock: list[datetime]) -> None:
        budgets.reserve(held("1", "0.6"))
        clock[0] += timedelta(seconds=61)
        budgets.reserve(held("2", "0.4", at=clock[0]))
        budgets.settle([settled("1", "0.1")])
        state = budgets.states(["p"])["p"]
        assert (state.spent, state.presumed, state.held) == (Decimal("0.1"), Decimal(0), Decimal("0.4"))

    def test_what_a_crashed_call_held_is_given_back_where_so_asked(
        self, budgets: BudgetStore, clock: list[datetime]
    ) -> None:
        budgets.reserve(held("1", "0.6", release=True))
        clock[0] += timedelta(seconds=61)
        assert budgets.reserve(held("2", "1", at=clock[0])) is None

    def test_no_number_of_threads_overdraws_a_purse(self, ledger: Ledger, context: LedgerContext) -> None:
        if ledger.open_budgets is None:
            pytest.skip(f"the ledger {ledger.name!r} keeps no budgets")
        kept: list[bool] = []
        open_budgets = ledger.open_budgets

        def spend(name: str) -> None:
            store = open_budgets(context)
            kept.extend(store.reserve(held(f"{name}-{number}", "0.01")) is None for number in range(20))
            store.close()

        threads = [threading.Thread(target=spend, args=(str(number),)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert kept.count(True) == 100


PURSE = Purse(key="p", limit=Decimal(1))


def held(name: str, amount: str, *purses: Purse, release: bool = False, at: datetime = NOON) -> Reservation:
    """A reservation for a minute, in the purse "p" of one dollar if no other is named."""
    return Reservation(
        reservation_id=name,
        amount=Decimal(amount),
        purses=purses or (PURSE,),
        expires_at=at + timedelta(seconds=60),
        release=release,
    )


def settled(name: str, amount: str) -> Settlement:
    """What came of that reservation."""
    return Settlement(reservation_id=name, amount=Decimal(amount), purses=(PURSE,))
