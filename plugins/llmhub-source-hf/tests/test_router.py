"""The models of the inference router, read from a server on 127.0.0.1 that lists as the router does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from llmhub.errors import SourceError
from llmhub.records.model import ModelFacts, Price
from llmhub_source_hf import router

MakeContext = Callable[..., Any]


def host(provider: str = "novita", **given: Any) -> Mapping[str, Any]:
    """One host of a model as the router's list has it."""
    return {
        "provider": provider,
        "status": "live",
        "context_length": 131072,
        "pricing": {"input": 0.3, "output": 1.2},
        "supports_tools": True,
        "supports_structured_output": False,
        "is_model_author": False,
        **given,
    }


def listed(name: str, *hosts: Mapping[str, Any], **given: Any) -> Mapping[str, Any]:
    """One model as the router's list has it."""
    return {
        "id": name,
        "object": "model",
        "created": 1735689600,
        "owned_by": name.partition("/")[0],
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "providers": list(hosts),
        **given,
    }


def facts_of(hugging_face: Any, make_context: MakeContext, *hosts: Any, **given: Any) -> ModelFacts:
    hugging_face.models = {"object": "list", "data": [listed("org/model", *hosts, **given)]}
    (record,) = router.load(make_context()).records
    found: ModelFacts = record.facts
    return found


def test_a_model_with_one_host_has_the_facts_of_that_host(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.models = {"object": "list", "data": [listed("zai-org/GLM-4.6", host())]}
    loaded = router.load(make_context())
    (record,) = loaded.records
    assert (record.source, record.provider, record.model_id) == ("huggingface_router", "huggingface", "zai-org/GLM-4.6")
    assert record.facts == ModelFacts(
        context_tokens=131072,
        supports_tool_call=True,
        supports_structured_output=False,
        input_modalities=("text",),
        output_modalities=("text",),
        price=Price(input=0.3, output=1.2),
    )
    assert (loaded.as_of, loaded.warnings) == ("2026-11-23", ())


def test_of_several_hosts_only_what_holds_for_each_is_a_fact(hugging_face: Any, make_context: MakeContext) -> None:
    facts = facts_of(
        hugging_face,
        make_context,
        host("novita", context_length=163840, supports_structured_output=True),
        host("together", pricing={"input": 0.6, "output": 1.2}, supports_tools=False, supports_structured_output=True),
    )
    assert facts.context_tokens == 131072, "the shortest holds whichever serves the call"
    assert facts.price is None, "which of two prices a call will cost is not known before"
    assert facts.supports_tool_call is None
    assert facts.supports_structured_output is True


def test_what_one_host_does_not_say_is_unknown(hugging_face: Any, make_context: MakeContext) -> None:
    silent = {"provider": "hf-inference", "status": "live"}
    facts = facts_of(hugging_face, make_context, host(), silent)
    assert facts == ModelFacts(input_modalities=("text",), output_modalities=("text",))


def test_hosts_that_are_not_live_do_not_count(hugging_face: Any, make_context: MakeContext) -> None:
    staging = host("together", status="staging", pricing={"input": 9, "output": 9})
    assert facts_of(hugging_face, make_context, host(), staging).price == Price(input=0.3, output=1.2)


def test_a_model_that_no_host_serves_is_left_out_and_named(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.models = {
        "data": [listed("a/served", host()), listed("b/error", host(status="error")), listed("c/none"), {"id": 7}, None]
    }
    loaded = router.load(make_context())
    assert [record.model_id for record in loaded.records] == ["a/served"]
    assert loaded.quarantined[:2] == (
        "b/error: no host serves it at the moment",
        "c/none: no host serves it at the moment",
    )
    assert len(loaded.quarantined) == 4


@pytest.mark.parametrize(
    "pricing", [None, {}, {"input": 0.3}, {"input": "0.3", "output": 1.2}, {"input": -1, "output": 1.2}, [0.3, 1.2]]
)
def test_half_a_price_is_none(pricing: Any, hugging_face: Any, make_context: MakeContext) -> None:
    assert facts_of(hugging_face, make_context, host(pricing=pricing)).price is None


@pytest.mark.parametrize("architecture", [None, [], {"input_modalities": "text"}])
def test_modalities_that_are_not_stated_are_unknown(
    architecture: Any, hugging_face: Any, make_context: MakeContext
) -> None:
    assert facts_of(hugging_face, make_context, host(), architecture=architecture).input_modalities == ()


def test_it_is_not_asked_when_only_other_providers_are_wanted(hugging_face: Any, make_context: MakeContext) -> None:
    assert router.load(make_context(providers=("openai",))).records == ()
    assert hugging_face.requests == []
    hugging_face.models = {"data": [listed("a/model", host())]}
    assert len(router.load(make_context(providers=("openai", "huggingface"))).records) == 1


@pytest.mark.parametrize("document", [[], {}, {"data": []}, {"data": {}}, {"error": "unauthorized"}])
def test_what_is_no_list_of_models_is_refused(document: Any, hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.models = document
    with pytest.raises(SourceError, match="is not a list of models"):
        router.load(make_context())


def test_a_list_that_shrinks_by_a_third_leaves_the_earlier_one_in_force(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.models = {"data": [listed(f"org/m-{number}", host()) for number in range(10)]}
    router.load(make_context())
    hugging_face.models = {"data": hugging_face.models["data"][:6]}
    loaded = router.load(make_context())
    assert len(loaded.records) == 10
    assert "lists 6 models where the copy before listed 10" in loaded.warnings[0]
