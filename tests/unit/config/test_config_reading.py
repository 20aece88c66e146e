"""What a YAML file means here, and where each of its values stands."""

import json
import math
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.emit import dump_document
from llmhub.config.yaml import parse_events, parse_events_in_python, read_document
from llmhub.errors import InvalidFileError

PARSERS = pytest.mark.parametrize("parse", [parse_events, parse_events_in_python], ids=["C", "Python"])


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("8", 8),
        ("-3", -3),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("2024-01-31", "2024-01-31"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("'8'", "8"),
        ('"true"', "true"),
        ("!!str 8", "8"),
        ("gpt-4o", "gpt-4o"),
        ("-", None),
    ],
)
@PARSERS
def test_words_mean_what_yaml_1_2_says(parse, word, value):
    if word == "-":
        read = read_document("a:\n-\n", "f", [parse]).value["a"][0]
    else:
        read = read_document(f"a: {word}\n", "f", [parse]).value["a"]
    assert (type(read), read) == (type(value), value)


def test_not_a_number_is_a_float():
    assert math.isnan(read_document("a: .nan", "f").value["a"])


@PARSERS
def test_every_key_and_value_knows_its_line_and_column(parse):
    document = read_document("# first\nroles:\n  llm.é: {model: 'x', params: [1, 2]}\n  empty:\n", "f", [parse])
    assert document.key_place(("roles",))[:2] == (2, 1)
    assert document.key_place(("roles", "llm.é", "model"))[:2] == (3, 11)
    assert document.value_place(("roles", "llm.é", "model"))[:2] == (3, 18)
    assert document.value_place(("roles", "llm.é", "params", 1))[:2] == (3, 35)


def test_what_is_missing_or_empty_stands_where_its_nearest_key_stands():
    document = read_document("roles:\n  a:\n    model:\n", "f")
    assert document.value_place(("roles", "a", "model"))[:2] == (3, 5)
    assert document.value_place(("roles", "a", "provider", "deep"))[:2] == (2, 3)


@PARSERS
def test_anchors_aliases_and_merge_keys_work(parse):
    text = "x-base: &base {a: 1, b: 2}\none: *base\ntwo:\n  <<: *base\n  b: 3\nthree:\n  <<: [{c: 1}, *base]\n"
    document = read_document(text, "f", [parse])
    assert document.value["one"] == {"a": 1, "b": 2}
    assert document.value["two"] == {"a": 1, "b": 3}
    assert document.value["three"] == {"a": 1, "b": 2, "c": 1}
    assert document.value_place(("one",))[:2] == (2, 6)
    assert document.value_place(("two", "a"))[:2] == (1, 19)


@pytest.mark.parametrize("text", ["\ufeffa: é\nb: 2\n", "a: é\r\nb: 2\r\n", "---\na: é\nb: 2\n...\n", "a: é\nb: 2"])
@PARSERS
def test_byte_order_marks_line_ends_and_document_marks_do_not_matter(parse, text):
    document = read_document(text, "f", [parse])
    assert document.value == {"a": "é", "b": 2}
    assert document.problems == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: {model: llama3:8b, api_base: http://localhost:8000/v1}", {"model": "llama3:8b", "api_base": "http://localhost:8000/v1"}),
        ("a: [openai:gpt-4o, x]", ["openai:gpt-4o", "x"]),
    ],
)  # fmt: skip
def test_a_colon_inside_a_word_is_fine_within_brackets_too(text, value):
    assert read_document(text, "f").value == {"a": value}


def test_keys_are_text_whatever_they_look_like():
    assert read_document("50256: -100\ntrue: 1\n", "f").value == {"50256": -100, "true": 1}


@PARSERS
def test_a_duplicate_key_is_a_problem_that_names_both_lines(parse):
    document = read_document("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", "f.yaml", [parse])
    (problem,) = document.problems
    assert str(problem) == ("f.yaml:5:3: b.c: 'c' is given twice, on line 3 and on line 5; expected one of them only")
    assert document.value["b"] == {"c": 1, "d": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "empty"),
        ("# nothing\n", 1, 1, "empty"),
        ("---\n", 1, 1, "empty"),
        ("- a\n", 1, 1, "a list"),
        ("just text\n", 1, 1, "a single value"),
        ("a: 1\n---\nb: 2\n", 3, 1, "second document"),
        ("a: 1\n\tb: 2\n", 2, 1, "tab"),
        ("a:\n\t- b\n", 2, 1, "tab"),
        ("a: b: c\n", 1, 5, "second ': '"),
        ("a: 'x\nb: 1\n", 1, 4, "never closed"),
        ('a: "x\\q"\n', 1, 7, "backslash"),
        ("a: [1, 2\nb: 3\n", 2, 2, "the list opened on line 1, column 4"),
        ("a: {b: 1\n", 2, 1, "the mapping opened on line 1, column 4"),
        ("a: @x\n", 1, 4, "cannot begin with '@'"),
        ("a: `x`\n", 1, 4, "cannot begin with '`'"),
        ("a:\n  b: 1\n c: 2\n", 3, 2, "line up"),
        ("- a\nb: c\n", 2, 1, "line up"),
        ("a: 1\nbroken\n", 2, 1, "':' is missing"),
        ("a: 1\nb: x\x07y\n", 2, 5, "code 0x07"),
        ("a: *b\n", 1, 4, "&b"),
    ],
)
def test_a_broken_file_is_told_in_one_problem_with_its_place(text, line, column, words):
    try:
        (problem,) = read_document(text, "f.yaml").problems
    except InvalidFileError as error:
        (problem,) = error.problems
    assert words in problem.message
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("text", ["a: [1, 2\nb: 3\n", "a: b: c\n", "a: 'x", "a: \x07", "a:\n\t- b\n", "x\ny: 1"])
def test_both_parsers_refuse_the_same_files(text):
    for parse in (parse_events, parse_events_in_python):
        with pytest.raises(InvalidFileError):
            read_document(text, "f", [parse])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !!python/object:os.system x", "tags"),
        ("a: !secret [x]", "tags"),
        ("a: !x {b: 1}", "tags"),
        ("a: {{ template }}", "put in quotes"),
        ("? [x]\n: 1", "put in quotes"),
        ("a: &a\n  b: *a", "contain itself"),
        ("a: &abc 1\nb: *abd", "refers to nothing"),
        ("a:\n  <<: 3\n", "only mappings can be merged"),
        ("a: " + "1" * 5000, "too many digits"),
    ],
)
@PARSERS
def test_what_a_configuration_may_not_hold_is_a_problem(parse, text, words):
    problems = read_document(text, "f", [parse]).problems
    assert len(problems) == 1
    assert words in problems[0].message


@PARSERS
def test_problems_before_a_syntax_error_are_told_with_it(parse):
    with pytest.raises(InvalidFileError) as caught:
        read_document("a: 1\na: 2\nb: [\n", "f", [parse])
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("depth", [200, 50_000])
@PARSERS
def test_a_nesting_bomb_is_refused_and_crashes_nothing(parse, depth):
    with pytest.raises(InvalidFileError, match="levels deep"):
        read_document("a: " + "[" * depth + "]" * depth, "f", [parse])


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    started = time.perf_counter()
    with pytest.raises(InvalidFileError, match="aliases multiply"):
        read_document("\n".join(lines), "f")
    assert time.perf_counter() - started < 2


def test_a_merge_bomb_costs_nothing():
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 5)]
    assert read_document("\n".join(lines), "f").value["a4"] == {"k": "v"}


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1), JSON_LIKE, min_size=1, max_size=4))
def test_both_parsers_read_the_same(mapping):
    text = dump_document(mapping)
    fast = read_document(text, "f", [parse_events])
    slow = read_document(text, "f", [parse_events_in_python])
    assert repr(fast.value) == repr(slow.value)
    assert fast.root == slow.root


def test_without_the_c_extension_the_same_is_read():
    program = """
import json, sys
class Denied:
    def find_spec(self, name, path=None, target=None):
        if "_ruamel_yaml" in name or name.startswith("ruamel.yaml.clib"):
            raise ImportError(name)
if sys.argv[1] == "without":
    sys.meta_path.insert(0, Denied())
from llmhub.config.yaml import read_document
document = read_document("a: [1, {b: 'é'}]\\nc: &x {d: 1.5}\\ne: *x\\n", "f")
from ruamel.yaml import YAML
print(json.dumps([YAML(typ="safe").Parser.__name__, document.value, document.value_place(("a", 1, "b"))]))
"""
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", program, how], capture_output=True, check=True).stdout)
        for how in ("with", "without")
    ]
    assert [run[0] for run in runs] == ["CParser", "Parser"]
    assert runs[0][1:] == runs[1][1:]


def test_a_character_written_as_two_escapes_is_one_as_in_json():
    read = read_document('"\\ud83d\\ude00": "a \\ud83d\\ude00"\n', "f")
    assert read.value == {"\U0001f600": "a \U0001f600"}
    assert read.problems == ()


def test_half_a_character_is_a_problem_with_its_place_that_can_be_shown():
    read = read_document('a: 1\n"\\ud800": "x\\udc00"\n', "f")
    assert [(problem.line, problem.column) for problem in read.problems] == [(2, 1), (2, 11)]
    assert "half a character" in read.problems[0].message
    "".join(map(str, read.problems)).encode()


def test_a_number_in_another_base_may_have_no_more_digits_than_one_in_base_ten():
    read = read_document(f"a: 0x{'f' * 5000}\nb: 0x{'f' * 3000}\n", "f")
    assert [problem.line for problem in read.problems] == [1]
    assert isinstance(read.value["b"], int)
    assert str(read.value["b"])


def test_keys_within_keys_without_end_are_a_problem_as_lists_are():
    for text in ("? " * 2000, "a:\n  " + "? " * 2000, "- " * 2000):
        with pytest.raises(InvalidFileError, match="nested more than 100 levels deep"):
            read_document(text, "f")


def test_a_file_of_ten_million_characters_is_refused_at_once():
    began = time.perf_counter()
    for text in ("x" * 10_000_000 + ": 1", 'a: "' + "x" * 10_000_000, "\n" * 10_000_000):
        with pytest.raises(InvalidFileError, match=r"the file has 10,000,00. characters; expected 2,000,000 at most"):
            read_document(text, "f")
    assert time.perf_counter() - began < 1


def test_thousands_of_aliases_to_nothing_are_told_in_seconds():
    began = time.perf_counter()
    anchors = "".join(f"a{number}: &anchor{number} 1\n" for number in range(3000))
    read = read_document(anchors + "".join(f"b{number}: *anchr{number}\n" for number in range(3000)), "f")
    assert len(read.problems) == 3000
    assert read.problems[0].suggestion == "anchor0"
    assert time.perf_counter() - began < 20
