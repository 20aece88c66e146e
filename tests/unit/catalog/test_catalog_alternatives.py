"""What to look at beside a model: cheaper ones near in rating, better ones near in price."""

from __future__ import annotations

from typing import Any

from llmhub.catalog.alternatives import alternatives
from llmhub.records.model import CanonicalModel, Score


def model(key: str, price: float | None, rating: float | None = None, **facts: Any) -> CanonicalModel:
    provider, _, model_id = key.partition(":")
    if price is not None:
        facts |= {"price_state": "known", "price_input_per_million": price, "price_output_per_million": price}
    if rating is not None:
        score = Score(board="text", category="overall", rating=rating, low=rating - 5, high=rating + 5)
        facts["scores"] = (score,)
    facts = {"output_modalities": ("text",), "tags": ("tools",), **facts}
    return CanonicalModel(canonical_id=key, provider=provider, model_id=model_id, **facts)


MINE = model("openai:gpt-4.1", 4.0, 1400)
OTHERS = (
    model("azure:gpt-4.1", 3.0, 1400),  # the same model: an offer, no alternative
    model("anthropic:claude-sonnet-4-5", 6.0, 1450),
    model("bedrock:anthropic.claude-sonnet-4-5", 5.0, 1450),
    model("anthropic:claude-opus-4-5", 10.0, 1470),
    model("gemini:gemini-2.5-flash", 0.9, 1390),
    model("gemini:gemini-2.5-pro", 3.5, 1408),  # its interval overlaps: not better beyond chance
    model("mistral:mistral-small-2506", 0.2, 1340),
    model("groq:llama-3.1-8b-instant", 0.06),
    model("xai:grok-4", 5.0, 1420, status="deprecated"),
    model("cohere:command-a", 2.0, 1399, tags=()),  # cannot call tools
    model("openai:text-embedding-3-small", 0.02, tags=("embedding", "tools")),
    model("deepseek:deepseek-v3.2", None, 1425),
)


def found(mine: CanonicalModel, *others: CanonicalModel) -> tuple[list[str], list[str], str]:
    beside = alternatives(mine, {one.canonical_id: one for one in (mine, *others)}, 3.0)
    return [one.canonical_id for one in beside.cheaper], [one.canonical_id for one in beside.better], beside.note


def test_cheaper_ones_come_nearest_in_rating_and_better_ones_nearest_in_price() -> None:
    cheaper, better, note = found(MINE, *OTHERS)
    assert cheaper == ["gemini:gemini-2.5-pro", "gemini:gemini-2.5-flash", "mistral:mistral-small-2506"]
    assert better == [
        "bedrock:anthropic.claude-sonnet-4-5",  # one model, where it costs least
        "anthropic:claude-opus-4-5",
        "deepseek:deepseek-v3.2",  # its price is not known, so it is last
    ]
    assert note == ""


def test_of_an_unrated_model_none_is_called_better_and_cheaper_ones_come_by_price() -> None:
    cheaper, better, note = found(model("openai:gpt-4.1", 4.0), *OTHERS)
    assert cheaper[0] == "gemini:gemini-2.5-pro"
    assert better == []
    assert note == "it is not rated, so none can be called better"


def test_of_an_unpriced_model_none_is_called_cheaper() -> None:
    cheaper, better, note = found(model("openai:gpt-4.1", None, 1400, price_state="included"), *OTHERS)
    assert cheaper == []
    assert better
    assert note == "its price is included in a plan, so none can be called cheaper"


def test_an_embedding_model_is_compared_with_embedding_models_only() -> None:
    mine = model("openai:text-embedding-3-large", 0.13, tags=("embedding",))
    other = model("mistral:mistral-embed", 0.1, tags=("embedding",))
    assert found(mine, other, *OTHERS)[0] == ["mistral:mistral-embed", "openai:text-embedding-3-small"]
