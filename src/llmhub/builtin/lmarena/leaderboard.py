"""Reads a leaderboard of arena-catalog: `{category: {model: {rating, rating_q025, rating_q975}}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from llmhub.records.foreign import number, shown
from llmhub.records.model import ModelRecord, Score

BOARD = "text"
OVERALL = "overall"

CATEGORIES: Mapping[str, str] = {
    # What arena-catalog calls a category, and what LMArena's site and data set call it.
    "full": OVERALL,
    "hard_6": "hard_prompts",
    "hard_english_6": "hard_prompts_english",
    "if": "instruction_following",
    "multiturn": "multi_turn",
    "long_user": "longer_query",
    "no_tie": "exclude_ties",
}


@frozen(kw_only=True)
class Leaderboard:
    """One record per model, with its scores in all categories, and what was left out with the reason."""

    records: tuple[ModelRecord, ...] = field(repr=False)
    quarantined: tuple[str, ...] = ()


def read_leaderboard(document: Any) -> Leaderboard:
    """Every rating in *document*.

    Raises:
        ValueError: it is not of this shape at all.
    """
    if not isinstance(document, Mapping) or not all(isinstance(models, Mapping) for models in document.values()):
        raise ValueError("is not a leaderboard: ratings by category and model are expected")
    scores: dict[str, list[Score]] = {}
    quarantined: list[str] = []
    for stated, models in document.items():
        category = CATEGORIES.get(stated, stated)
        for name, rating in models.items():
            score = _score(category, rating)
            if score is None or not name:
                quarantined.append(f"{stated}/{name}: {shown(rating)} is no rating")
            else:
                scores.setdefault(name, []).append(score)
    return Leaderboard(
        records=tuple(
            ModelRecord(source="lmarena", provider=None, model_id=name, scores=tuple(found))
            for name, found in scores.items()
        ),
        quarantined=tuple(quarantined),
    )


def _score(category: str, stated: Any) -> Score | None:
    rating = _number(stated, "rating")
    if rating is None:
        return None
    low, high = _number(stated, "rating_q025"), _number(stated, "rating_q975")
    if low is None or high is None or not low <= rating <= high:
        low = high = None
    return Score(board=BOARD, category=category, rating=rating, low=low, high=high)


def _number(stated: Any, name: str) -> float | None:
    return number(stated.get(name)) if isinstance(stated, Mapping) else None
