"""Reads models.dev's models.json: facts by lab, and the benchmark results that labs and others published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmhub.records.foreign import number, shown
from llmhub.records.model import Score

BOARD = "models.dev"

LABS: Mapping[str, str] = {
    # What models.json calls a lab, and the models.dev provider that is the lab itself.
    "alibaba": "alibaba-cn",
    "meta": "llama",
    "zhipuai": "zai",
}


def read_benchmarks(document: Any) -> tuple[Mapping[tuple[str, str], tuple[Score, ...]], tuple[str, ...]]:
    """The results of each model by the lab's models.dev provider and model id, and what was left out with the reason.

    One score per benchmark: the plain result where there are several (by harness, variant, data set), told apart by
    what qualifies them otherwise. They are on the benchmark's own scale, mostly percent.

    Raises:
        ValueError: it is not of this shape at all.
    """
    found: dict[tuple[str, str], tuple[Score, ...]] = {}
    quarantined: list[str] = []
    for name, entry in _entries(document).items():
        results = entry.get("benchmarks") if isinstance(entry, Mapping) else None
        if not isinstance(results, list):
            continue
        lab, _, model_id = name.partition("/")
        scores: dict[str, Score] = {}
        for position, result in enumerate(results):
            score = _score(result)
            if score is None:
                quarantined.append(f"{name}: benchmarks[{position}] is no result")
            else:
                scores.setdefault(score.category, score)
        if scores:
            found[LABS.get(lab, lab), model_id] = tuple(scores.values())
    return found, tuple(quarantined)


def _entries(document: Any) -> Mapping[str, Any]:
    if isinstance(document, Mapping):
        return document
    raise ValueError(f"is not models.dev's models.json: a {type(document).__name__}, where models by id should be")


def _score(result: Any) -> Score | None:
    if not isinstance(result, Mapping):
        return None
    name, score = result.get("name"), number(result.get("score"))
    if not isinstance(name, str) or not name or score is None:
        return None
    return Score(board=BOARD, category=_category(name, result), rating=score)


def _category(name: str, result: Mapping[str, Any]) -> str:
    """Results under other conditions are other measures: `SWE-Bench Pro (dataset: public, harness: mini-swe-agent)`."""
    stated = {key: result.get(key) for key in ("dataset", "variant", "version", "harness")}
    conditions = [
        f"{key}: {value if isinstance(value, str) else shown(value)}" for key, value in stated.items() if value
    ]
    return f"{name} ({', '.join(conditions)})" if conditions else name
