from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from llmhub.builtin import lmarena
from llmhub.builtin.lmarena.leaderboard import read_leaderboard
from llmhub.builtin.lmarena.source import addresses
from llmhub.catalog.fetch import CachingFetch
from llmhub.errors import SourceError
from llmhub.records.context import SourceContext
from llmhub.records.model import Score, SourceLoad

STYLE_CONTROL, PLAIN = "leaderboard-text-style-control.json", "leaderboard-text.json"


def rating(value: float) -> dict[str, float]:
    return {"rating": value, "rating_q025": value - 5, "rating_q975": value + 5}


def load(folder: Path, copies: Path | None = None) -> SourceLoad:
    def now() -> datetime:
        return datetime(2026, 11, 23, tzinfo=UTC)

    fetch = CachingFetch(folder=(copies or folder) / "copies", now=now)
    (source,) = lmarena.llmhub_catalog_sources()
    return source.load(
        SourceContext(environ={"LLMHUB_ARENA_URL": str(folder)}, now=now, fetch_json=fetch, progress=lambda _: None)
    )


def write(folder: Path, file: str, document: Any) -> None:
    (folder / file).write_text(json.dumps(document))


def test_every_category_is_kept_under_the_name_the_site_has_for_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        STYLE_CONTROL,
        {
            "chinese": {"gpt-x": rating(1500)},
            "full": {"gpt-x": rating(1400), "old-model": rating(900)},
            "hard_6": {"gpt-x": rating(1410)},
            "if": {"gpt-x": rating(1390)},
        },
    )
    loaded = load(tmp_path)
    first, second = loaded.records
    assert (first.provider, first.model_id, second.model_id) == (None, "gpt-x", "old-model")
    assert first.scores[1] == Score(board="text", category="overall", rating=1400.0, low=1395.0, high=1405.0)
    assert [score.category for score in first.scores] == [
        "chinese",
        "overall",
        "hard_prompts",
        "instruction_following",
    ]
    assert loaded.as_of is None, "the file does not say of when it is, and nobody may guess"


def test_the_board_with_style_control_is_preferred_and_the_other_stands_in_with_a_warning(tmp_path: Path) -> None:
    write(tmp_path, PLAIN, {"full": {"gpt-x": rating(1300)}})
    loaded = load(tmp_path)
    assert loaded.records[0].scores[0].rating == 1300.0
    assert "using the board without style control" in loaded.warnings[0]
    write(tmp_path, STYLE_CONTROL, {"full": {"gpt-x": rating(1400)}})
    preferred = load(tmp_path)
    assert (preferred.records[0].scores[0].rating, preferred.warnings) == (1400.0, ())


def test_with_neither_board_the_error_tells_of_both(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"style-control\.json.*leaderboard-text\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("stated", "low"),
    [
        ({"rating": 1400}, None),
        ({"rating": 1400, "rating_q025": 1410, "rating_q975": 1390}, None),
        ({"rating": 1400, "rating_q025": "low", "rating_q975": 1410}, None),
        ({"rating": 1400, "rating_q025": 1390, "rating_q975": 1410}, 1390.0),
    ],
)
def test_an_interval_that_makes_no_sense_is_unknown(tmp_path: Path, stated: dict[str, Any], low: float | None) -> None:
    write(tmp_path, STYLE_CONTROL, {"full": {"gpt-x": stated}})
    assert load(tmp_path).records[0].scores[0].low == low


@pytest.mark.parametrize("stated", [None, 1400, {}, {"rating": None}, {"rating": True}, {"rating": "1400"}])
def test_what_is_no_rating_is_left_out_and_named(tmp_path: Path, stated: object) -> None:
    write(tmp_path, STYLE_CONTROL, {"full": {"gpt-x": rating(1400), "odd": stated}})
    loaded = load(tmp_path)
    assert [record.model_id for record in loaded.records] == ["gpt-x"]
    assert loaded.quarantined == (f"full/odd: {stated!r} is no rating",)


@pytest.mark.parametrize("document", [[], {"full": []}, {"full": {}}, {"chinese": {"gpt-x": {"rating": 1400}}}])
def test_a_document_without_overall_ratings_is_refused(tmp_path: Path, document: object) -> None:
    write(tmp_path, STYLE_CONTROL, document)
    with pytest.raises(SourceError):
        load(tmp_path)


def test_a_board_that_shrinks_by_a_third_leaves_the_earlier_one_in_force(tmp_path: Path) -> None:
    write(tmp_path, STYLE_CONTROL, {"full": {f"m-{number}": rating(1400) for number in range(10)}})
    load(tmp_path)
    write(tmp_path, STYLE_CONTROL, {"full": {f"m-{number}": rating(1400) for number in range(6)}})
    stale = load(tmp_path)
    assert len(stale.records) == 10
    assert "rates 6 models where the copy before rated 10" in stale.warnings[0]


def test_the_real_board_is_read_whole(tmp_path: Path) -> None:
    board = Path(__file__).parents[3] / "../shared/data/arena" / STYLE_CONTROL
    if not board.is_file():
        pytest.skip(f"the real file is not at hand ({board})")
    write(tmp_path, STYLE_CONTROL, json.loads(board.read_bytes()))
    loaded = load(tmp_path)
    assert len(loaded.records) == 283
    assert loaded.quarantined == ()
    assert all(any(score.category == "overall" for score in record.scores) for record in loaded.records)


def test_one_reason_for_both_boards_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        load(tmp_path)
    assert str(error.value).count("no such file") == 1
    assert str(error.value).endswith(f", and so is {(tmp_path / PLAIN).as_uri()}")


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("https://mirror/arena/", (f"https://mirror/arena/{STYLE_CONTROL}", f"https://mirror/arena/{PLAIN}")),
        (
            "https://mirror/arena?key=k",
            (f"https://mirror/arena/{STYLE_CONTROL}?key=k", f"https://mirror/arena/{PLAIN}?key=k"),
        ),
        ("https://mirror/ours.json", ("https://mirror/ours.json",)),
        ("https://mirror/ours.json?key=k", ("https://mirror/ours.json?key=k",)),
        ("/a folder?", (f"/a folder?/{STYLE_CONTROL}", f"/a folder?/{PLAIN}")),
    ],
)
def test_a_mirror_is_a_folder_or_one_file(url: str, places: tuple[str, ...]) -> None:
    assert addresses(url) == places


def test_one_file_of_another_name_is_read_as_the_board(tmp_path: Path) -> None:
    write(tmp_path, "ours.json", {"full": {"gpt-x": rating(1400)}})
    assert load(tmp_path / "ours.json", copies=tmp_path).records[0].scores[0].rating == 1400.0
    with pytest.raises(SourceError, match=r"theirs\.json: cannot be read"):
        load(tmp_path / "theirs.json", copies=tmp_path)


def test_a_rating_of_more_digits_than_a_float_holds_is_no_rating() -> None:
    board = read_leaderboard({"full": {"gpt": {"rating": 10**400}, "claude": {"rating": 1300, "rating_q025": 10**400}}})
    assert [(record.model_id, record.scores[0].low) for record in board.records] == [("claude", None)]
    assert len(board.quarantined[0]) < 200
