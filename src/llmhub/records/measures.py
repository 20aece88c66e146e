"""What of a model can be compared by number: its blended price and its scores. Pure.

The cuts between tiers are taken over these, and each model is held against the cuts by the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from llmhub.records.model import CanonicalModel, Score

TEXT_BOARD = "text"
REASONING_CATEGORIES = ("math", "hard_prompts", "expert")

_NOT_CHAT = frozenset({"embedding", "moderation", "rerank", "speech", "transcription"})


def measures(model: CanonicalModel, price_ratio: float) -> Mapping[str, float]:
    """Every measure that is known of *model*, by name.

    `blended_price` in US dollars per million tokens; one per category of the text board; `reasoning`, the mean of
    math, hard prompts and expert where all three are known. Of a score the lower bound of its interval counts.
    """
    found = {category: lower_bound(score) for category, score in plain_scores(model).items()}
    if all(category in found for category in REASONING_CATEGORIES):
        found["reasoning"] = sum(found[category] for category in REASONING_CATEGORIES) / len(REASONING_CATEGORIES)
    price = blended_price(model, price_ratio)
    if price is not None:
        found["blended_price"] = price
    return found


def blended_price(model: CanonicalModel, price_ratio: float) -> float | None:
    """US dollars per million tokens at *price_ratio* input tokens to one output token; `None` when not known.

    A model that is embedded in a plan, or writes text for nothing, has no price that could be compared.
    """
    price_in, price_out = model.price_input_per_million, model.price_output_per_million
    if model.price_state != "known" or price_in is None or price_out is None:
        return None
    if price_out == 0 and makes_text(model):
        return None
    return (price_ratio * price_in + price_out) / (price_ratio + 1)


def plain_scores(model: CanonicalModel) -> Mapping[str, Score]:
    """The text board's scores of the plain model, not of a mode of it, by category."""
    return {score.category: score for score in model.scores if score.board == TEXT_BOARD and not score.mode}


def lower_bound(score: Score) -> float:
    """The lower end of the 95 % interval; the rating itself where no interval is stated."""
    return score.rating if score.low is None else score.low


def makes_text(model: CanonicalModel) -> bool:
    """Whether it is known to answer in text, and is no embedding, speech, transcription, rerank or moderation model."""
    return "text" in model.output_modalities and not _NOT_CHAT & set(model.tags)


def is_live(model: CanonicalModel) -> bool:
    """Whether its provider still means it to be used."""
    return model.status not in ("deprecated", "retired")
