"""One role decided: fallbacks, parameters, and the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from llmhub.records.config import TargetConfig
from llmhub.records.model import CanonicalModel, Provenance
from llmhub.records.selection import Generation, Selection

MakeModel = Callable[..., CanonicalModel]
Choose = Callable[..., Selection]
Generate = Callable[..., Generation]

RATED = (("a", 1400.0), ("b", 1390.0), ("c", 1380.0))


class TestFallbacks:
    def test_none_are_chosen_unless_asked_for(self, make_model: MakeModel, choose: Choose) -> None:
        assert choose([make_model("openai:a"), make_model("openai:b")]).fallbacks == ()

    def test_they_are_the_next_best(self, make_model: MakeModel, choose: Choose) -> None:
        models = [make_model(f"openai:{name}", rating=rating) for name, rating in RATED]
        assert [model.model_id for model in choose(models, {"fallbacks": 2}).fallbacks] == ["b", "c"]

    def test_one_at_least_is_at_another_provider_where_that_is_allowed(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [make_model(f"openai:{name}", rating=rating) for name, rating in RATED]
        models.append(make_model("anthropic:d", rating=1200.0))
        found = choose(models, {"fallbacks": 2}).fallbacks
        assert [model.canonical_id for model in found] == ["openai:b", "anthropic:d"]

    def test_a_dated_snapshot_of_the_chosen_model_is_no_fallback(self, make_model: MakeModel, choose: Choose) -> None:
        names = ["openai:gpt-4o", "openai:gpt-4o-2024-08-06", "openai:gpt-4o-mini"]
        found = choose([make_model(name) for name in names], {"fallbacks": 1, "force_model": "gpt-4o"}).fallbacks
        assert [model.model_id for model in found] == ["gpt-4o-mini"]

    def test_the_same_model_at_another_host_is_one(self, make_model: MakeModel, choose: Choose) -> None:
        found = choose([make_model("openai:a"), make_model("anthropic:a")], {"fallbacks": 1}).fallbacks
        assert len(found) == 1

    def test_another_line_goes_before_the_chosen_models_own(self, make_model: MakeModel, choose: Choose) -> None:
        models = [
            make_model("openai:gpt-5", rating=1400.0, released="2026-01-01"),
            make_model("openai:gpt-4", rating=1399.0, released="2025-12-31"),
            make_model("openai:o3", rating=1380.0),
        ]
        found = choose(models, {"fallbacks": 2}).fallbacks
        assert [model.model_id for model in found] == ["o3", "gpt-4"]

    def test_but_not_one_that_is_far_worse(self, make_model: MakeModel, choose: Choose) -> None:
        models = [
            make_model("openai:gpt-5", rating=1400.0, released="2026-01-01"),
            make_model("openai:gpt-4", rating=1399.0, released="2025-12-31"),
            make_model("openai:o3", (20.0, 80.0), rating=1000.0),
        ]
        assert [model.model_id for model in choose(models, {"fallbacks": 1}).fallbacks] == ["gpt-4"]

    @pytest.mark.parametrize("lacking", [{"supports_tool_call": False}, {"input_modalities": ("text",)}])
    def test_one_that_lacks_what_the_chosen_one_can_do_goes_last(
        self, lacking: dict[str, Any], make_model: MakeModel, choose: Choose
    ) -> None:
        sees = ("text", "image")
        models = [
            make_model("openai:a", rating=1400.0, input_modalities=sees),
            make_model("openai:b", rating=1390.0, **{"input_modalities": sees, **lacking}),
            make_model("openai:c", rating=1200.0, input_modalities=sees),
        ]
        assert [model.model_id for model in choose(models, {"fallbacks": 2}).fallbacks] == ["c", "b"]

    def test_a_region_of_the_chosen_model_is_no_fallback(self, make_model: MakeModel, choose: Choose) -> None:
        names = ("global.anthropic.claude-opus-4-8", "eu.anthropic.claude-opus-4-8", "anthropic.claude-sonnet-5")
        models = [make_model(f"bedrock:{name}") for name in names]
        role = {"fallbacks": 1, "force_model": names[0]}
        (fallback,) = choose(models, role, providers={"bedrock": {}}).fallbacks
        assert fallback.model_id == "anthropic.claude-sonnet-5"

    def test_fewer_than_asked_for_are_told(self, make_model: MakeModel, generate_for: Generate) -> None:
        generation = generate_for([make_model("openai:a")], {"r": {"kind": "chat", "fallbacks": 2}})
        assert generation.warnings == ("role 'r': 2 fallbacks are asked for, 0 found",)

    def test_another_embedding_model_never_stands_in(self, make_model: MakeModel, generate_for: Generate) -> None:
        names = ["openai:text-embedding-3-small", "openai:text-embedding-3-large", "azure:text-embedding-3-small"]
        models = [make_model(name, (0.02, 0.0)) for name in names]
        role = {"kind": "embedding", "fallbacks": 2, "force_model": "text-embedding-3-small"}
        providers = {"openai": {}, "azure": {}}
        generation = generate_for(models, {"r": role}, providers=providers)
        (selection,) = generation.selections
        assert {selection.chosen.provider, *(model.provider for model in selection.fallbacks)} == {"openai", "azure"}
        assert "only the same embedding model elsewhere can stand in" in generation.warnings[0]


class TestParams:
    def test_nothing_is_set_that_the_role_does_not_ask_for(self, make_model: MakeModel, choose: Choose) -> None:
        assert choose([make_model("openai:a")]).params == {}

    @pytest.mark.parametrize(("creativity", "temperature"), [("low", 0.2), ("medium", 0.7), ("high", 1.0)])
    def test_creativity_sets_a_temperature(
        self, creativity: str, temperature: float, make_model: MakeModel, choose: Choose
    ) -> None:
        role = {"preferences": {"creativity": creativity}}
        assert choose([make_model("openai:a")], role).params == {"temperature": temperature}
        fixed = make_model("openai:a", supports_temperature=False)
        assert choose([fixed], role).params == {}

    def test_the_spec_wins_over_what_is_derived(self, make_model: MakeModel, choose: Choose) -> None:
        role = {"preferences": {"creativity": "high"}, "mode_params": {"temperature": 0.1, "top_p": 0.5}}
        assert choose([make_model("openai:a")], role).params == {"temperature": 0.1, "top_p": 0.5}

    @pytest.mark.parametrize(
        ("facts", "asked", "kept", "warning"),
        [
            ({"supports_temperature": False}, {"temperature": 0.1}, {}, "takes no temperature: left out"),
            ({"supports_temperature": None}, {"temperature": 0.1}, {"temperature": 0.1}, None),
            (
                {"max_output_tokens": 4096},
                {"max_tokens": 8192},
                {"max_tokens": 4096},
                "writes at most 4,096 tokens: max_tokens lowered from 8,192",
            ),
            ({"max_output_tokens": 4096}, {"max_tokens": 512}, {"max_tokens": 512}, None),
            ({"max_output_tokens": None}, {"max_tokens": 512}, {"max_tokens": 512}, None),
        ],
    )
    def test_what_the_model_is_known_to_refuse_is_left_out_and_told(
        self,
        facts: dict[str, Any],
        asked: dict[str, Any],
        kept: dict[str, Any],
        warning: str | None,
        make_model: MakeModel,
        generate_for: Generate,
    ) -> None:
        generation = generate_for([make_model("openai:a", **facts)], {"r": {"kind": "chat", "mode_params": asked}})
        assert generation.selections[0].params == kept
        assert generation.warnings == ((f"role 'r': openai:a {warning}",) if warning else ())

    def test_the_size_of_an_embedding_is_set_only_when_asked_for(self, make_model: MakeModel, choose: Choose) -> None:
        models = [make_model("openai:text-embedding-3-small", (0.02, 0.0), supports_temperature=False)]
        assert choose(models, {"kind": "embedding"}).params == {}
        sized = {"kind": "embedding", "mode_params": {"embedding_dim": 512}}
        assert choose(models, sized).params == {"embedding_dim": 512}

    def test_each_fallback_has_parameters_of_its_own(self, make_model: MakeModel, generate_for: Generate) -> None:
        models = [
            make_model("openai:a", rating=1400.0),
            make_model("anthropic:b", supports_temperature=False, max_output_tokens=100),
        ]
        role = {"kind": "chat", "fallbacks": 1, "mode_params": {"temperature": 0.5, "max_tokens": 200}}
        config = generate_for(models, {"r": role}).config.roles["r"]
        assert config.params == {"temperature": 0.5, "max_tokens": 200}
        assert config.fallbacks == (TargetConfig(provider="anthropic", model="b", params={"max_tokens": 100}),)


class TestReason:
    def test_it_gives_figures_with_their_sources_and_dates_and_the_runner_up(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("openai:a", (1.25, 10.0), rating=1452.0),
            make_model("openai:b", (9.0, 9.0), rating=1400.0),
        ]
        assert choose(models).reason == (
            "best of 2: quality 1452 (LMArena 2025-12-11, lower bound), "
            "$1.25 in / $10.00 out per million (models.dev); next: openai:b"
        )

    def test_facts_that_ship_with_the_program_are_named_with_their_day(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        shipped = (Provenance(field="price", source="snapshot", as_of="2026-07-02T00:40:00+00:00"),)
        assert "per million (snapshot 2026-07-02)" in choose([make_model("openai:a", provenance=shipped)]).reason
        undated = (Provenance(field="price", source="snapshot"),)
        assert choose([make_model("openai:a", provenance=undated)]).reason.endswith("per million (snapshot)")

    def test_it_names_what_is_unknown(self, make_model: MakeModel, choose: Choose) -> None:
        assert choose([make_model("openai:a", None)]).reason == "the only candidate: quality unknown, price unknown"
        included = make_model("openai:a", None, price_state="included")
        assert choose([included]).reason.endswith("price included in a plan")

    def test_it_says_where_an_inferred_quality_comes_from(self, make_model: MakeModel, choose: Choose) -> None:
        before = make_model("openai:gpt-4", rating=1377.0, released="2025-01-01", status="deprecated")
        assert (
            "quality 1425 (inferred: newer than gpt-4, rated 1377, and 12 months of gain since, LMArena 2025-12-11)"
            in choose([before, make_model("openai:gpt-5")]).reason
        )

    def test_an_embedding_has_one_price_and_no_rating(self, make_model: MakeModel, choose: Choose) -> None:
        reason = choose([make_model("openai:text-embedding-3-small", (0.02, 0.0))], {"kind": "embedding"}).reason
        assert "quality unrated (estimate by size: its name says small), $0.02 in per million" in reason


class TestPassedOver:
    """Why the obvious names lost."""

    def test_the_best_model_of_each_provider_that_was_not_chosen_is_explained(
        self, make_model: MakeModel, choose: Choose
    ) -> None:
        models = [
            make_model("openai:small", (0.1, 0.4), rating=1350.0),
            make_model("openai:flagship", (5.0, 30.0), rating=1480.0),
            make_model("anthropic:gone", (5.0, 25.0), rating=1490.0, status="deprecated"),
        ]
        selection = choose(models, {"preferences": {"cost": "low", "quality": "medium"}})
        assert selection.chosen == models[0]
        told = {one.canonical_id: one.why for one in selection.passed_over}
        assert told["anthropic:gone"] == "out of the question: deprecated"
        assert told["openai:flagship"].startswith("scores 0.")
        assert "ahead in quality, behind in cost ($11.25 per million, blended)" in told["openai:flagship"]

    def test_the_maker_comes_before_a_host_at_the_same_price(self, make_model: MakeModel, choose: Choose) -> None:
        models = [
            make_model("azure:gpt-5.5", released="2026-06-01"),
            make_model("openrouter:openai/gpt-5.5", released="2026-06-01"),
            make_model("openai:gpt-5.5", released="2026-04-23"),
        ]
        providers = {"azure": {}, "openrouter": {}, "openai": {}}
        assert choose(models, providers=providers).chosen.provider == "openai"
        cheaper = make_model("azure:gpt-5.5", (0.5, 2.0), released="2026-06-01")
        assert choose([cheaper, *models[1:]], providers=providers).chosen == cheaper
