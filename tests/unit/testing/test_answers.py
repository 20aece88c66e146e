from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.testing import OK, Fault
from llmhub.testing.answers import Answer, Question, Tool, answer, unit_vector

TOOLS = (Tool(name="get_weather", parameters={}), Tool(name="get_time", parameters={}))


@given(st.text().filter(str.strip))
def test_a_question_is_echoed_and_its_pieces_make_the_whole(text: str) -> None:
    given_answer = answer(Question(text=text, input_tokens=1), OK)

    assert given_answer.text == f"You said: {text}"
    assert given_answer.output_tokens == len(given_answer.text.split()) == len(given_answer.pieces)


def test_an_answer_longer_than_max_tokens_is_cut_and_says_so() -> None:
    given_answer = answer(Question(text="a b c", input_tokens=3, max_tokens=3), OK)

    assert (given_answer.text, given_answer.output_tokens, given_answer.finish) == ("You said: a ", 3, "length")


@pytest.mark.parametrize(
    ("text", "choice", "from_tool", "called"),
    [
        ("What now?", "auto", False, None),
        ("Please call get_time.", "auto", False, "get_time"),
        ("Use a tool", "auto", False, "get_weather"),
        ("Use a tool", "none", False, None),
        ("What now?", "required", False, "get_weather"),
        ("What now?", "name:get_time", False, "get_time"),
        ("get_time said noon", "auto", True, None),
    ],
)
def test_a_tool_is_called_when_it_is_forced_or_asked_for(
    text: str, choice: str, from_tool: bool, called: str | None
) -> None:
    question = Question(text=text, input_tokens=1, tools=TOOLS, tool_choice=choice, from_tool=from_tool)

    assert answer(question, OK).tool == called


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("empty", ("", "stop")),
        ("filtered", ("", "filtered")),
        ("no-finish", ("You said: hello", None)),
        ("ok", ("You said: hello", "stop")),
    ],
)
def test_some_faults_change_the_answer_itself(word: str, expected: tuple[str, str | None]) -> None:
    changed: Answer = answer(Question(text="hello", input_tokens=1), Fault.parse(word))

    assert (changed.text, changed.finish) == expected


@given(text=st.text(), dimensions=st.integers(1, 3000))
def test_a_vector_has_length_one_and_follows_from_its_text(text: str, dimensions: int) -> None:
    vector = unit_vector(text, dimensions)

    assert len(vector) == dimensions
    assert math.isclose(math.hypot(*vector), 1.0)
    assert vector == unit_vector(text, dimensions)
    assert dimensions < 8 or vector != unit_vector(text + "!", dimensions)
