"""What happens when no model fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llmhub.errors import SelectionError
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Generation, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
Generate = Callable[..., Generation]


def test_a_model_made_for_one_task_may_chat_when_no_general_one_is_left_and_it_is_told(
    make_model: MakeModel, generate_for: Generate
) -> None:
    generation = generate_for([make_model("openai:gpt-4o-search-preview")], {"r": {"kind": "chat"}})
    (selection,) = generation.selections
    (relaxed,) = selection.relaxed
    assert relaxed == "models made for one task were let in, since nothing else is left"
    assert relaxed in selection.reason
    assert generation.warnings == (f"role 'r': {relaxed}",)


def test_it_does_not_when_a_general_one_is_there(make_model: MakeModel, choose: Choose) -> None:
    selection = choose([make_model("openai:gpt-4o-search-preview", rating=1500.0), make_model("openai:plain")])
    assert selection.chosen.model_id == "plain"
    assert selection.relaxed == ()


@pytest.mark.parametrize("canonical_id", ["openai:gpt-5-codex", "openai:text-embedding-3-small", "openai:whisper-1"])
def test_a_model_that_answers_no_chat_completion_never_serves_one(
    canonical_id: str, make_model: MakeModel, choose: Choose
) -> None:
    with pytest.raises(SelectionError, match="1 not for chat"):
        choose([make_model(canonical_id)])


def test_the_error_says_what_to_lift_and_how_many_candidates_that_gives(make_model: MakeModel, choose: Choose) -> None:
    models = [
        make_model("openai:a", (5.0, 20.0), supports_tool_call=True),
        make_model("openai:b", (5.0, 20.0), supports_tool_call=True),
        make_model("openai:c", (1.0, 2.0), supports_tool_call=False),
        make_model("groq:d", (1.0, 2.0), supports_tool_call=True),
    ]
    preferences = {"providers": ["openai"], "max_price_input": 2, "needs": ["tools"]}
    with pytest.raises(SelectionError) as caught:
        choose(models, {"preferences": preferences})
    message = str(caught.value)
    assert message.startswith("role 'r': none of the 3 models of openai will do: 1 fail needs, 2 fail max_price_input.")
    assert "max_price_input: 2.0 (2 candidates, the best openai:a at $5 in / $20 out)" in message
    assert "needs: tool calls (1 candidate: openai:c at $1 in / $2 out)" in message
    assert "allow other providers than openai (1 candidate: groq:d at $1 in / $2 out)" in message


def test_the_error_says_when_no_single_change_is_enough(make_model: MakeModel, choose: Choose) -> None:
    dear = make_model("openai:a", (5.0, 20.0), context_tokens=8_000)
    with pytest.raises(SelectionError) as caught:
        choose([dear], {"preferences": {"max_price_input": 2, "context_min": 100_000}})
    assert "No single change is enough; lifting all of these gives 1 candidate" in str(caught.value)


def test_the_error_says_when_the_catalog_knows_nothing_of_the_providers(make_model: MakeModel, choose: Choose) -> None:
    with pytest.raises(SelectionError, match="the catalog knows no model of openai, anthropic"):
        choose([make_model("groq:m")])


def test_the_error_says_when_nothing_would_help(choose: Choose, make_model: MakeModel) -> None:
    with pytest.raises(SelectionError, match=r"no model of this kind \(image\) is known"):
        choose([make_model("openai:gpt-5")], {"kind": "image"})


def test_all_roles_without_a_model_are_told_at_once(make_model: MakeModel, generate_for: Generate) -> None:
    roles = {"good": {"kind": "chat"}, "picture": {"kind": "image"}, "voice": {"kind": "audio"}}
    with pytest.raises(SelectionError) as caught:
        generate_for([make_model("openai:gpt-5")], roles)
    assert "role 'picture': " in str(caught.value)
    assert "role 'voice': " in str(caught.value)
    assert "'good'" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "others", "told"),
    [
        ({"canonical_id": "openai:gpt-4o-search-preview"}, [], "models made for one task were let in"),
        (
            {"canonical_id": "openai:gpt-5-chat-latest"},
            [{"canonical_id": "openai:gpt-5", "supports_tool_call": False}],
            "names that mean another model every few months were let in",
        ),
        (
            {"canonical_id": "azure:gpt-5"},
            [{"canonical_id": "openai:gpt-5", "status": "deprecated"}],
            "models that their maker has deprecated were let in",
        ),
    ],
)
def test_each_rule_of_our_own_is_lifted_only_where_nothing_else_is_left_told_and_never_under_strict(
    model: dict[str, Any], others: list[dict[str, Any]], told: str, make_model: MakeModel, generate_for: Generate
) -> None:
    models = [make_model(**model), *(make_model(**facts) for facts in others)]
    role = {"r": {"kind": "chat", "preferences": {"needs": ["tools"]}}}
    providers = {"openai": {}, "azure": {}}
    generation = generate_for(models, role, providers=providers)
    (selection,) = generation.selections
    assert selection.chosen == models[0]
    assert selection.relaxed == (f"{told}, since nothing else is left",)
    assert generation.warnings == (f"role 'r': {told}, since nothing else is left",)
    with pytest.raises(SelectionError) as caught:
        generate_for(models, role, providers=providers, strict=True)
    assert f"nothing is left unless {told.replace('were', 'are')}, which --strict forbids" in str(caught.value)
    fitting = make_model("anthropic:claude-1")
    (other,) = generate_for([*models, fitting], role, providers={**providers, "anthropic": {}}).selections
    assert (other.chosen, other.relaxed) == (fitting, ())


def test_a_code_model_serves_a_chat_role_that_weighs_coding(make_model: MakeModel, choose: Choose) -> None:
    models = [
        make_model("mistral:codestral-2508", rating=1400.0),
        make_model("mistral:mistral-small-2506", rating=1300.0),
    ]
    chosen = [
        choose(models, {"preferences": preferences}, providers={"mistral": {}}).chosen.model_id
        for preferences in ({"quality": "high"}, {"quality": "high", "criteria": {"coding": 1}})
    ]
    assert chosen == ["mistral-small-2506", "codestral-2508"]


def test_a_closed_model_that_its_maker_deprecates_is_left_at_every_host_but_open_weights_stay(
    make_model: MakeModel, choose: Choose
) -> None:
    providers = {"azure": {}, "groq": {}}
    models = [
        make_model("openai:gpt-5", status="deprecated"),
        make_model("azure:gpt-5", rating=1500.0),
        make_model("llama:llama-4-70b", status="deprecated", open_weights=True),
        make_model("groq:llama-4-70b", rating=1300.0, open_weights=True),
    ]
    selection = choose(models, {"preferences": {"quality": "high"}}, providers=providers)
    assert selection.chosen.canonical_id == "groq:llama-4-70b"
    (reason,) = (found.reason for found in selection.rejected if found.canonical_id == "azure:gpt-5")
    assert reason == "deprecated by its maker (openai)"
