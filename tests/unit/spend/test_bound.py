"""The most a call can cost: never less than what it does cost, and never made up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.errors import UnboundedCallError
from llmhub.records.calls import Usage
from llmhub.records.model import CanonicalModel
from llmhub.spend.bound import most_dollars, request_of, ruled_out
from llmhub.spend.price import cost_of
from llmhub.spend.rates import Rates, TokenRates

PLAIN = Rates(source="catalog", base=TokenRates(input=Decimal(3), output=Decimal(15)))
RICH = Rates(
    source="genai_prices",
    base=TokenRates(
        input=Decimal(3),
        output=Decimal(15),
        cache_read=Decimal("0.3"),
        cache_write=Decimal("3.75"),
        cache_write_long=Decimal(6),
    ),
    tiers=((200_000, TokenRates(input=Decimal(6), output=Decimal("22.5"), cache_write=Decimal("7.5"))),),
)
MODEL = CanonicalModel(canonical_id="p:m", provider="p", model_id="m", context_tokens=128_000, max_output_tokens=4096)
HELLO = [{"role": "user", "content": "Hello"}]
PICTURE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]}]


def bound(payload, params, *, rates=(PLAIN,), model=MODEL, method="completion"):
    return most_dollars(request_of(method, payload, params), "p:m", model, rates)


def test_text_is_bounded_by_its_bytes_and_the_answer_by_max_tokens():
    more = bound([{"role": "user", "content": "x" * 1_000_000}], {"max_tokens": 100}) - bound(
        [{"role": "user", "content": ""}], {"max_tokens": 100}
    )
    assert more == Decimal(3), "a million bytes, at 3 dollars per million tokens"
    assert bound(HELLO, {"max_tokens": 1001}) - bound(HELLO, {"max_tokens": 1000}) == Decimal("0.000015")
    assert bound([{"role": "user", "content": "é" * 10}], {}) > bound([{"role": "user", "content": "e" * 10}], {})


def test_without_max_tokens_the_models_longest_answer_counts():
    assert bound(HELLO, {}) - bound(HELLO, {"max_tokens": 96}) > Decimal(15) * 3990 / 1_000_000
    assert bound(HELLO, {"max_tokens": 10, "n": 3}) > bound(HELLO, {"max_tokens": 30})


def test_a_picture_is_bounded_by_the_context_window():
    assert bound(PICTURE, {"max_tokens": 1}) == (Decimal(3) * 128_000 + 15) / 1_000_000


@pytest.mark.parametrize(
    ("payload", "params", "changes", "remedy"),
    [
        (HELLO, {}, {"model": None}, "set max_tokens"),
        (PICTURE, {"max_tokens": 9}, {"model": None}, "state context_tokens"),
        (HELLO, {"max_tokens": 9, "previous_response_id": "r"}, {"model": None}, "state context_tokens"),
        (HELLO, {"max_tokens": 9}, {"rates": ()}, "llmhub catalog refresh"),
        (HELLO, {"max_tokens": 9, "tools": [{"type": "web_search"}]}, {}, "Leave it out"),
        (HELLO, {"max_tokens": 9, "service_tier": "priority"}, {}, "Leave it out"),
        (HELLO, {"max_tokens": 9, "response_format": object}, {"model": None}, "context window"),
        ("a cat", {}, {"method": "image"}, "Take its role out of the budget"),
    ],
)
def test_what_nobody_can_bound_is_refused_with_a_remedy(payload, params, changes, remedy):
    with pytest.raises(UnboundedCallError, match=remedy):
        bound(payload, params, **changes)


def test_a_fee_beside_the_tokens_has_no_bound():
    fees = Rates(source="genai_prices", base=PLAIN.base, beside_tokens=("each request",))
    with pytest.raises(UnboundedCallError, match="each request"):
        bound(HELLO, {"max_tokens": 9}, rates=(fees,))


def test_the_dearest_list_of_prices_counts():
    dearer = Rates(source="catalog", base=TokenRates(input=Decimal(4), output=Decimal(15)))
    assert bound(HELLO, {"max_tokens": 9}, rates=(PLAIN, dearer)) == bound(HELLO, {"max_tokens": 9}, rates=(dearer,))


def test_an_embedding_costs_its_input_alone():
    free_output = Rates(source="catalog", base=TokenRates(input=Decimal("0.02")))
    assert bound("x" * 1000, {}, rates=(free_output,), method="embedding", model=None) < Decimal("0.00003")


@given(st.text(max_size=400), st.integers(1, 5000), st.data())
def test_no_usage_that_a_request_allows_costs_more_than_its_bound(content, max_tokens, data):
    cached = data.draw(st.booleans())
    part = {"type": "text", "text": content, **({"cache_control": {"type": "ephemeral"}} if cached else {})}
    request = request_of("messages", [{"role": "user", "content": [part]}], {"max_tokens": max_tokens})
    most = most_dollars(request, "p:m", None, (RICH,))
    given_tokens = data.draw(st.integers(0, len(content.encode())))
    read = data.draw(st.integers(0, given_tokens))
    written = data.draw(st.integers(0, given_tokens - read)) if cached else 0
    usage = Usage(
        input_tokens=given_tokens,
        output_tokens=data.draw(st.integers(0, max_tokens)),
        cached_input_tokens=read,
        cache_write_tokens=written,
        cache_write_long_tokens=data.draw(st.integers(0, written)),
    )
    cost = cost_of(usage, RICH)
    assert cost.dollars <= most
    assert cost.complete


def test_what_a_request_rules_out_is_known_to_be_zero():
    told = ruled_out(Usage(input_tokens=5, output_tokens=5), request_of("completion", HELLO, {}))
    assert (told.cache_write_tokens, told.audio_input_tokens, told.audio_output_tokens) == (0, 0, 0)
    asked = ruled_out(Usage(input_tokens=5), request_of("completion", PICTURE, {"modalities": ["audio"]}))
    assert (asked.audio_input_tokens, asked.audio_output_tokens) == (None, None)
