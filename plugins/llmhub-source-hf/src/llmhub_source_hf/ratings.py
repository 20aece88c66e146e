"""Turns rows of the dataset into one record per model. Pure.

A row is one model in one category: `model_name`, `rating` with `rating_lower` and `rating_upper`, `vote_count`,
`category`, `leaderboard_publish_date`, and more that is not used. Its categories are called as in the catalog.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from llmhub.records.foreign import amount, number, shown
from llmhub.records.model import ModelRecord, Score

SOURCE = "lmarena_dataset"
BOARD = "text"
OVERALL = "overall"

Row = Mapping[str, Any]


@frozen(kw_only=True)
class Ratings:
    """One record per model, the date of the newest rating, what was left out with the reason, and what to tell."""

    records: tuple[ModelRecord, ...] = field(repr=False)
    as_of: str | None = None
    quarantined: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@frozen(kw_only=True)
class _Rated:
    """One usable row."""

    model: str
    score: Score
    date: str

    @property
    def standing(self) -> tuple[str, int, float]:
        """Of two rows for one model and category the later counts; of one day, the one with more votes.

        With as many votes it is the lower rating, which is the safer claim, and not whichever came first.
        """
        return self.date, self.score.votes or 0, -self.score.rating


def read_ratings(rows: Iterable[Row]) -> Ratings:
    """Every rating in *rows* that is one of a model, once."""
    best: dict[tuple[str, str], _Rated] = {}
    quarantined: list[str] = []
    for row in rows:
        found = _rated(row)
        if isinstance(found, str):
            quarantined.append(found)
            continue
        place = found.model, found.score.category
        if place not in best or best[place].standing < found.standing:
            best[place] = found
    by_model: dict[str, list[_Rated]] = {}
    for rated in best.values():
        by_model.setdefault(rated.model, []).append(rated)
    renamed = _renamed(by_model)
    quarantined += [f"{old}: now rated as {new}" for old, new in renamed.items()]
    kept = {name: found for name, found in by_model.items() if name not in renamed}
    dates = Counter(max(one.date for one in found) for found in kept.values())
    as_of = max(dates, default="")
    return Ratings(
        records=tuple(
            ModelRecord(source=SOURCE, provider=None, model_id=name, scores=tuple(one.score for one in found))
            for name, found in kept.items()
        ),
        as_of=as_of or None,
        quarantined=tuple(quarantined),
        warnings=tuple(
            f"{count} of {len(kept)} models were rated on {date or 'an unknown day'}, not on {as_of}"
            for date, count in sorted(dates.items())
            if date != as_of
        ),
    )


def _rated(row: Row) -> _Rated | str:
    """What a row says, or why it says nothing of use."""
    name, category, date = row.get("model_name"), row.get("category"), row.get("leaderboard_publish_date")
    if not isinstance(name, str) or not name.strip() or not isinstance(category, str) or not category:
        return f"{shown(name)} in {shown(category)}: a name and a category are expected"
    if _HARNESS.search(name):
        return f"{name}: rated within a harness, not by itself"
    rating = number(row.get("rating"))
    if rating is None:
        return f"{name} in {category}: {shown(row.get('rating'))} is no rating"
    low, high = number(row.get("rating_lower")), number(row.get("rating_upper"))
    if low is None or high is None or not low <= rating <= high:
        low = high = None
    votes = amount(row.get("vote_count"))
    return _Rated(
        model=name.strip(),
        score=Score(
            board=BOARD,
            category=category,
            rating=rating,
            low=low,
            high=high,
            votes=None if votes is None else int(votes),
        ),
        date=date if isinstance(date, str) and _DAY.match(date) else "",
    )


_HARNESS = re.compile(r"\([^()]*harness[^()]*\)\s*$", re.IGNORECASE)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


# --- renames --------------------------------------------------------------------------------------------------------

_THINKING_BUDGET = re.compile(r"-thinking-(\d+k)$")


def _renamed(by_model: Mapping[str, Iterable[_Rated]]) -> Mapping[str, str]:
    """Names that stand there twice, before and after a rename.

    On 2026-08-12 LMArena renamed `*-thinking-32k` to `*-high-32k` and took the votes along.
    """
    return {
        old: new
        for old in by_model
        if (budget := _THINKING_BUDGET.search(old))
        and (new := f"{old[: budget.start()]}-high-{budget.group(1)}") in by_model
    }
