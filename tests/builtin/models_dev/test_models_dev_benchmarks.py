from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin import models_dev
from llmhub.builtin.models_dev.benchmarks import read_benchmarks
from llmhub.builtin.models_dev.source import addresses
from llmhub.catalog.fetch import CachingFetch
from llmhub.records.context import SourceContext
from llmhub.records.model import Score, SourceLoad

API = {
    "openai": {"models": {"gpt-x": {"name": "GPT X"}, "gpt-y": {"name": "GPT Y"}}},
    "zai": {"models": {"glm-x": {"name": "GLM X"}}},
    "openrouter": {"models": {"openai/gpt-x": {"name": "GPT X"}}},
}


def load(folder: Path, api: str = "") -> SourceLoad:
    def now() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    (folder / "api.json").write_text(json.dumps(API))
    (source,) = models_dev.llmhub_catalog_sources()
    return source.load(
        SourceContext(
            environ={"LLMHUB_MODELS_DEV_URL": api or str(folder / "api.json")},
            now=now,
            fetch_json=CachingFetch(folder=folder / "copies", now=now),
            progress=lambda _: None,
        )
    )


def scores(loaded: SourceLoad) -> dict[str, list[tuple[str, float]]]:
    return {
        f"{record.provider}:{record.model_id}": [(score.category, score.rating) for score in record.scores]
        for record in loaded.records
        if record.scores
    }


def write(folder: Path, document: Any) -> None:
    (folder / "models.json").write_text(json.dumps(document))


def test_results_are_kept_on_the_labs_own_model_of_exactly_that_id(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "openai/gpt-x": {"benchmarks": [{"name": "SciCode", "score": 41.5}]},
            "openai/gpt-y-pro": {"benchmarks": [{"name": "SciCode", "score": 50}]},
            "openai/gpt-y": {"name": "GPT Y"},
            "zhipuai/glm-x": {"benchmarks": [{"name": "Aider Polyglot", "score": 12}]},
        },
    )
    assert scores(load(tmp_path)) == {"openai:gpt-x": [("SciCode", 41.5)], "zai:glm-x": [("Aider Polyglot", 12.0)]}


def test_a_folder_serves_as_well_as_the_file_in_it(tmp_path: Path) -> None:
    write(tmp_path, {"openai/gpt-x": {"benchmarks": [{"name": "SciCode", "score": 41.5}]}})
    assert scores(load(tmp_path, api=str(tmp_path))) == scores(load(tmp_path)) != {}


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("https://models.dev/api.json", ("https://models.dev/api.json", "https://models.dev/models.json")),
        ("https://mirror/x/", ("https://mirror/x/api.json", "https://mirror/x/models.json")),
        ("https://mirror/x?key=k", ("https://mirror/x/api.json?key=k", "https://mirror/x/models.json?key=k")),
        ("https://m/a.json?key=a.json", ("https://m/a.json?key=a.json", "https://m/models.json?key=a.json")),
        ("/data/api-2025-12-17.json", ("/data/api-2025-12-17.json", "/data/models.json")),
        ("/data", ("/data/api.json", "/data/models.json")),
        ("api.json", ("api.json", "models.json")),
    ],
)
def test_the_benchmarks_lie_beside_the_models(stated: str, found: tuple[str, str]) -> None:
    assert addresses(stated) == found


@pytest.mark.parametrize("document", [None, [], "text", {}, {"openai/gpt-x": {"benchmarks": [{"name": "SciCode"}]}}])
def test_without_usable_benchmarks_there_are_none_and_nothing_is_amiss(tmp_path: Path, document: object) -> None:
    if document is not None:
        write(tmp_path, document)
    loaded = load(tmp_path)
    assert len(loaded.records) == 4
    assert (scores(loaded), loaded.warnings, loaded.quarantined) == ({}, (), ())


def test_results_under_other_conditions_are_other_measures_and_of_two_equal_ones_the_first_counts() -> None:
    results = [
        {"name": "SWE-Bench Pro", "score": 40},
        {"name": "SWE-Bench Pro", "score": 44, "dataset": "public", "harness": "mini-swe-agent"},
        {"name": "SWE-Bench Pro", "score": 39},
    ]
    found, quarantined = read_benchmarks({"openai/gpt-x": {"benchmarks": results}})
    assert found["openai", "gpt-x"] == (
        Score(board="models.dev", category="SWE-Bench Pro", rating=40.0),
        Score(board="models.dev", category="SWE-Bench Pro (dataset: public, harness: mini-swe-agent)", rating=44.0),
    )
    assert quarantined == ()


@pytest.mark.parametrize("result", [None, 3, {}, {"name": "", "score": 1}, {"name": "X", "score": "1"}])
def test_what_is_no_result_is_left_out_and_named(result: object) -> None:
    found, quarantined = read_benchmarks({"openai/gpt-x": {"benchmarks": [result, {"name": "X", "score": 1}]}})
    assert [score.category for score in found["openai", "gpt-x"]] == ["X"]
    assert quarantined == ("openai/gpt-x: benchmarks[0] is no result",)


def test_the_real_file_gives_results_for_most_models_it_has_them_for(tmp_path: Path) -> None:
    folder = Path(__file__).parents[3] / "../shared/data/models.dev"
    if not folder.is_dir():
        pytest.skip(f"the real files are not at hand ({folder})")
    found, quarantined = read_benchmarks(json.loads((folder / "models.json").read_bytes()))
    assert (len(found), quarantined) == (97, ())
    rated = [record for record in load_real(folder, tmp_path).records if record.scores]
    assert len(rated) == 81
    assert {score.board for record in rated for score in record.scores} == {"models.dev"}


def load_real(folder: Path, tmp_path: Path) -> SourceLoad:
    def now() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    (source,) = models_dev.llmhub_catalog_sources()
    fetch = CachingFetch(folder=tmp_path / "copies", now=now)
    environ = {"LLMHUB_MODELS_DEV_URL": str(folder)}
    return source.load(SourceContext(environ=environ, now=now, fetch_json=fetch, progress=lambda _: None))
