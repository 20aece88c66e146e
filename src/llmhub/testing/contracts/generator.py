"""What every generator promises."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import evolve

from llmhub.errors import SelectionError
from llmhub.records.contributions import Generator
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import GenerateRequest, Generation
from llmhub.records.spec import HubSpec, RoleSpec
from llmhub.testing.contracts.network import this_machine_only
from llmhub.testing.contracts.samples import MODELS, SPEC, STATISTICS


class GeneratorContract:
    """Give the fixture `generator`; and `spec` and `models`, if yours needs others."""

    @pytest.fixture
    def generator(self) -> Generator:
        pytest.fail("the contract needs a fixture `generator` that returns your Generator")

    @pytest.fixture
    def spec(self) -> HubSpec:
        return SPEC

    @pytest.fixture
    def models(self) -> Sequence[CanonicalModel]:
        return MODELS

    @pytest.fixture
    def asked(self, spec: HubSpec, models: Sequence[CanonicalModel], generator: Generator) -> GenerateRequest:
        """What the generator is given: no leave to ask a model, and the default generator to build upon."""
        from llmhub.host import PluginHost

        default = PluginHost.from_environment({}).generators().get("heuristic")
        return GenerateRequest(
            spec=spec,
            models=tuple(models),
            statistics=STATISTICS,
            base=None if default is None or default.name == generator.name else default.generate,
        )

    @pytest.fixture
    def generation(self, generator: Generator, asked: GenerateRequest) -> Generation:
        return generator.generate(asked)

    def test_every_role_has_a_model(self, generation: Generation, spec: HubSpec) -> None:
        assert set(generation.config.roles) == set(spec.roles)
        assert generation.config.project == spec.project

    def test_it_chooses_among_the_models_of_the_catalog(
        self, generation: Generation, models: Sequence[CanonicalModel]
    ) -> None:
        known = {(model.provider, model.model_id) for model in models}
        for name, role in generation.config.roles.items():
            targets = [(role.provider, role.model), *((target.provider, target.model) for target in role.fallbacks)]
            assert set(targets) <= known, name
            assert len(set(targets)) == len(targets), f"{name} falls back to what has failed"

    def test_only_allowed_providers_are_chosen(self, generation: Generation, spec: HubSpec) -> None:
        allowed = {name for name, provider in spec.providers.items() if provider.enabled}
        for name, role in generation.config.roles.items():
            assert {role.provider, *(target.provider for target in role.fallbacks)} <= allowed, name

    def test_every_choice_has_its_reason(self, generation: Generation, spec: HubSpec) -> None:
        reasons = {selection.need.role: selection.reason for selection in generation.selections}
        assert set(reasons) == set(spec.roles)
        assert [role for role, reason in reasons.items() if not reason.strip()] == []

    def test_what_is_explained_is_what_is_configured(self, generation: Generation) -> None:
        for selection in generation.selections:
            role = generation.config.roles[selection.need.role]
            assert (role.provider, role.model) == (selection.chosen.provider, selection.chosen.model_id)

    def test_the_order_of_the_models_makes_no_difference(
        self, generator: Generator, asked: GenerateRequest, generation: Generation
    ) -> None:
        again = generator.generate(evolve(asked, models=asked.models[::-1]))
        assert again.config.roles == generation.config.roles

    def test_without_leave_it_asks_nobody(self, generator: Generator, asked: GenerateRequest) -> None:
        with this_machine_only():
            generator.generate(evolve(asked, assistance=None))

    def test_a_role_that_no_model_satisfies_is_named(self, generator: Generator, asked: GenerateRequest) -> None:
        impossible = RoleSpec(kind="chat", force_provider="openai", force_model="no-such-model")
        spec = evolve(asked.spec, roles={**asked.spec.roles, "llm.impossible": impossible})
        with pytest.raises(SelectionError, match=r"llm\.impossible"):
            generator.generate(evolve(asked, spec=spec))
