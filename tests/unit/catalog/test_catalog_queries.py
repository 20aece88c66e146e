from __future__ import annotations

from typing import Any

import pytest

from llmhub.catalog import Catalog
from llmhub.records.model import CanonicalModel, CatalogStatistics, Link


def model(key: str, **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, **facts)


LINK = Link(source="lmarena", name="gpt-4.1-2025-04-14", relation="alias", rule="only-snapshot")

MODELS = (
    model("openai:gpt-4.1", display_name="The First", family="gpt", tags=("tools", "vision"), links=(LINK,)),
    model("openai:gpt-4.1-mini", family="gpt-mini", tags=("tools",)),
    model("azureopenai:gpt-4.1-mini", family="gpt-mini", tags=("tools",), status="deprecated"),
    model("openrouter:openai/gpt-4.1-nano", tags=("vision",)),
)


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(models={one.canonical_id: one for one in MODELS}, statistics=CatalogStatistics(quantiles={}))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("openai:gpt-4.1", ["openai:gpt-4.1"]),
        ("gpt-4.1", ["openai:gpt-4.1"]),
        ("GPT-4.1", ["openai:gpt-4.1"]),
        ("gpt-4.1-mini", ["openai:gpt-4.1-mini", "azureopenai:gpt-4.1-mini"]),
        ("gpt-4.1-nano", ["openrouter:openai/gpt-4.1-nano"]),
        ("gpt-4.1-2025-04-14", ["openai:gpt-4.1"]),
        ("openai/gpt-4.1", ["openai:gpt-4.1"]),
        ("GPT 4.1 nano", ["openrouter:openai/gpt-4.1-nano"]),
        ("openrouter:gpt-4-1-nano", ["openrouter:openai/gpt-4.1-nano"]),
        ("openai:gpt-4-1-nano", []),
        ("The First", ["openai:gpt-4.1"]),
        ("gpt-4", []),
        ("gpt-4.1-nan", []),
        ("", []),
    ],
)
def test_a_name_matches_ids_then_boards_and_display_names_then_its_identity_and_never_parts(
    catalog: Catalog, name: str, found: list[str]
) -> None:
    assert [one.canonical_id for one in catalog.matches(name)] == found


def test_lookup_answers_the_one_model_a_name_means_or_none(catalog: Catalog) -> None:
    assert catalog.lookup("gpt-4.1") is MODELS[0]
    assert catalog.lookup("nothing") is None


@pytest.mark.parametrize(
    ("served", "name", "taken"),
    [
        (["azureopenai:gpt-4o-mini", "openai:gpt-4o-mini"], "gpt-4o-mini", "openai:gpt-4o-mini"),
        (["vertexai:gemini-2.5-pro", "gemini:gemini-2.5-pro"], "gemini-2.5-pro", "gemini:gemini-2.5-pro"),
        (["groq:openai/gpt-oss-120b", "cerebras:gpt-oss-120b"], "gpt-oss-120b", None),
        (["azure:mystery-1", "openai:mystery-1"], "mystery-1", None),
        (["deepinfra:zai-org/GLM-4.6", "zai:glm-4.6"], "GLM-4.6", "zai:glm-4.6"),
    ],
)
def test_a_name_that_several_serve_means_the_makers_own_if_the_maker_is_one_of_them(
    served: list[str], name: str, taken: str | None
) -> None:
    catalog = Catalog(models={key: model(key) for key in served}, statistics=CatalogStatistics(quantiles={}))
    found = catalog.lookup(name)
    assert (found and found.canonical_id) == taken
    assert len(catalog.matches(name)) == 2


def test_models_are_picked_by_provider_tags_or_words(catalog: Catalog) -> None:
    def ids(models: tuple[CanonicalModel, ...]) -> list[str]:
        return [one.canonical_id for one in models]

    assert len(catalog) == 4
    assert ids(catalog.of_providers(["azureopenai", "openrouter"])) == [
        "azureopenai:gpt-4.1-mini",
        "openrouter:openai/gpt-4.1-nano",
    ]
    assert catalog.of_providers([]) == MODELS
    assert ids(catalog.tagged("tools")) == ["openai:gpt-4.1", "openai:gpt-4.1-mini"], (
        "a deprecated model is not offered"
    )
    assert ids(catalog.search("GPT mini openai:")) == ["openai:gpt-4.1-mini", "azureopenai:gpt-4.1-mini"]
