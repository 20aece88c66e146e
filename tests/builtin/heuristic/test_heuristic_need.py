"""From a role's preferences to a precise need."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmhub.builtin.heuristic.need import LEVEL_WEIGHTS, need_of
from llmhub.errors import SelectionError
from llmhub.records.spec import HubSpec, ProviderSpec, RoleSpec

MakeSpec = Callable[..., HubSpec]


def test_a_role_names_its_own_providers(make_spec: MakeSpec) -> None:
    spec = make_spec({"r": {"kind": "chat", "preferences": {"providers": ["anthropic"]}}})
    assert need_of("r", spec).providers == ("anthropic",)


def test_the_defaults_name_providers_for_roles_that_do_not(make_spec: MakeSpec) -> None:
    spec = make_spec({"r": {"kind": "chat"}}, defaults={"providers": ["anthropic"]})
    assert need_of("r", spec).providers == ("anthropic",)


def test_without_any_word_all_enabled_providers_may_serve(make_spec: MakeSpec) -> None:
    spec = make_spec({"r": {"kind": "chat"}}, providers={"openai": {}, "mistral": {"enabled": False}, "groq": {}})
    assert need_of("r", spec).providers == ("openai", "groq")


def test_a_missing_key_excludes_no_provider(make_spec: MakeSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert need_of("r", make_spec({"r": {"kind": "chat"}})).providers == ("openai", "anthropic")


def test_a_forced_provider_is_the_only_one(make_spec: MakeSpec) -> None:
    spec = make_spec(
        {"r": {"kind": "chat", "force_provider": "anthropic", "preferences": {"providers": ["openai"]}}},
    )
    assert need_of("r", spec).providers == ("anthropic",)


def test_a_role_without_any_provider_left_is_an_error() -> None:
    off = HubSpec(project="p", providers={"openai": ProviderSpec(enabled=False)}, roles={"r": RoleSpec(kind="chat")})
    with pytest.raises(SelectionError, match="all its providers are switched off"):
        need_of("r", off)
    with pytest.raises(SelectionError, match="no provider is declared"):
        need_of("r", HubSpec(project="p", roles={"r": RoleSpec(kind="chat")}))


def test_forcing_a_provider_that_is_switched_off_is_an_error() -> None:
    role = RoleSpec(kind="chat", force_provider="openai")
    off = HubSpec(project="p", providers={"openai": ProviderSpec(enabled=False)}, roles={"r": role})
    with pytest.raises(SelectionError, match="switched off"):
        need_of("r", off)


def test_a_tool_role_needs_tool_calls(make_spec: MakeSpec) -> None:
    need = need_of("r", make_spec({"r": {"kind": "tool", "preferences": {"needs": ["vision"]}}}))
    assert need.mode == "tool"
    assert need.capabilities == ("tools", "vision")


@pytest.mark.parametrize("criterion", ["cost", "latency"])
def test_a_low_level_makes_cost_and_latency_count_more(criterion: str) -> None:
    weights = LEVEL_WEIGHTS[criterion]
    assert weights["low"] > weights["medium"] > weights["high"]


@pytest.mark.parametrize("criterion", ["quality", "reasoning", "creativity"])
def test_a_high_level_makes_what_is_good_count_more(criterion: str) -> None:
    weights = LEVEL_WEIGHTS[criterion]
    assert weights["high"] > weights["medium"] > weights["low"]


def test_stated_weights_replace_those_of_the_levels(make_spec: MakeSpec) -> None:
    role = {"kind": "chat", "preferences": {"cost": "low", "criteria": {"carbon": 1}}, "weights": {"cost": 9}}
    weights = need_of("r", make_spec({"r": role})).weights
    assert weights["cost"] == 9
    assert weights["carbon"] == 1
    assert weights["quality"] == LEVEL_WEIGHTS["quality"][None]


def test_the_defaults_fill_in_preferences_a_role_lacks(make_spec: MakeSpec) -> None:
    spec = make_spec(
        {"r": {"kind": "chat", "preferences": {"cost": "low"}}},
        defaults={"preferences": {"cost": "high", "quality": "high", "needs": ["tools"], "max_price_input": 3}},
    )
    need = need_of("r", spec)
    assert need.weights["cost"] == LEVEL_WEIGHTS["cost"]["low"]
    assert need.weights["quality"] == LEVEL_WEIGHTS["quality"]["high"]
    assert need.capabilities == ("tools",)
    assert need.max_price_input == 3


@pytest.mark.parametrize(
    ("kind", "criterion", "level"),
    [
        ("embedding", "latency", "high"),
        ("image", "quality", "high"),
        ("audio", "latency", "low"),
        ("tool", "quality", "medium"),
        ("chat", "quality", None),
        ("other", "cost", None),
    ],
)
def test_each_kind_has_levels_of_its_own_where_nobody_says_otherwise(
    kind: str, criterion: str, level: str | None, make_spec: MakeSpec
) -> None:
    weights = LEVEL_WEIGHTS[criterion]
    assert need_of("r", make_spec({"r": {"kind": kind}})).weights[criterion] == weights[level]
    said = need_of("r", make_spec({"r": {"kind": kind}}, defaults={"preferences": {criterion: "medium"}}))
    assert said.weights[criterion] == weights["medium"]


def test_every_role_weighs_generation_and_recency_unless_it_says_not_to(make_spec: MakeSpec) -> None:
    weights = need_of("r", make_spec({"r": {"kind": "chat"}})).weights
    assert weights["generation"] > weights["recency"] > 0
    without = {"kind": "chat", "weights": {"generation": 0, "recency": 0}}
    assert need_of("r", make_spec({"r": without})).weights["generation"] == 0
