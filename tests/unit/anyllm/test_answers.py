"""What an answer says was used is a count, or unknown: the SDKs let anything stand there."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from llmhub.anyllm.answers import usage_of

ABSURD = [True, "12", -1, 1.5, float("nan"), float("inf"), 10**400, 2**63, 10**12, [], {}, SimpleNamespace()]


def said(**usage: Any) -> Any:
    return SimpleNamespace(usage=SimpleNamespace(**usage))


@pytest.mark.parametrize("odd", ABSURD)
def test_what_is_no_count_of_tokens_is_unknown_and_the_others_stand(odd: Any) -> None:
    usage = usage_of(
        said(
            prompt_tokens=odd,
            completion_tokens=17,
            total_tokens=odd,
            prompt_tokens_details=SimpleNamespace(cached_tokens=odd, audio_tokens=1),
            completion_tokens_details=SimpleNamespace(reasoning_tokens=odd),
        )
    )
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (None, 17, None)
    assert (usage.cached_input_tokens, usage.audio_input_tokens, usage.reasoning_tokens) == (None, 1, None)


@pytest.mark.parametrize("odd", ABSURD)
def test_in_anthropics_words_too(odd: Any) -> None:
    usage = usage_of(
        said(input_tokens=odd, output_tokens=2, cache_read_input_tokens=odd, cache_creation_input_tokens=3)
    )
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (None, 2, None)
    assert (usage.cached_input_tokens, usage.cache_write_tokens) == (None, 3)


def test_a_whole_number_is_a_count_however_it_is_written() -> None:
    usage = usage_of(said(prompt_tokens=12.0, completion_tokens=0))
    assert usage is not None
    assert (usage.input_tokens, type(usage.input_tokens), usage.output_tokens) == (12, int, 0)


@pytest.mark.parametrize("odd", [True, "a lot", "NaN", "-0.01", -1, float("inf"), "1e999999999", 10**400, [], {}])
def test_a_cost_that_makes_no_sense_is_unknown(odd: Any) -> None:
    usage = usage_of(said(prompt_tokens=1, cost=odd))
    assert usage is not None
    assert usage.cost is None


def test_a_cost_is_taken_to_the_last_digit() -> None:
    usage = usage_of(said(prompt_tokens=1, cost=0.0012345))
    assert usage is not None
    assert usage.cost == Decimal("0.0012345")
