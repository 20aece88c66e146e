from __future__ import annotations

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog.linking import Offer, link, unlinked
from llmhub.records.model import Link


def links_of(names: Iterable[str], *offers: Offer) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    found = link("board", names, offers)
    return {key: {one.name: (one.relation, one.mode) for one in links} for key, links in found.items()}


def offer(model_id: str, provider: str = "host", **witness: Any) -> Offer:
    return Offer(provider=provider, model_id=model_id, **witness)


def only(names: Iterable[str], *offers: Offer) -> dict[str, tuple[str, str]]:
    return links_of(names, *offers).get(offers[0].key, {})


def test_equal_names_are_an_exact_link_that_says_its_rule() -> None:
    found = link("lmarena", ["gpt-4.1-2025-04-14"], [offer("gpt-4.1-2025-04-14", "openai")])
    assert found == {
        ("openai", "gpt-4.1-2025-04-14"): (
            Link(
                source="lmarena",
                name="gpt-4.1-2025-04-14",
                relation="exact",
                rule="same-date",
                reason="maker, all parts of the name and the date are equal",
            ),
        )
    }


def test_an_undated_id_is_the_snapshot_only_while_that_is_the_only_one_known() -> None:
    undated = offer("gpt-4o-mini", "openai")
    assert only(["gpt-4o-mini-2024-07-18"], undated) == {"gpt-4o-mini-2024-07-18": ("alias", "")}
    assert only(["gpt-4o-mini-2024-07-18"], undated, offer("openai/gpt-4o-mini-2025-02-01")) == {}
    assert only(["gpt-4o-mini-2024-07-18", "gpt-4o-mini"], undated) == {"gpt-4o-mini": ("exact", "")}


def test_dates_are_compared_as_far_as_both_go() -> None:
    assert only(["deepseek-v3-0324"], offer("deepseek-ai/DeepSeek-V3-20250324")) != {}
    assert only(["deepseek-v3-0324"], offer("deepseek-ai/DeepSeek-V3-20250325")) == {}


def test_a_dated_name_never_means_a_floating_product() -> None:
    assert only(["qwen-plus-0125"], offer("qwen-plus", release_date="2024-01-25")) == {}
    assert only(["mistral-large-2411"], offer("mistral-large-latest")) == {}
    assert only(["mistral-medium"], offer("mistral-medium")) == {}


def test_an_undated_id_released_on_the_day_of_another_snapshot_was_moved_there() -> None:
    names = ["deepseek-r1", "deepseek-r1-0528"]
    assert only(names, offer("deepseek-ai/DeepSeek-R1", release_date="2025-01-20")) == {"deepseek-r1": ("exact", "")}
    assert only(names, offer("deepseek-ai/DeepSeek-R1", release_date="2025-05-28")) == {}


def test_a_mode_of_the_same_weights_is_linked_under_its_mode() -> None:
    names = ["claude-opus-4-5-20251101", "claude-opus-4-5-20251101-thinking-32k", "gpt-5-high"]
    assert only(names, offer("claude-opus-4-5", "anthropic")) == {
        "claude-opus-4-5-20251101": ("alias", ""),
        "claude-opus-4-5-20251101-thinking-32k": ("mode", "thinking-32k"),
    }
    assert only(names, offer("gpt-5", "openai")) == {"gpt-5-high": ("mode", "high")}


def test_an_id_that_is_a_mode_takes_that_modes_row_and_never_the_plain_one() -> None:
    names = ["claude-opus-4-5-20251101", "claude-opus-4-5-20251101-thinking-32k"]
    assert only(names, offer("claude-opus-4-5-20251101:thinking")) == {
        "claude-opus-4-5-20251101-thinking-32k": ("exact", "")
    }
    assert only(["grok-4-1-fast-reasoning"], offer("xai/grok-4.1-fast-non-reasoning")) == {}


@pytest.mark.parametrize("name", ["qwen3-next-80b-a3b-thinking", "kimi-k2-thinking", "qwen3-235b-a22b-thinking-2507"])
def test_where_thinking_is_another_set_of_weights_the_mode_must_be_equal(name: str) -> None:
    assert only([name], offer(name)) == {name: ("exact", "")}
    assert only([name], offer(name.replace("-thinking", "-instruct"))) == {}
    assert only([name], offer(name.replace("-thinking", ""))) == {}


def test_an_id_that_leaves_open_which_weights_it_serves_is_judged_by_whether_it_reasons() -> None:
    name = "qwen3-vl-235b-a22b-instruct"
    assert only([name], offer("qwen.qwen3-vl-235b-a22b", reasons=False)) == {name: ("exact", "")}
    assert only([name], offer("qwen.qwen3-vl-235b-a22b", reasons=True)) == {}


def test_a_plain_name_means_the_preview_while_its_maker_offers_nothing_else() -> None:
    preview = offer("gemini-3-pro-preview", "gemini")
    reseller = offer("google/gemini-3-pro-preview", "openrouter")
    assert links_of(["gemini-3-pro"], preview, reseller).keys() == {preview.key, reseller.key}
    assert links_of(["gemini-3-pro"], reseller) == {}
    assert only(["gemini-3-pro"], preview, offer("gemini-3-pro", "gemini")) == {}
    assert only(["gemini-3-pro", "gemini-3-pro-preview"], preview) == {"gemini-3-pro-preview": ("exact", "")}


def test_a_display_name_with_another_version_than_the_id_forbids_every_link() -> None:
    assert only(["llama-3-8b-instruct"], offer("llama3-8b-instruct", display_name="Llama 3 8B")) != {}
    assert only(["llama-3-8b-instruct"], offer("llama3-8b-instruct", display_name="Llama 3.1 8B")) == {}


def test_a_display_name_may_add_the_date_that_the_id_lacks() -> None:
    hidden = offer("alibaba/qwen-3-235b", display_name="Qwen3 235B A22B Instruct 2507")
    assert only(["qwen3-235b-a22b"], hidden) == {}
    assert only(["qwen3-235b-a22b-instruct-2507"], hidden) == {"qwen3-235b-a22b-instruct-2507": ("alias", "")}


def test_a_model_that_does_not_answer_in_text_is_never_linked() -> None:
    assert only(["gemini-2.5-flash"], offer("gemini-2.5-flash", makes_text=False)) == {}


def test_a_display_name_says_which_version_a_dated_id_is() -> None:
    own = offer("mistral-large-2512", "mistral", display_name="Mistral Large 3")
    sized = offer("mistral.mistral-large-3-675b-instruct", "bedrock", display_name="Mistral Large 3")
    found = links_of(["mistral-large-3"], own, sized)
    assert found == {own.key: {"mistral-large-3": ("alias", "")}, sized.key: {"mistral-large-3": ("exact", "")}}
    assert links_of(["mistral-large-2512"], own, sized)[sized.key] == {"mistral-large-2512": ("alias", "")}


def test_display_names_that_disagree_on_the_version_of_a_date_say_nothing() -> None:
    own = offer("mistral-large-2512", "mistral", display_name="Mistral Large 3")
    other = offer("mistralai/mistral-large-2512", display_name="Mistral Large 4")
    assert links_of(["mistral-large-3"], own, other) == {}


def test_a_number_of_parameters_beside_a_word_for_the_size_may_be_left_out_while_it_is_the_only_one() -> None:
    sized = offer("mistralai/mistral-small-3.2-24b-instruct")
    assert only(["mistral-small-3.2"], sized) == {"mistral-small-3.2": ("exact", "")}
    assert only(["mistral-small-3.2"], sized, offer("mistralai/mistral-small-3.2-8b-instruct")) == {}
    assert only(["glm-4"], offer("zai-org/glm-4-9b")) == {}


def test_open_weights_without_a_date_are_the_snapshot_that_came_out_on_their_day() -> None:
    later = offer("moonshotai/kimi-k2-0905", release_date="2025-09-05")
    first = offer("moonshotai/kimi-k2", release_date="2025-07-11")
    assert only(["kimi-k2-0711-preview"], first, later) == {"kimi-k2-0711-preview": ("alias", "")}
    assert only(["kimi-k2-0711-preview"], offer("moonshotai/kimi-k2", release_date="2025-07-20"), later) == {}
    # A host names the day on which the maker brought out the same snapshot, whatever its name says.
    made = offer("kimi-k2-0711-preview", "moonshot", release_date="2025-07-14")
    assert only(["kimi-k2-0711-preview"], offer("moonshotai/kimi-k2", release_date="2025-07-14"), made, later) != {}


def test_closed_products_keep_the_day_of_their_first_snapshot_so_it_says_nothing() -> None:
    names, moved = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06"], offer("gpt-4o", "openai", release_date="2024-05-13")
    assert only(names, moved) == {}


def test_a_snapshot_of_one_day_stays_the_same_when_it_leaves_its_preview() -> None:
    dated = offer("grok-4.20-0309-reasoning", "xai")
    assert only(["grok-4.20-beta-0309-reasoning"], dated) == {"grok-4.20-beta-0309-reasoning": ("alias", "")}
    assert only(["gemini-2.5-flash-preview-09-2025"], offer("gemini-2.5-flash", "gemini")) == {}


def test_latest_after_a_version_is_that_version_while_only_one_snapshot_of_it_is_known() -> None:
    latest = offer("claude-3-7-sonnet-latest", "anthropic")
    assert only(["claude-3-7-sonnet-20250219"], latest) == {"claude-3-7-sonnet-20250219": ("alias", "")}
    assert only(["claude-3-7-sonnet-20250219", "claude-3-7-sonnet-20250901"], latest) == {}
    assert only(["mistral-large-2411"], offer("mistral-large-latest", "mistral")) == {}


@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("llama-3.3-70b-instruct", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
        ("kimi-k2-thinking-turbo", "kimi-k2-thinking"),
        ("minimax-m2.5", "MiniMax-M2.5-highspeed"),
        ("claude-opus-4-7", "anthropic/claude-opus-4.7-fast"),
    ],
)
def test_the_same_weights_at_another_speed_are_linked_as_such(name: str, model_id: str) -> None:
    assert only([name], offer(model_id)) == {name: ("serving", "")}


@pytest.mark.parametrize(
    ("name", "model_id"),
    [("grok-4", "grok-4-fast"), ("qwen-max", "qwen-turbo"), ("glm-5", "glm-5-turbo"), ("gemini-3", "gemini-3-flash")],
)
def test_a_word_for_speed_that_names_a_model_forbids_the_link(name: str, model_id: str) -> None:
    assert only([name], offer(model_id)) == {}


@pytest.mark.parametrize(
    ("name", "model_id", "mode"),
    [
        ("gpt-5.4-high (codex-harness)", "gpt-5.4", "high"),
        ("gpt-5.4-xhigh", "gpt-5.4", "xhigh"),
        ("gemini-3-flash (thinking-minimal)", "gemini-3-flash", "thinking-minimal"),
        ("claude-opus-4-6-high-32k", "anthropic/claude-opus-4.6", "high-32k"),
        ("claude-fable-5-max", "claude-fable-5", "max"),
        ("deepseek-v4-pro-max", "deepseek/deepseek-v4-pro", "max"),
        ("grok-4.3-high", "grok-4.3", "high"),
        ("kimi-k2.5-instant", "moonshotai/kimi-k2.5", "no-thinking"),
    ],
)
def test_efforts_budgets_and_harnesses_of_2026_are_modes(name: str, model_id: str, mode: str) -> None:
    assert only([name], offer(model_id)) == {name: ("mode", mode)}


def test_in_a_family_that_is_not_known_a_mode_is_a_setting_only_of_a_model_that_is_said_to_reason() -> None:
    name = "mimo-v2-flash (thinking)"
    assert only([name], offer("xiaomi/mimo-v2-flash", reasons=True)) == {name: ("mode", "thinking")}
    assert only([name], offer("xiaomi/mimo-v2-flash", reasons=False)) == {}
    assert only([name], offer("xiaomi/mimo-v2-flash")) == {}


def test_a_bare_name_of_openais_reasoning_models_is_a_model() -> None:
    assert only(["o3-2025-04-16"], offer("o3", "openai")) == {"o3-2025-04-16": ("alias", "")}
    assert only(["o3-2025-04-16"], offer("o3-pro", "openai")) == {}


def test_the_only_build_there_ever_was_may_be_left_out() -> None:
    name = "mixtral-8x7b-instruct-v0.1"
    assert only([name], offer("open-mixtral-8x7b", "mistral")) == {name: ("alias", "")}


def test_makers_that_are_not_known_are_not_taken_for_the_same() -> None:
    assert only(["mystery-9b"], offer("mystery-9b")) == {}


# --- what is not linked ---------------------------------------------------------------------------------------------


def reasons(names: Iterable[str], *offers: Offer) -> dict[str, tuple[str | None, str, str]]:
    listed = list(names)
    found = unlinked(listed, offers, link("board", listed, offers))
    return {one.name: (one.nearest, one.rule, one.reason) for one in found}


def test_what_is_not_linked_is_listed_with_the_nearest_offer_of_its_maker_and_what_forbade_it() -> None:
    offers = [offer("gpt-4.1", "openai"), offer("gpt-4.1-mini", "openai"), offer("claude-opus-4-5", "anthropic")]
    assert reasons(["gpt-4.1", "gpt-4.5-mini", "yi-lightning"], *offers) == {
        "gpt-4.5-mini": ("openai:gpt-4.1-mini", "other-tokens", "only the name says 4.5; only the model says 4.1"),
        "yi-lightning": (None, "no-offer-of-its-maker", "nothing that can be called is of its maker"),
    }


@pytest.mark.parametrize(
    ("name", "offered", "rule"),
    [
        ("qwen-plus-0125", offer("qwen-plus"), "floating"),
        ("mistral-medium", offer("mistral-medium"), "floating"),
        ("claude-3-5-sonnet-20240620", offer("claude-3-5-sonnet-20241022"), "other-date"),
        ("gpt-4", offer("gpt-4-0613"), "dated"),
        ("qwen3-max-preview", offer("qwen3-max"), "other-stage"),
        ("kimi-k2-thinking", offer("kimi-k2"), "other-mode"),
        ("qwen3-vl-235b-a22b-instruct", offer("qwen3-vl-235b-a22b", reasons=True), "other-mode"),
        ("llama-3-8b-instruct", offer("llama3-8b-instruct", display_name="Llama 3.1 8B"), "contradiction"),
        ("gemini-2.5-flash", offer("gemini-2.5-flash", makes_text=False), "no-text"),
        ("vicuna-33b", offer("gpt-4.1"), "no-identity"),
    ],
)
def test_the_rule_that_forbade_the_link_is_named(name: str, offered: Offer, rule: str) -> None:
    _, found, reason = reasons([name], offered)[name]
    assert found == rule
    assert reason


def test_several_known_snapshots_and_an_undated_sibling_are_told_as_such() -> None:
    undated = offer("gpt-4o", "openai")
    told = reasons(["gpt-4o-2024-05-13", "gpt-4o-2024-08-06"], undated)
    assert told["gpt-4o-2024-05-13"][1:] == (
        "several-snapshots",
        "2 snapshots are known, and the id does not say which",
    )
    assert reasons(["deepseek-v3", "deepseek-v3-0324"], offer("deepseek-v3"))["deepseek-v3-0324"][1] == (
        "undated-sibling"
    )
    assert reasons(["deepseek-r1", "deepseek-r1-0528"], offer("deepseek-r1", release_date="2025-05-28"))["deepseek-r1"][
        1
    ] == ("moved")


@given(st.lists(st.text(alphabet="gpt-4o.1minclaude5 /:", min_size=1, max_size=24), max_size=6, unique=True))
def test_every_name_is_either_linked_or_listed_as_unlinked(names: list[str]) -> None:
    offers = [offer("gpt-4o", "openai"), offer("claude-opus-4-5", "anthropic"), offer("gpt-4.1-mini", "openai")]
    found = link("board", names, offers)
    linked = {one.name for many in found.values() for one in many}
    assert linked | {one.name for one in unlinked(names, offers, found)} == set(names)
    assert all(one.reason and one.rule for many in found.values() for one in many)


# --- the hand-checked set -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def benchmark() -> dict[str, Any]:
    """The benchmark's own functions, so that test and benchmark cannot measure two things."""
    return runpy.run_path(str(Path(__file__).parents[2] / "benchmarks/linking.py"))


@pytest.mark.parametrize("reachable_only", [False, True])
@pytest.mark.parametrize(("snapshot", "by_rules", "with_facts"), [(0, 0.96, 0.99), (1, 0.95, 0.99)])
def test_on_the_hand_checked_set_no_link_is_false_and_hardly_one_is_missed(
    real_data: Path, benchmark: dict[str, Any], snapshot: int, by_rules: float, with_facts: float, reachable_only: bool
) -> None:
    every = benchmark["checked"](real_data, *benchmark["SNAPSHOTS"][snapshot])
    alone = benchmark["measure"](every, reachable_only=reachable_only, facts=False)
    assert alone.false == []
    assert min(alone.recall, alone.first_party_recall) >= by_rules
    helped = benchmark["measure"](every, reachable_only=reachable_only, facts=True)
    assert helped.false == []
    assert min(helped.recall, helped.first_party_recall) >= with_facts
