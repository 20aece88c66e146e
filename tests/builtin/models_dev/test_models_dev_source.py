from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin import models_dev
from llmhub.builtin.models_dev.providers import ANY_LLM_PROVIDERS
from llmhub.builtin.models_dev.source import check
from llmhub.catalog.fetch import CachingFetch
from llmhub.errors import SourceError
from llmhub.records.context import Fetched, SourceContext
from llmhub.records.model import SourceLoad


def document(**providers: list[str]) -> dict[str, Any]:
    return {
        name.replace("_", "-"): {"id": name, "models": {model: {"id": model, "name": model} for model in models}}
        for name, models in providers.items()
    }


def load(tmp_path: Path, content: Any, *providers: str) -> SourceLoad:
    def now() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    api = tmp_path / "api.json"
    api.write_text(json.dumps(content))
    fetch = CachingFetch(folder=tmp_path / "copies", now=now)
    environ = {"LLMHUB_MODELS_DEV_URL": api.as_uri()}
    (source,) = models_dev.llmhub_catalog_sources()
    return source.load(
        SourceContext(environ=environ, now=now, fetch_json=fetch, progress=lambda _: None, providers=providers)
    )


def names(loaded: SourceLoad) -> list[str]:
    return [f"{record.provider}:{record.model_id}" for record in loaded.records]


def test_models_stand_under_the_names_any_llm_has_for_their_providers(tmp_path: Path) -> None:
    loaded = load(tmp_path, document(google=["gemini-x"], amazon_bedrock=["amazon.nova-x"], openai=["gpt-x"]))
    assert names(loaded) == ["gemini:gemini-x", "bedrock:amazon.nova-x", "openai:gpt-x"]


def test_what_any_llm_cannot_call_is_left_out(tmp_path: Path) -> None:
    assert names(load(tmp_path, document(vercel=["openai/gpt-x"], openai=["gpt-x"]))) == ["openai:gpt-x"]


def test_one_provider_may_be_several_to_any_llm_and_claude_has_its_own(tmp_path: Path) -> None:
    loaded = load(tmp_path, document(azure=["gpt-x", "claude-x"], google_vertex=["claude-y", "gemini-x"]))
    assert names(loaded) == ["azure:gpt-x", "azureopenai:gpt-x", "azureanthropic:claude-x", "vertexai:gemini-x"]


def test_only_the_providers_that_are_asked_for_are_loaded(tmp_path: Path) -> None:
    assert names(load(tmp_path, document(openai=["gpt-x"], mistral=["m-x"]), "mistral")) == ["mistral:m-x"]


def test_every_target_of_the_mapping_is_a_provider_any_llm_has() -> None:
    from llmhub.anyllm.providers import PROVIDER_NAMES

    targets = {name for names in ANY_LLM_PROVIDERS.values() for name in names}
    assert targets <= set(PROVIDER_NAMES)
    assert len(targets) == 35


def test_a_document_that_shrinks_by_a_third_leaves_the_earlier_one_in_force(tmp_path: Path) -> None:
    load(tmp_path, document(openai=[f"gpt-{number}" for number in range(10)]))
    stale = load(tmp_path, document(openai=[f"gpt-{number}" for number in range(6)]))
    assert len(stale.records) == 10
    assert "lists 6 models where the copy before listed 10" in stale.warnings[0]
    assert len(load(tmp_path, document(openai=[f"gpt-{number}" for number in range(7)])).records) == 7


def test_a_document_that_loses_a_major_provider_is_refused() -> None:
    before = document(openai=["a", "b"], google=["a"], inception=["a"])
    with pytest.raises(ValueError, match="no longer lists google"):
        check(document(openai=["a", "b", "c"], inception=["a"]), before)
    check(document(openai=["a", "b", "c"], google=["a"]), before)


def test_a_document_in_which_a_provider_is_there_and_its_models_are_not_is_refused() -> None:
    before = document(openai=["a", "b", "c", "d"], inception=["a"])
    with pytest.raises(ValueError, match="has no models by id any longer for inception"):
        check({**before, "inception": {"models": "soon"}}, before)
    check({name: listed for name, listed in before.items() if name != "inception"}, before)


@pytest.mark.parametrize("content", [[], {}, {"openai": {}}, {"error": "not found"}, "text"])
def test_a_document_of_another_shape_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(SourceError):
        load(tmp_path, content)


@pytest.mark.parametrize(
    ("url", "last_modified", "as_of"),
    [
        ("https://models.dev/api.json", "2026-07-02T00:40:00+00:00", "2026-07-02T00:40:00+00:00"),
        ("https://models.dev/api.json", None, "2026-11-23T00:00:00+00:00"),  # what it said that day
        ("file:///mirror/api.json", None, None),  # a file may be of any day
    ],
)
def test_facts_are_of_the_day_the_server_says_or_else_said_them(
    url: str, last_modified: str | None, as_of: str | None
) -> None:
    def fetch(asked: str, *, accept: object) -> Fetched:
        if not asked.endswith("api.json"):
            raise SourceError(asked, "is not there")
        return Fetched(
            document=document(openai=["gpt-x"]),
            url=asked,
            fetched_at="2026-11-23T00:00:00+00:00",
            last_modified=last_modified,
        )

    (source,) = models_dev.llmhub_catalog_sources()
    context = SourceContext(
        environ={"LLMHUB_MODELS_DEV_URL": url},
        now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
        fetch_json=fetch,
        progress=lambda _: None,
    )
    assert source.load(context).as_of == as_of


def test_benchmarks_that_are_not_fresh_are_told_when_the_models_are(tmp_path: Path) -> None:
    benchmarks = tmp_path / "models.json"
    benchmarks.write_text(json.dumps({"openai/gpt-x": {"benchmarks": [{"name": "SWE-Bench", "score": 40}]}}))
    first = load(tmp_path, document(openai=["gpt-x"]))
    assert (first.warnings, first.records[0].scores[0].rating) == ((), 40.0)
    benchmarks.write_text("<html>")
    stale = load(tmp_path, document(openai=["gpt-x", "gpt-y"]))
    assert len(stale.records) == 2
    assert stale.records[0].scores[0].rating == 40.0
    (warning,) = stale.warnings
    assert warning.startswith("benchmarks: is not JSON")
