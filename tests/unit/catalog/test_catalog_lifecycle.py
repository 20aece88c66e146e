"""What follows on a model: the newest live one of its line at its provider, as an inference."""

from __future__ import annotations

import pytest

from llmhub.catalog.lifecycle import successor
from llmhub.records.model import CanonicalModel

RELEASED = {
    "anthropic:claude-3-opus-20240229": "2024-02-29",
    "anthropic:claude-opus-4-1": "2025-08-05",
    "anthropic:claude-opus-4-1-20250805": "2025-08-05",
    "anthropic:claude-sonnet-4-5": "2025-09-29",
    "bedrock:anthropic.claude-opus-4-5-20251101-v1:0": "2025-11-24",
    "gemini:gemini-2.0-flash": "2025-02-05",
    "gemini:gemini-2.5-flash": "2025-06-17",
    "gemini:gemini-3-flash-preview": "2025-12-17",
    "deepseek:deepseek-r1": "2025-01-20",
    "deepseek:deepseek-v3.2": "2025-12-01",
    "openai:gpt-4-turbo": "2024-04-09",
    "openai:gpt-5": "2025-08-07",
    "openai:babbage-002": "",
}


def models(**status: str) -> dict[str, CanonicalModel]:
    return {
        key: CanonicalModel(
            canonical_id=key,
            provider=key.partition(":")[0],
            model_id=key.partition(":")[2],
            release_date=day or None,
            status=status.get(key.partition(":")[2].replace("-", "_").replace(".", "_")),
        )
        for key, day in RELEASED.items()
    }


@pytest.mark.parametrize(
    ("key", "follows"),
    [
        ("anthropic:claude-3-opus-20240229", "anthropic:claude-opus-4-1"),
        ("gemini:gemini-2.0-flash", "gemini:gemini-2.5-flash"),  # a preview follows no finished model
        ("deepseek:deepseek-r1", None),  # V is another series than R
        ("openai:gpt-4-turbo", None),  # there is no newer turbo
        ("anthropic:claude-opus-4-1", None),  # the newer one is another provider's
        ("openai:babbage-002", None),  # no date, no order
    ],
)
def test_the_newest_of_the_same_line_at_the_same_provider_follows(key: str, follows: str | None) -> None:
    every = models()
    found = successor(every[key], every)
    assert (found and found.model.canonical_id) == follows


def test_it_is_told_as_an_inference_with_its_grounds() -> None:
    every = models()
    found = successor(every["anthropic:claude-3-opus-20240229"], every)
    assert found is not None
    assert found.inference == ("inferred: same line (claude opus) at anthropic, released 2025-08-05, after 2024-02-29")


def test_a_deprecated_model_follows_nothing() -> None:
    every = models(claude_opus_4_1="deprecated")
    found = successor(every["anthropic:claude-3-opus-20240229"], every)
    assert found is not None
    assert found.model.model_id == "claude-opus-4-1-20250805"
