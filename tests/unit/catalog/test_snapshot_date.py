from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.catalog.snapshot_date import SnapshotDate, read_iso, take_date


@pytest.mark.parametrize(
    ("name", "rest", "stated"),
    [
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", SnapshotDate(year=2025, month=9, day=29)),
        ("gpt-4o-2024-08-06", "gpt-4o", SnapshotDate(year=2024, month=8, day=6)),
        ("command-r-08-2024", "command-r", SnapshotDate(year=2024, month=8)),
        ("step-1o-turbo-202506", "step-1o-turbo", SnapshotDate(year=2025, month=6)),
        ("gemini-2.0-flash-lite-preview-02-05", "gemini-2.0-flash-lite-preview", SnapshotDate(month=2, day=5)),
        ("qwen3-235b-a22b-instruct-2507", "qwen3-235b-a22b-instruct", SnapshotDate(year=2025, month=7)),
        ("kimi-k2-0905-preview", "kimi-k2-preview", SnapshotDate(month=9, day=5)),
        ("claude-opus-4@20250514", "claude-opus-4", SnapshotDate(year=2025, month=5, day=14)),
        ("gemini-1.5-flash-002", "gemini-1.5-flash", SnapshotDate(revision=2)),
        ("nova-chat-26-02-10", "nova-chat", SnapshotDate(year=2026, month=2, day=10)),
        ("mistral-large-24.11", "mistral-large", SnapshotDate(year=2024, month=11)),
    ],
)
def test_a_date_is_taken_out_of_a_name_in_whatever_way_it_is_written(
    name: str, rest: str, stated: SnapshotDate
) -> None:
    text, found = take_date(name)
    assert found == stated
    assert text.replace("--", "-").strip("-@") == rest


@pytest.mark.parametrize("name", ["gpt-4.1", "llama-3.1-405b", "phi-3-mini-128k", "o3", "model-9999", "qwen-1332"])
def test_numbers_that_are_no_date_stay_in_the_name(name: str) -> None:
    assert take_date(name) == (name, None)


def test_a_thinking_budget_is_no_date() -> None:
    assert take_date("claude-opus-4-1-thinking:1024")[1] is None


def test_dates_agree_when_what_both_state_is_equal() -> None:
    march = SnapshotDate(month=3, day=24)
    assert march.agrees_with(SnapshotDate(year=2025, month=3, day=24))
    assert not march.agrees_with(SnapshotDate(year=2025, month=3, day=25))
    assert not march.agrees_with(SnapshotDate(revision=1)), "nothing in common is no agreement"


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2029, 12, 31)))
def test_any_full_date_is_read_back(day: date) -> None:
    for text in (f"{day:%Y%m%d}", f"{day:%Y-%m-%d}"):
        assert take_date(f"model-{text}")[1] == SnapshotDate(year=day.year, month=day.month, day=day.day)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-09-29", SnapshotDate(year=2025, month=9, day=29)),
        ("2025-09", SnapshotDate(year=2025, month=9)),
        ("2025", SnapshotDate(year=2025)),
        ("2025-13-01", None),
        ("2025-09-29-1", None),
        ("last week", None),
        ("", None),
    ],
)
def test_a_date_of_a_source_is_read_as_far_as_it_goes(text: str, read: SnapshotDate | None) -> None:
    assert read_iso(text) == read
