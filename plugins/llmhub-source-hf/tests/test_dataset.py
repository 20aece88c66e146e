"""LMArena's dataset, read from a server on 127.0.0.1 that pages as the dataset viewer does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from llmhub.catalog.build import build_catalog
from llmhub.errors import SourceError
from llmhub.records.contributions import CatalogSource
from llmhub.records.model import ModelFacts, ModelRecord, Score, SourceLoad
from llmhub_source_hf import dataset, llmhub_catalog_sources

MakeContext = Callable[..., Any]


def row(model: str, category: str = "overall", rating: float | None = 1400.0, **given: Any) -> Mapping[str, Any]:
    """One row as the dataset has it."""
    near = rating or 0.0
    return {
        "model_name": model,
        "organization": "",
        "license": "Proprietary",
        "rating": rating,
        "rating_lower": near - 5,
        "rating_upper": near + 5,
        "variance": 6.5,
        "vote_count": 1000.0,
        "rank": 1.0,
        "category": category,
        "leaderboard_publish_date": "2026-11-17",
        **given,
    }


def models(count: int) -> list[Any]:
    return [row(f"model-{number:04}") for number in range(count)]


def test_a_row_becomes_a_score_with_its_votes_and_the_date_of_the_newest_is_that_of_the_data(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [
        row("gpt-x", "overall", 1450.5, rating_lower=1440.25, rating_upper=1460.75, vote_count=31234.0),
        row("gpt-x", "hard_prompts", 1470.0),
    ]
    loaded = dataset.load(make_context())
    (record,) = loaded.records
    assert (record.provider, record.model_id, record.source) == (None, "gpt-x", "lmarena_dataset")
    assert record.scores[0] == Score(
        board="text", category="overall", rating=1450.5, low=1440.25, high=1460.75, votes=31234
    )
    assert record.scores[1].category == "hard_prompts"
    assert (loaded.as_of, loaded.warnings, loaded.quarantined) == ("2026-11-17", (), ())
    assert loaded.fetched_at is not None


def test_all_pages_are_read_in_order_and_never_more_than_four_at_a_time(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = models(1_234)
    hugging_face.pause = 0.005
    loaded = dataset.load(make_context())
    assert [record.model_id for record in loaded.records] == [f"model-{number:04}" for number in range(1_234)]
    assert len(hugging_face.requests) == len(set(hugging_face.requests)) == 13
    assert 1 < hugging_face.most_at_a_time <= 4


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200])
def test_no_page_is_asked_for_that_is_not_there(count: int, hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(count)
    assert len(dataset.load(make_context()).records) == count
    assert len(hugging_face.requests) == -(-count // 100)


def test_of_rows_that_stand_there_twice_the_one_with_more_votes_counts(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [
        row("gpt-x", rating=1450.0, vote_count=900.0),
        row("gpt-x", rating=1440.0, vote_count=2_000.0),
        row("gpt-x", rating=1430.0, vote_count=None),
    ]
    (record,) = dataset.load(make_context()).records
    assert [(score.rating, score.votes) for score in record.scores] == [(1440.0, 2000)]


def test_rows_of_two_days_are_both_used_the_later_for_each_model_and_the_older_are_told(
    hugging_face: Any, make_context: MakeContext
) -> None:
    older = {"leaderboard_publish_date": "2026-11-10", "vote_count": 9_000.0}
    hugging_face.rows = [
        row("gpt-x", rating=1450.0),
        row("gpt-x", rating=1440.0, **older),
        row("old-model", rating=1200.0, **older),
    ]
    loaded = dataset.load(make_context())
    assert {one.model_id: one.scores[0].rating for one in loaded.records} == {"gpt-x": 1450.0, "old-model": 1200.0}
    assert loaded.as_of == "2026-11-17"
    assert loaded.warnings == ("1 of 2 models were rated on 2026-11-10, not on 2026-11-17",)


def test_a_model_that_stands_there_before_and_after_its_renaming_is_one_model(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [
        row("claude-x-thinking-32k"),
        row("claude-x-high-32k"),
        row("claude-x"),
        row("claude-y-thinking-32k"),
    ]
    loaded = dataset.load(make_context())
    assert [one.model_id for one in loaded.records] == ["claude-x-high-32k", "claude-x", "claude-y-thinking-32k"]
    assert loaded.quarantined == ("claude-x-thinking-32k: now rated as claude-x-high-32k",)


def test_a_rating_within_a_harness_is_no_rating_of_the_model(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = [row("gpt-x"), row("gpt-x-high (codex-harness)"), row("gpt-y (preview)")]
    loaded = dataset.load(make_context())
    assert [one.model_id for one in loaded.records] == ["gpt-x", "gpt-y (preview)"]
    assert loaded.quarantined == ("gpt-x-high (codex-harness): rated within a harness, not by itself",)


@pytest.mark.parametrize("organization", ["", None, "OpenAI"])
def test_a_row_counts_whether_or_not_it_names_an_organization(
    organization: str | None, hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [row("gpt-x", organization=organization)]
    assert len(dataset.load(make_context()).records) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"rating": None},
        {"rating": "1400"},
        {"rating": True},
        {"model_name": ""},
        {"model_name": None},
        {"category": None},
        {"category": ""},
    ],
)
def test_what_is_no_rating_is_left_out_and_named(
    odd: dict[str, Any], hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [row("gpt-x"), {**row("gpt-x", "math"), **odd}]
    loaded = dataset.load(make_context())
    assert [len(record.scores) for record in loaded.records] == [1]
    assert len(loaded.quarantined) == 1


@pytest.mark.parametrize(
    "bounds",
    [{"rating_lower": None}, {"rating_lower": 1410.0, "rating_upper": 1390.0}, {"rating_upper": "high"}],
)
def test_an_interval_that_makes_no_sense_is_unknown(
    bounds: dict[str, Any], hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [row("gpt-x", **bounds)]
    score = dataset.load(make_context()).records[0].scores[0]
    assert (score.rating, score.low, score.high) == (1400.0, None, None)


def test_rows_without_an_overall_rating_are_refused(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = [row("gpt-x", "math")]
    with pytest.raises(SourceError, match="1 rows hold no overall rating of any model"):
        dataset.load(make_context())


def test_a_server_that_has_enough_of_us_is_left_alone_and_the_error_says_where_it_stopped(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = models(5_000)
    hugging_face.allowed = 10
    with pytest.raises(SourceError, match=r"the server is busy \(HTTP 429\) \(rows from [\d,]+ on\)"):
        dataset.load(make_context())
    time.sleep(0.2)
    assert len(hugging_face.requests) <= 10 + 4 * 3, "three tries for each of the four pages under way, and no more"


def test_pages_kept_from_before_serve_together_when_none_can_be_had(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = models(350)
    dataset.load(make_context())
    hugging_face.allowed = 0
    loaded = dataset.load(make_context())
    assert len(loaded.records) == 350
    assert any("HTTP 429" in warning and "of 4 pages" in warning for warning in loaded.warnings)


def test_offline_the_kept_pages_serve(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(150)
    dataset.load(make_context())
    asked = len(hugging_face.requests)
    assert len(dataset.load(make_context(offline=True)).records) == 150
    assert len(hugging_face.requests) == asked


def test_new_pages_are_never_put_together_with_kept_ones_of_another_day(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [{**one, "leaderboard_publish_date": "2026-11-10"} for one in models(850)]
    dataset.load(make_context())
    hugging_face.rows = models(850)
    hugging_face.allowed = len(hugging_face.requests) + 3
    with pytest.raises(SourceError, match=r"some pages are new, of 2026-11-17, and others .* from 2026-11-10"):
        dataset.load(make_context())


def test_a_dataset_that_changes_while_it_is_read_is_refused(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(300)
    hugging_face.total = lambda offset: 300 if offset < 200 else 301
    with pytest.raises(SourceError, match="changed while it was read: its pages count 300 and 301 rows"):
        dataset.load(make_context())


def test_pages_that_hold_fewer_rows_than_are_counted_are_refused(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(150)
    hugging_face.total = lambda _: 180
    with pytest.raises(SourceError, match="the pages hold 150 rows where the dataset counts 180"):
        dataset.load(make_context())


def test_a_dataset_that_lost_a_third_of_its_rows_leaves_the_kept_pages_in_force(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = models(90)
    dataset.load(make_context())
    hugging_face.rows = models(50)
    loaded = dataset.load(make_context())
    assert len(loaded.records) == 90
    assert "counts 50 rows where the copy before counted 90" in loaded.warnings[0]


def test_a_dataset_beyond_a_few_hundred_pages_is_not_asked_for(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(100)
    hugging_face.total = lambda _: 30_001
    with pytest.raises(SourceError, match="has 30,001 rows, more than the 30,000 that are asked for"):
        dataset.load(make_context())
    assert len(hugging_face.requests) == 1


def test_a_part_of_the_dataset_is_refused(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(10)
    hugging_face.partial = True
    with pytest.raises(SourceError, match="holds only a part of the dataset"):
        dataset.load(make_context())


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"error": "The dataset is gated"},
        {"rows": [], "num_rows_total": 0},
        {"rows": [], "num_rows_total": True},
        {"rows": [{"row": []}], "num_rows_total": 1},
        {"rows": {}, "num_rows_total": 1},
    ],
)
def test_what_is_no_page_is_refused(document: Any, tmp_path: Path) -> None:
    from llmhub_source_hf.pages import check

    with pytest.raises(ValueError, match=r"is not a page of rows|has an entry without a row"):
        check(document, None)


def test_pages_that_do_not_come_in_time_end_it(hugging_face: Any, make_context: MakeContext) -> None:
    hugging_face.rows = models(2_000)
    hugging_face.pause = 0.15
    began = time.monotonic()
    with pytest.raises(SourceError, match=r"\d+ of 20 pages came in time"):
        dataset.load(make_context(), time_limit=0.4)
    assert time.monotonic() - began < 5


# --- in a catalog ---------------------------------------------------------------------------------------------------


def offer(*names: str) -> CatalogSource:
    return CatalogSource(
        name="facts",
        load=lambda _: SourceLoad(
            records=tuple(
                ModelRecord(source="facts", provider="openai", model_id=name, facts=ModelFacts(family="gpt"))
                for name in names
            )
        ),
    )


def arena_catalog(**ratings: float) -> CatalogSource:
    """The built-in source of the same leaderboard, as it ranks."""
    return CatalogSource(
        name="lmarena",
        priority=40,
        load=lambda _: SourceLoad(
            records=tuple(
                ModelRecord(
                    source="lmarena",
                    provider=None,
                    model_id=name.replace("_", "-"),
                    scores=(Score(board="text", category="overall", rating=rating),),
                )
                for name, rating in ratings.items()
            ),
            as_of="2025-12-11",
        ),
    )


def test_the_dataset_counts_over_arena_catalog_which_fills_in_what_it_lacks(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [row("gpt-4o", rating=1345.0)]
    ratings, _ = llmhub_catalog_sources()
    catalog = build_catalog(
        [arena_catalog(gpt_4o=1300.0, gpt_4=1200.0), offer("gpt-4o", "gpt-4"), ratings], [], make_context()
    )
    assert catalog.models["openai:gpt-4o"].arena_score == 1345.0
    assert catalog.models["openai:gpt-4"].arena_score == 1200.0
    origin = next(one for one in catalog.models["openai:gpt-4o"].provenance if one.field == "scores")
    assert (origin.source, origin.as_of) == ("lmarena_dataset", "2026-11-17")
    state = next(one for one in catalog.sources if one.name == "lmarena_dataset")
    assert "CC BY 4.0" in state.attribution


def test_a_model_that_is_rated_only_with_an_effort_has_that_score_and_none_of_its_own(
    hugging_face: Any, make_context: MakeContext
) -> None:
    hugging_face.rows = [row("gpt-5-high", rating=1440.0)]
    ratings, _ = llmhub_catalog_sources()
    model = build_catalog([offer("gpt-5"), ratings], [], make_context()).models["openai:gpt-5"]
    assert model.arena_score is None
    assert [(score.mode, score.rating) for score in model.scores] == [("high", 1440.0)]


def test_the_real_rows_are_read_whole_and_under_the_categories_of_the_catalog(
    hugging_face: Any, make_context: MakeContext
) -> None:
    file = Path(__file__).parents[3] / "../shared/data/arena/hf_dataset_rows.json"
    if not file.is_file():
        pytest.skip(f"the real file is not at hand ({file})")
    document = json.loads(file.read_bytes())
    hugging_face.rows = [{name: value for name, value in one.items() if name != "config"} for one in document["rows"]]
    loaded = dataset.load(make_context())
    assert len(loaded.records) == 283
    assert sum(len(record.scores) for record in loaded.records) == len(hugging_face.rows) == 6_898
    assert (loaded.as_of, loaded.quarantined, loaded.warnings) == ("2025-12-11", (), ())
    categories = {score.category for record in loaded.records for score in record.scores}
    assert {"overall", "hard_prompts", "instruction_following", "math", "creative_writing", "expert"} <= categories
    assert not categories & set(document["category_map"])
    assert len(hugging_face.requests) == 69
