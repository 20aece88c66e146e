"""YAML that people like to read, and that says exactly what went in."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.emit import dump_document
from llmhub.config.yaml import parse_events, parse_events_in_python, read_document


def test_a_document_is_block_style_in_the_order_given_with_comments_where_they_belong():
    text = dump_document(
        {
            "project": "my-app",
            "roles": {
                "llm.inference": {
                    "provider": "openai",
                    "params": {"temperature": 0.2},
                    "fallbacks": [{"provider": "gemini", "model": "gemini-2.5-pro"}],
                    "stop": ["END", "yes", "12"],
                    "nothing": {},
                }
            },
        },
        header_comment="Made by llmhub 0.1.\n\nEdit the spec instead.",
        comments={("roles", "llm.inference"): "cheapest of 3", ("roles", "llm.inference", "fallbacks", 0): "next best"},
    )
    assert text == (
        "# Made by llmhub 0.1.\n"
        "#\n"
        "# Edit the spec instead.\n"
        "\n"
        "project: my-app\n"
        "roles:\n"
        "  # cheapest of 3\n"
        "  llm.inference:\n"
        "    provider: openai\n"
        "    params:\n"
        "      temperature: 0.2\n"
        "    fallbacks:\n"
        "      # next best\n"
        "      - provider: gemini\n"
        "        model: gemini-2.5-pro\n"
        '    stop: [END, "yes", "12"]\n'
        "    nothing: {}\n"
    )


def test_a_comment_on_the_first_key_of_a_list_item_stands_above_its_dash():
    text = dump_document({"a": [{"b": 1, "c": 2}]}, comments={("a", 0, "b"): "one", ("a", 0, "c"): "two"})
    assert text == "a:\n  # one\n  - b: 1\n    # two\n    c: 2\n"


@pytest.mark.parametrize(
    "text",
    ["8", "1e3", "true", "No", "on", "null", "~", "", " x", "x ", "a: b", "a #b", "#a", "- a", "2024-01-01", "1_000",
     "12:30", "0x1f", "@a", "*a", "!a", "[a]", "{a}", "a, b", "'", '"', "a\nb", "\ttab", "a:", "%x", "<<", "=", "=x"],
)  # fmt: skip
def test_text_that_looks_like_something_else_is_quoted(text):
    written = dump_document({"a": text})
    assert written.startswith('a: "')
    assert read_document(written, "f").value == {"a": text}


@pytest.mark.parametrize(
    "text", ["gpt-4o", "my app", "http://localhost:8000/v1", "meta/llama-3.1:free", "v1.2.3", "a.b_c", "cost low; ok"]
)
def test_ordinary_text_is_not_quoted(text):
    assert dump_document({"a": text}) == f"a: {text}\n"


def test_a_list_too_long_for_a_line_takes_one_line_per_item():
    names = [f"provider-number-{number}" for number in range(10)]
    assert dump_document({"a": names}).splitlines() == ["a:", *(f"  - {name}" for name in names)]


@pytest.mark.parametrize("parse", [parse_events, parse_events_in_python])
@pytest.mark.parametrize("mark", string.punctuation)
def test_punctuation_inside_a_word_is_safe_within_brackets(parse, mark):
    words = [f"a{mark}b", f"a:{mark}", f"a:{mark}b", f"{mark}a", f"a{mark}", f"a {mark} b", f"0:{mark}"]
    text = dump_document({"a": words, "b": [[{word: word} for word in words]]})
    assert read_document(text, "f", [parse]).value == {"a": words, "b": [[{word: word} for word in words]]}


def test_an_empty_document_is_an_empty_mapping():
    assert dump_document({}) == "{}\n"


@pytest.mark.parametrize("value", [{1, 2}, object(), {3: "x"}, b"x"])
def test_what_yaml_cannot_say_is_a_type_error(value):
    with pytest.raises(TypeError):
        dump_document({"a": value})


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=5))
def test_what_is_written_is_read_back_the_same(mapping):
    document = read_document(dump_document(mapping), "f")
    assert document.problems == ()
    assert repr(document.value) == repr(mapping)


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT), min_size=1), st.text("ab \n#:'", max_size=20))
def test_comments_never_change_what_is_said(mapping, comment):
    comments = {(key,): comment for key in mapping}
    text = dump_document(mapping, header_comment=comment, comments=comments)
    assert read_document(text, "f").value == mapping
