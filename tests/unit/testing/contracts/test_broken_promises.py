"""Each contract catches the plugin that breaks it: the tests of a contract are run here as functions."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from attrs import evolve

from llmhub import hookimpl
from llmhub.errors import SourceError
from llmhub.host import PluginHost
from llmhub.records.config import HubConfig, RoleConfig
from llmhub.records.context import CheckContext, SourceContext
from llmhub.records.contributions import CatalogSource, Check, Finding, Scorer, Selector, TierDeriver
from llmhub.records.model import CanonicalModel, ModelFacts, ModelRecord, Override, Price, Score, SourceLoad, Tiers
from llmhub.records.selection import Generation, Need, Selection
from llmhub.testing import ProviderServer
from llmhub.testing.contracts import (
    CallHookContract,
    CatalogSourceContract,
    CheckContract,
    CommandContract,
    GeneratorContract,
    ScorerContract,
    SelectorContract,
    TierDeriverContract,
)
from llmhub.testing.contracts.samples import MODELS, SPEC, STATISTICS, TARGETS, a_call


def record(**given: Any) -> ModelRecord:
    return ModelRecord(**{"source": "mine", "provider": "openai", "model_id": "gpt-4o", **given})


def source_of(*records: ModelRecord, **given: Any) -> tuple[CatalogSource, SourceLoad]:
    loaded = SourceLoad(records=records, **given)
    return CatalogSource(name="mine", load=lambda _: loaded), loaded


def context(tmp_path: Path) -> SourceContext:
    def fetch(url: str, **_: Any) -> Any:
        raise SourceError(url, "is not there")

    return SourceContext(
        environ={}, now=lambda: datetime.now(UTC), fetch_json=fetch, progress=lambda _: None, working_dir=tmp_path
    )


# --- sources --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faulty",
    [
        record(facts=ModelFacts(context_tokens=0)),
        record(facts=ModelFacts(price=Price(input=-1.0, output=2.0))),
        record(facts=ModelFacts(price=Price(input=float("nan"), output=2.0))),
        record(scores=(Score(board="text", category="overall", rating=1400.0, low=1410.0, high=1420.0),)),
        record(scores=(Score(board="text", category="overall", rating=float("inf")),)),
        record(scores=(Score(board="text", category="overall", rating=1400.0, votes=-1),)),
        record(scores=(Score(board="text", category="overall", rating=1400.0),) * 2),
        record(override=Override(origin="f:1", tiers={"quality_tier": 6})),
        record(override=Override(origin="f:1", tiers={"beauty_tier": 1})),
    ],
)
def test_figures_that_make_no_sense_are_caught(faulty: ModelRecord) -> None:
    with pytest.raises(AssertionError):
        CatalogSourceContract().test_figures_make_sense(source_of(faulty)[1])


@pytest.mark.parametrize(
    "faulty", [{"source": "other"}, {"model_id": ""}, {"model_id": " gpt-4o"}, {"provider": ""}, {"provider": "a:b"}]
)
def test_records_that_name_the_wrong_thing_are_caught(faulty: Mapping[str, Any]) -> None:
    with pytest.raises(AssertionError):
        CatalogSourceContract().test_every_record_names_its_source_and_its_model(*source_of(record(**faulty)))


def test_a_source_that_gives_nothing_or_the_same_twice_is_caught() -> None:
    with pytest.raises(AssertionError):
        CatalogSourceContract().test_it_gives_something(source_of()[1])
    with pytest.raises(AssertionError):
        CatalogSourceContract().test_no_model_is_stated_twice(source_of(record(), record())[1])


def test_a_date_that_is_none_is_caught() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        CatalogSourceContract().test_its_dates_are_dates(source_of(record(), as_of="yesterday")[1])


def test_a_source_of_chance_is_caught(tmp_path: Path) -> None:
    source = CatalogSource(name="mine", load=lambda _: SourceLoad(records=(record(model_id=str(random.random())),)))
    with pytest.raises(AssertionError):
        CatalogSourceContract().test_the_same_data_give_the_same_records(source, context(tmp_path))


def test_a_source_that_opens_connections_of_its_own_offline_is_caught(tmp_path: Path) -> None:
    def load(_: SourceContext) -> SourceLoad:
        try:
            socket.create_connection(("192.0.2.1", 80), timeout=0.1)
        except OSError as error:
            raise SourceError("mine", "cannot be reached") from error
        return SourceLoad()

    with pytest.raises(AssertionError, match=r"it tried to reach 192\.0\.2\.1"):
        CatalogSourceContract().test_offline_it_leaves_the_network_alone(
            CatalogSource(name="mine", load=load), context(tmp_path)
        )


def test_a_source_that_lets_an_error_of_its_own_out_is_caught(tmp_path: Path) -> None:
    def load(_: SourceContext) -> SourceLoad:
        raise KeyError("models")

    with pytest.raises(KeyError):
        CatalogSourceContract().test_without_its_data_it_says_why(
            CatalogSource(name="mine", load=load), context(tmp_path)
        )


# --- tier derivers and scorers --------------------------------------------------------------------------------------


def deriver(values: Callable[[CanonicalModel], Mapping[str, Any]]) -> TierDeriver:
    return TierDeriver(name="mine", derive=lambda model, _: Tiers(values=values(model)))


def test_tiers_out_of_range_or_of_no_such_field_are_caught() -> None:
    contract = TierDeriverContract()
    for values in ({"cost_tier": 0}, {"cost_tier": 6}, {"beauty_tier": 1}):
        with pytest.raises(AssertionError):
            contract.test_tiers_run_from_1_to_5_or_are_unknown(deriver(lambda _, v=values: v), MODELS, STATISTICS)


def test_a_tier_without_a_reason_and_a_made_up_one_are_caught() -> None:
    contract, average = TierDeriverContract(), deriver(lambda _: {"quality_tier": 3})
    with pytest.raises(AssertionError, match="no reason"):
        contract.test_it_derives_some_tier_of_some_model_and_says_why(average, MODELS, STATISTICS)
    with pytest.raises(AssertionError):
        contract.test_a_model_of_which_nothing_is_known_has_no_tier(average, STATISTICS)


def test_a_score_out_of_range_or_the_same_for_all_is_caught() -> None:
    for score in (1.5, -0.1):
        with pytest.raises(AssertionError):
            ScorerContract().test_a_score_lies_from_0_to_1_or_is_unknown(
                Scorer(name="mine", score=lambda *_, s=score: s), MODELS
            )
    with pytest.raises(AssertionError):
        ScorerContract().test_it_tells_some_models_apart(Scorer(name="mine", score=lambda *_: 0.5), MODELS)


# --- generators -----------------------------------------------------------------------------------------------------


def generation(**roles: str) -> Generation:
    """What a generator gave: `role="provider:model"`, each with a reason."""
    models = {model.canonical_id: model for model in MODELS}
    targets = {role.replace("_", "."): name.partition(":") for role, name in roles.items()}
    return Generation(
        config=HubConfig(
            project=SPEC.project,
            roles={role: RoleConfig(provider=provider, model=model) for role, (provider, _, model) in targets.items()},
        ),
        selections=tuple(
            Selection(
                need=Need(role=role, mode="chat", providers=(), weights={}),
                chosen=models.get("".join(name), MODELS[0]),
                reason="it is the best",
            )
            for role, name in targets.items()
        ),
    )


RIGHT = {
    "llm_cheap": "openai:gpt-4o-mini",
    "llm_good": "anthropic:claude-sonnet-4-5",
    "llm_vectors": "openai:text-embedding-3-small",
}


def test_what_a_generator_may_give_passes() -> None:
    contract, right = GeneratorContract(), generation(**RIGHT)
    contract.test_every_role_has_a_model(right, SPEC)
    contract.test_it_chooses_among_the_models_of_the_catalog(right, MODELS)
    contract.test_only_allowed_providers_are_chosen(right, SPEC)
    contract.test_every_choice_has_its_reason(right, SPEC)
    contract.test_what_is_explained_is_what_is_configured(right)


def test_a_generator_that_leaves_out_a_role_or_invents_a_model_is_caught() -> None:
    contract = GeneratorContract()
    with pytest.raises(AssertionError):
        contract.test_every_role_has_a_model(generation(llm_cheap="openai:gpt-4o"), SPEC)
    with pytest.raises(AssertionError):
        contract.test_it_chooses_among_the_models_of_the_catalog(generation(llm_cheap="openai:gpt-9"), MODELS)
    with pytest.raises(AssertionError):
        contract.test_only_allowed_providers_are_chosen(generation(llm_cheap="mistral:mistral-large-2411"), SPEC)


def test_a_generator_that_explains_nothing_or_something_else_is_caught() -> None:
    contract, right = GeneratorContract(), generation(**RIGHT)
    silent = evolve(right, selections=tuple(evolve(one, reason=" ") for one in right.selections))
    with pytest.raises(AssertionError):
        contract.test_every_choice_has_its_reason(silent, SPEC)
    first, *others = right.selections
    with pytest.raises(AssertionError):
        contract.test_what_is_explained_is_what_is_configured(
            evolve(right, selections=(evolve(first, chosen=MODELS[0]), *others))
        )


# --- commands -------------------------------------------------------------------------------------------------------


def test_a_command_without_help_or_with_a_name_of_two_words_is_caught() -> None:
    with pytest.raises(AssertionError):
        CommandContract().test_its_help_says_in_one_line_what_it_does(click.Command("mine"))
    with pytest.raises(AssertionError):
        CommandContract().test_it_has_a_name_that_fits_the_command_line(click.Command("My Command"))


# --- selectors and hooks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order",
    [
        lambda *_: (),
        lambda _, targets: (*targets, targets[0]),
        lambda *_: (TARGETS[0].__class__(provider="other", model="m", mode="chat"),),
    ],
)
def test_a_selector_that_adds_or_loses_targets_is_caught(order: Any) -> None:
    with pytest.raises(AssertionError):
        SelectorContract().test_it_orders_the_targets_and_adds_none(
            Selector(name="mine", order=order), TARGETS, [a_call()]
        )


def test_a_slow_selector_is_caught() -> None:
    def order(_: object, targets: Any) -> Any:
        sum(range(200_000))
        return targets

    with pytest.raises(AssertionError, match="on the path of every call"):
        SelectorContract().test_it_is_quick(Selector(name="mine", order=order), TARGETS, [a_call()] * 3)


def test_a_selector_that_fails_within_a_hub_is_caught(
    provider_server: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    def order(*_: object) -> Any:
        raise ZeroDivisionError

    with pytest.raises(AssertionError):
        SelectorContract().test_a_hub_that_names_it_answers(Selector(name="mine", order=order), provider_server, caplog)


def test_a_plugin_that_watches_nothing_is_caught() -> None:
    class Silent:
        @hookimpl
        def llmhub_selectors(self) -> list[Selector]:
            return []

    host = PluginHost.empty()
    host.register(Silent(), "silent", "call")
    with pytest.raises(AssertionError, match="none of the hooks"):
        CallHookContract().test_it_watches_calls(host)


# --- checks ---------------------------------------------------------------------------------------------------------


def check_that_finds(*found: Finding) -> Check:
    return Check(name="mine", run=lambda _: found)


def test_a_check_without_findings_remedies_or_discretion_is_caught(tmp_path: Path) -> None:
    contract = CheckContract()
    looked_at = CheckContext(project_dir=tmp_path, environ={}, network=False)
    with pytest.raises(AssertionError, match="says so"):
        contract.test_it_finds_something_and_says_it(check_that_finds(), looked_at)
    with pytest.raises(AssertionError):
        contract.test_what_is_amiss_comes_with_its_remedy(
            check_that_finds(Finding(check="mine", severity="error", message="broken")), looked_at
        )

    def telling(context: CheckContext) -> list[Finding]:
        return [Finding(check="mine", severity="ok", message=f"the key is {context.environ['OPENAI_API_KEY']}")]

    with pytest.raises(AssertionError):
        contract.test_it_shows_no_key(Check(name="mine", run=telling), looked_at)
