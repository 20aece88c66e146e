"""`force_provider` and `force_model`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llmhub.errors import SelectionError
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Generation, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
Generate = Callable[..., Generation]

BOX = {"openai": {}, "anthropic": {}, "box": {"api_base": "http://localhost:8000/v1"}}


def test_a_forced_model_is_taken_though_others_are_better(make_model: MakeModel, choose: Choose) -> None:
    selection = choose(
        [make_model("openai:a", rating=1300.0), make_model("openai:b", (0.1, 0.1), rating=1500.0)],
        {"force_model": "a"},
    )
    assert selection.chosen.model_id == "a"
    assert selection.reason.startswith("forced by the spec: quality 1300")


def test_a_forced_model_that_several_providers_have_goes_to_the_best_of_them(
    make_model: MakeModel, choose: Choose
) -> None:
    models = [
        make_model("azure:llama-4", (2.0, 2.0)),
        make_model("nebius:llama-4", (1.0, 1.0)),
        make_model("groq:llama-4", (0.1, 0.1)),
    ]
    providers = {"azure": {}, "nebius": {}}
    assert choose(models, {"force_model": "llama-4"}, providers=providers).chosen.provider == "nebius"
    forced = {"force_model": "llama-4", "force_provider": "azure"}
    assert choose(models, forced, providers=providers).chosen.provider == "azure"


def test_a_canonical_id_may_be_forced(make_model: MakeModel, choose: Choose) -> None:
    models = [make_model("openai:a", (2.0, 2.0)), make_model("anthropic:a", (1.0, 1.0))]
    assert choose(models, {"force_model": "openai:a"}).chosen.canonical_id == "openai:a"


def test_a_forced_provider_bounds_the_choice(make_model: MakeModel, choose: Choose) -> None:
    models = [make_model("openai:a", rating=1500.0), make_model("anthropic:b", rating=1300.0)]
    assert choose(models, {"force_provider": "anthropic"}).chosen.canonical_id == "anthropic:b"


@pytest.mark.parametrize("status", ["deprecated", "retired"])
def test_a_deprecated_model_is_never_chosen_unless_forced(
    status: str, make_model: MakeModel, generate_for: Generate
) -> None:
    models = [make_model("openai:old", (0.01, 0.01), rating=1600.0, status=status), make_model("openai:new")]
    (free,) = generate_for(models, {"r": {"kind": "chat"}}).selections
    assert free.chosen.model_id == "new"
    forced = generate_for(models, {"r": {"kind": "chat", "force_model": "old"}})
    assert forced.selections[0].chosen.model_id == "old"
    assert forced.warnings == (f"role 'r': openai:old is forced, though: {status}",)


def test_a_forced_model_that_fails_a_need_is_taken_with_a_warning(
    make_model: MakeModel, generate_for: Generate
) -> None:
    role = {"kind": "tool", "force_model": "a", "preferences": {"max_price_input": 0.5}}
    generation = generate_for([make_model("openai:a", supports_tool_call=False)], {"r": role})
    assert [warning.rpartition(": ")[2] for warning in generation.warnings] == [
        "no tool calls",
        "input price $1 is over $0.5",
    ]


def test_a_forced_model_nobody_knows_is_an_error_with_the_nearest_name(make_model: MakeModel, choose: Choose) -> None:
    with pytest.raises(SelectionError, match=r"no such model of openai, anthropic\. Did you mean 'gpt-4o-mini'\?"):
        choose([make_model("openai:gpt-4o-mini")], {"force_model": "gpt-4o-minni"})


def test_a_forced_model_of_another_provider_is_an_error_that_says_where_it_is(
    make_model: MakeModel, choose: Choose
) -> None:
    models = [make_model("groq:compound"), make_model("openai:gpt-5")]
    with pytest.raises(SelectionError, match="It is known at groq"):
        choose(models, {"force_model": "compound"})


def test_a_model_at_a_named_endpoint_is_taken_as_it_stands(make_model: MakeModel, generate_for: Generate) -> None:
    role = {"kind": "chat", "force_provider": "box", "force_model": "my/model", "mode_params": {"temperature": 0}}
    generation = generate_for([make_model("openai:gpt-5")], {"r": role}, providers=BOX)
    (selection,) = generation.selections
    assert (selection.chosen.provider, selection.chosen.model_id) == ("box", "my/model")
    assert "not in the catalog" in selection.reason
    assert selection.params == {"temperature": 0}
    assert "nothing about it was checked" in generation.warnings[0]


def test_a_role_whose_only_provider_is_a_named_endpoint_need_not_force_it(
    make_model: MakeModel, choose: Choose
) -> None:
    role = {"force_model": "mine", "preferences": {"providers": ["box"]}}
    assert choose([make_model("openai:gpt-5")], role, providers=BOX).chosen.canonical_id == "box:mine"


def test_among_several_providers_the_user_must_say_that_it_is_at_the_endpoint(
    make_model: MakeModel, choose: Choose
) -> None:
    with pytest.raises(SelectionError, match="say so with `force_provider: box`"):
        choose([make_model("openai:gpt-5")], {"force_model": "mine"}, providers=BOX)


def test_an_address_of_ones_own_for_a_known_provider_does_not_hide_a_misspelt_model(
    make_model: MakeModel, choose: Choose
) -> None:
    proxied = {"openai": {"api_base": "http://localhost:8000/v1"}}
    with pytest.raises(SelectionError, match="Did you mean 'gpt-5-mini'"):
        choose([make_model("openai:gpt-5-mini")], {"force_model": "gpt-5-minni"}, providers=proxied)


def test_fallbacks_of_a_forced_model_are_chosen_freely(make_model: MakeModel, choose: Choose) -> None:
    models = [make_model("openai:a"), make_model("openai:b", rating=1400.0), make_model("anthropic:c", rating=1300.0)]
    selection = choose(models, {"force_model": "a", "fallbacks": 2})
    assert [model.canonical_id for model in selection.fallbacks] == ["openai:b", "anthropic:c"]
