from __future__ import annotations

from datetime import date, timedelta

import pytest

from llmhub.catalog.alias_facts import ALIAS_FACTS, AliasFact, facts_on
from llmhub.catalog.identity import identify
from llmhub.catalog.linking import Offer, link

GENERATION = AliasFact(
    name="what-it-was-in-spring",
    ids=("deepseek-chat",),
    means="deepseek-v3",
    reason="the maker said so",
    providers=frozenset({"deepseek"}),
    since=date(2025, 1, 1),
    until=date(2025, 3, 24),
)
CHAT = Offer(provider="deepseek", model_id="deepseek-chat")


def test_a_fact_holds_from_its_first_day_and_no_longer_on_its_last() -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 23), date(2025, 3, 24)]
    assert [GENERATION.holds_on(day) for day in days] == [False, True, True, False]


def test_an_alias_by_a_fact_names_the_fact_and_its_reason() -> None:
    (found,) = link("board", ["deepseek-v3"], [CHAT], [GENERATION])[CHAT.key]
    assert (found.relation, found.rule) == ("alias", "fact: what-it-was-in-spring")
    assert found.reason == "the maker said so"
    assert link("board", ["deepseek-v3"], [CHAT]) == {}


def test_a_fact_holds_only_at_the_providers_it_names() -> None:
    elsewhere = Offer(provider="reseller", model_id="deepseek-chat")
    assert link("board", ["deepseek-v3"], [elsewhere], [GENERATION]) == {}


def test_a_floating_id_means_another_model_in_another_month() -> None:
    names = ["deepseek-v3-0324", "deepseek-v3.1", "deepseek-v3.1-thinking", "deepseek-v3.2", "deepseek-v3.2-thinking"]

    def meant(day: date, model_id: str) -> list[str]:
        offers = [Offer(provider="deepseek", model_id=model_id)]
        return [one.name for many in link("board", names, offers, facts_on(day)).values() for one in many]

    assert meant(date(2025, 6, 1), "deepseek-chat") == ["deepseek-v3-0324"]
    assert meant(date(2025, 9, 1), "deepseek-chat") == ["deepseek-v3.1"]
    assert meant(date(2025, 12, 17), "deepseek-chat") == ["deepseek-v3.2"]
    assert meant(date(2025, 12, 17), "deepseek-reasoner") == ["deepseek-v3.2-thinking"]
    assert meant(date(2026, 7, 2), "deepseek-chat") == []


def test_a_mode_of_what_a_fact_names_is_linked_as_a_mode() -> None:
    offer = Offer(provider="bedrock", model_id="deepseek.v3-v1:0", display_name="DeepSeek-V3.1")
    names = ["deepseek-v3", "deepseek-v3.1", "deepseek-v3.1-thinking"]
    found = link("board", names, [offer], facts_on(date(2026, 7, 2)))[offer.key]
    assert [(one.name, one.relation, one.mode) for one in found] == [
        ("deepseek-v3.1", "alias", ""),
        ("deepseek-v3.1-thinking", "mode", "thinking"),
    ]


def test_what_a_rule_recognised_keeps_its_rule() -> None:
    offer = Offer(provider="dashscope", model_id="qwen3-max")
    (found,) = link("board", ["qwen3-max-2025-09-23"], [offer], facts_on(date(2026, 7, 2)))[offer.key]
    assert found.rule == "only-snapshot"


@pytest.mark.parametrize("fact", ALIAS_FACTS, ids=lambda fact: fact.name)
def test_every_fact_can_be_read_and_says_why(fact: AliasFact) -> None:
    assert identify(fact.means) is not None
    assert fact.reason
    assert fact.since is None or fact.until is None or fact.since < fact.until


def test_no_id_means_two_models_on_one_day() -> None:
    starts = {fact.since for fact in ALIAS_FACTS if fact.since} | {fact.until for fact in ALIAS_FACTS if fact.until}
    for day in sorted(starts | {start - timedelta(days=1) for start in starts}):
        meant: dict[tuple[str, str], str] = {}
        for fact in facts_on(day):
            for place in ((provider, model_id) for provider in fact.providers or {""} for model_id in fact.ids):
                assert meant.setdefault(place, fact.means) == fact.means, (place, day)


def test_the_names_of_facts_are_unique() -> None:
    names = [fact.name for fact in ALIAS_FACTS]
    assert len(names) == len(set(names))
