"""An answer is believed when all of it passes, and else not at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmhub.builtin.llm_assisted.answer import LONGEST_REASON, Advice, RefusedAnswerError, advice_from, one_line
from llmhub.builtin.llm_assisted.question import LEVELS, Question
from llmhub.records.selection import Need

QUESTION = Question(
    role="r",
    need=Need(role="r", mode="chat", providers=("a",), weights={}, capabilities=("tools",), context_min=100_000),
    stated={"cost": "low"},
    shortlist=("a:one", "a:two", "b:three"),
    schema={},
    messages=(),
)


def given_answer(**changes):
    whole = {"order": ["a:two"], "needs": None, "reason": "It suits."} | changes
    return json.dumps({name: value for name, value in whole.items() if value is not ...})


def test_an_order_and_a_reason_are_advice():
    assert advice_from(given_answer(order=["b:three", "a:one"]), QUESTION) == Advice(
        order=("b:three", "a:one"), reason="It suits."
    )


def test_needs_beyond_the_stated_ones_are_advice():
    needs = {"latency": "low", "quality": None, "context_min": 200_000, "capabilities": ["vision", "vision"]}
    advice = advice_from(given_answer(needs=needs), QUESTION)
    assert advice.levels == {"latency": "low"}
    assert advice.context_min == 200_000
    assert advice.capabilities == ("vision",)


def test_repeating_what_the_spec_states_adds_nothing():
    needs = {"cost": "low", "context_min": 100_000, "capabilities": ["tools"]}
    assert not advice_from(given_answer(needs=needs), QUESTION).adds_needs


def test_an_order_may_be_empty_when_needs_are_added():
    assert advice_from(given_answer(order=[], needs={"context_min": 500_000}), QUESTION).order == ()


def test_a_fence_around_the_answer_is_taken_off():
    assert advice_from(f"```json\n{given_answer()}\n```\n", QUESTION).order == ("a:two",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("I would take a:two.", "it is not JSON"),
        (given_answer()[:-5], "it is not JSON"),
        (f"Here you are: {given_answer()}", "it is not JSON"),
        ("[" * 5000, "it is not JSON"),
        ("[" * 30_000, "longer than 20,000 characters"),
        ('["a:two"]', "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ('{"order": ["a:two"], "order": ["a:one"], "reason": "x"}', "a key stands twice in it"),
        ('{"order": ["a:two"], "reason": "x", "needs": {"context_min": NaN}}', "NaN is no number"),
        (given_answer(order=...), "`order` is not a list"),
        (given_answer(order="a:two"), "`order` is not a list"),
        (given_answer(order=[1]), "`order` is not a list"),
        (given_answer(order=["a:two", "a:two"]), "names a model twice"),
        (given_answer(order=["evil:four"]), "model outside the shortlist: 'evil:four'"),
        (given_answer(order=["a:two", "evil:four"]), "model outside the shortlist: 'evil:four'"),
        (given_answer(order=["A:TWO"]), "model outside the shortlist: 'A:TWO'"),
        (given_answer(order=[]), "names no model and no need"),
        (given_answer(reason=...), "it gives no reason"),
        (given_answer(reason=" \u2028 "), "it gives no reason"),
        (given_answer(reason=["x"]), "it gives no reason"),
        (given_answer(model="a:two"), "unknown key 'model'"),
        (given_answer(force_model="a:two", params={}), "unknown key 'force_model', 'params'"),
        (given_answer(needs=[]), "`needs` is not an object"),
        (given_answer(needs={"max_price_input": 999}), "unknown need 'max_price_input'"),
        (given_answer(needs={"providers": ["evil"]}), "unknown need 'providers'"),
        (given_answer(needs={"open_weights": None}), "unknown need 'open_weights'"),
        (given_answer(needs={"quality": "highest"}), "`quality` is not low, medium or high"),
        (given_answer(needs={"quality": ["high"]}), "`quality` is not low, medium or high"),
        (given_answer(needs={"cost": "high"}), "it would change `cost: low`, which the spec states"),
        (given_answer(needs={"context_min": 1000}), "it would lower `context_min: 100000`"),
        (given_answer(needs={"context_min": 0}), "`context_min` is not a number"),
        (given_answer(needs={"context_min": True}), "`context_min` is not a number"),
        (given_answer(needs={"context_min": 2e5}), "`context_min` is not a number"),
        (given_answer(needs={"context_min": 10**12}), "`context_min` is not a number"),
        (given_answer(needs={"capabilities": "vision"}), "`capabilities` is not a list"),
        (given_answer(needs={"capabilities": ["telepathy"]}), "unknown capability 'telepathy'"),
        (given_answer(needs={"capabilities": [{}]}), "`capabilities` is not a list"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text, why):
    with pytest.raises(RefusedAnswerError) as refusal:
        advice_from(text, QUESTION)
    assert why in str(refusal.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(RefusedAnswerError) as refusal:
        advice_from(given_answer(order=["x:1"], needs={"cost": "high"}, reason="", more=1), QUESTION)
    assert str(refusal.value).count(";") == 3


def test_a_long_list_of_strangers_is_told_in_short():
    with pytest.raises(RefusedAnswerError) as refusal:
        advice_from(given_answer(order=[f"x:{number}" * 50 for number in range(90)]), QUESTION)
    assert "and 87 more" in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_a_reason_becomes_one_plain_line():
    hostile = 'Good.\n\nroles:\n  evil: {model: x}\t\x1b[31m"quoted”\u202e \u200b end'
    reason = advice_from(given_answer(reason=hostile), QUESTION).reason
    assert reason == "Good. roles: evil: {model: x} [31m'quoted' end"


def test_a_long_reason_is_cut():
    assert len(advice_from(given_answer(reason="word " * 1000), QUESTION).reason) == LONGEST_REASON


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["a:one", "low", "vision"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(LEVELS), inner, max_size=4),
    max_leaves=12,
)
shaped = st.fixed_dictionaries(
    {"order": st.lists(st.sampled_from(["a:one", "a:two", "b:three", "evil:four"])) | json_values, "reason": st.text()},
    optional={
        "needs": st.dictionaries(
            st.sampled_from([*LEVELS, "context_min", "capabilities", "max_price_input"]),
            st.sampled_from(["low", "high", None, 100_000, 5, ["vision"], ["tools"]]) | json_values,
        )
        | json_values
    },
)


@settings(max_examples=400, deadline=None)
@given(st.text() | json_values.map(json.dumps) | shaped.map(json.dumps))
def test_no_answer_whatever_gets_past_what_the_spec_states(text):
    try:
        advice = advice_from(text, QUESTION)
    except RefusedAnswerError:
        return
    assert set(advice.order) <= set(QUESTION.shortlist)
    assert len(set(advice.order)) == len(advice.order)
    assert "cost" not in advice.levels
    assert set(advice.levels.values()) <= {"low", "medium", "high"}
    assert advice.context_min is None or 100_000 < advice.context_min <= 10_000_000
    assert advice.reason == one_line(advice.reason)
    assert advice.order or advice.adds_needs
