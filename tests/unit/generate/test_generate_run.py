"""Running the generator that a spec names."""

from __future__ import annotations

import types
from collections.abc import Callable

import pytest
from attrs import evolve

from llmhub import __version__, hookimpl
from llmhub.errors import PluginLoadError, SelectionError, UnknownContributionError
from llmhub.generate.spec_hash import spec_hash
from llmhub.host import PluginHost
from llmhub.records.config import HubConfig, ProviderConfig
from llmhub.records.contributions import Generator
from llmhub.records.selection import GenerateRequest, Generation
from llmhub.records.spec import HubSpec, RoleSpec

Run = Callable[..., Generation]


def test_project_and_environment_are_those_of_the_spec(run: Run) -> None:
    config = run().config
    assert (config.project, config.env) == ("my-app", "staging")


def test_every_role_of_the_spec_is_there_in_its_order(run: Run) -> None:
    config = run().config
    assert list(config.roles) == ["chat", "embed"]
    assert config.roles["embed"].mode == "embedding"
    assert config.defaults is None


def test_providers_are_those_enabled_and_those_used_with_how_to_reach_them(run: Run) -> None:
    assert run().config.providers == {
        "openai": ProviderConfig(env_key="OPENAI_API_KEY"),
        "box": ProviderConfig(api_base="http://localhost:8000/v1"),
        "groq": ProviderConfig(),
    }


def test_it_is_told_what_the_file_was_generated_from(run: Run) -> None:
    generated = run().config.generated
    assert generated is not None
    assert generated.by == f"llmhub {__version__}"
    assert generated.catalog == "0123456789abcdef"
    assert len(generated.spec_hash) == 16


def test_the_hash_of_a_spec_changes_with_its_values_and_with_the_order_that_the_file_follows(
    run: Run, spec: HubSpec
) -> None:
    reordered = evolve(spec, roles=dict(reversed(spec.roles.items())))
    changed = evolve(spec, roles={**spec.roles, "chat": RoleSpec(kind="chat", mode_params={"temperature": 0.6})})
    assert len({spec_hash(one) for one in (spec, reordered, changed)}) == 3
    assert spec_hash(spec) == spec_hash(evolve(spec))


def test_a_generator_that_nobody_offers_is_an_error_with_the_nearest(run: Run, simple: Generator) -> None:
    with pytest.raises(UnknownContributionError, match="Did you mean 'simpel'"):
        run({"simpel": simple})


def test_a_generator_that_fails_is_named_with_its_distribution(run: Run) -> None:
    def fail(request: GenerateRequest) -> Generation:
        raise ZeroDivisionError("by hand")

    plugin = types.ModuleType("broken")
    offered = [Generator(name="simple", generate=fail)]
    plugin.llmhub_generators = hookimpl(specname="llmhub_generators")(lambda: offered)  # type: ignore[attr-defined]
    host = PluginHost.empty()
    host.register(plugin, "broken", "generate")
    with pytest.raises(
        PluginLoadError, match=r"plugin 'broken' .* failed to run: ZeroDivisionError: by hand"
    ) as caught:
        run(host.generators())
    assert "ZeroDivisionError" in caught.value.failures[0].traceback


def test_what_a_generator_says_of_the_spec_passes_as_it_is(run: Run) -> None:
    def refuse(request: GenerateRequest) -> Generation:
        raise SelectionError("chat", "no model")

    with pytest.raises(SelectionError, match="role 'chat': no model"):
        run({"simple": Generator(name="simple", generate=refuse)})


def test_a_role_that_a_generator_leaves_out_is_an_error(run: Run) -> None:
    def forget(request: GenerateRequest) -> Generation:
        return Generation(config=HubConfig(project=""), selections=())

    with pytest.raises(SelectionError, match=r"'simple' chose no model for it \(nor for embed\)"):
        run({"simple": Generator(name="simple", generate=forget)})
