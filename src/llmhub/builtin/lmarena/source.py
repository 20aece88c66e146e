"""Loads the text leaderboard of arena-catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.builtin.lmarena.leaderboard import OVERALL, read_leaderboard
from llmhub.errors import SourceError
from llmhub.records.context import Fetched, SourceContext
from llmhub.records.model import SourceLoad

DEFAULT_URL = "https://raw.githubusercontent.com/lmarena/arena-catalog/main/data/"
URL_VARIABLE = "LLMHUB_ARENA_URL"
FILES = ("leaderboard-text-style-control.json", "leaderboard-text.json")
"""In the order of preference: with style control, length and layout of an answer do not count."""

LARGEST_LOSS = 0.3


def load(context: SourceContext) -> SourceLoad:
    """The ratings of every model on the text board, in every category.

    Raises:
        llmhub.errors.SourceError: neither file can be had.
    """
    fetched, warnings = _fetch(context, addresses(context.environ.get(URL_VARIABLE) or DEFAULT_URL))
    leaderboard = read_leaderboard(fetched.document)
    return SourceLoad(
        records=leaderboard.records,
        as_of=fetched.last_modified,  # the file itself carries no date
        fetched_at=fetched.fetched_at,
        quarantined=leaderboard.quarantined,
        warnings=(*warnings, fetched.stale_reason) if fetched.stale_reason else warnings,
    )


def addresses(url: str) -> tuple[str, ...]:
    """Where the board is, the preferred place first: *url* itself if it names a file, else the files in that folder."""
    place, mark, query = url.partition("?") if "://" in url else (url, "", "")
    if place.lower().endswith(".json"):
        return (url,)
    return tuple(f"{place.rstrip('/')}/{file}{mark}{query}" for file in FILES)


def _fetch(context: SourceContext, places: tuple[str, ...]) -> tuple[Fetched, tuple[str, ...]]:
    preferred, *fallbacks = places
    try:
        return context.fetch_json(preferred, accept=check), ()
    except SourceError as first:
        if not fallbacks:
            raise
        try:
            return context.fetch_json(fallbacks[0], accept=check), (f"{first}; using the board without style control",)
        except SourceError as second:
            told = f"; {second}" if second.reason != first.reason else f", and so is {second.source}"
            raise SourceError("lmarena", f"{first}{told}") from second


def check(document: Any, previous: Any) -> None:
    """Refuse a document that is no leaderboard, or has lost much of what the *previous* one had.

    Raises:
        ValueError: with the reason.
    """
    names = _rated(document)
    if not names:
        raise ValueError("rates no models")
    if previous is not None and names < (1 - LARGEST_LOSS) * _rated(previous):
        raise ValueError(f"rates {names} models where the copy before rated {_rated(previous)}")


def _rated(document: Any) -> int:
    records: Mapping[str, Any] = {record.model_id: record for record in read_leaderboard(document).records}
    return sum(any(score.category == OVERALL for score in record.scores) for record in records.values())
