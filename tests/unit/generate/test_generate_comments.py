"""Comments outlive a new generation, each at the key it was written for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.emit import dump_document
from llmhub.config.yaml import read_document
from llmhub.generate.comments import Comments, comments_in, with_comments


def found(text: str, *without: str) -> Comments:
    return comments_in(text, read_document(text, "file.yaml"), without=without)


def woven(text: str, comments: Comments) -> str:
    return with_comments(text, read_document(text, "file.yaml"), comments)


OLD = """\
# the file
project: shop  # ours

roles:
  # the first
  # of two
  a:
    provider: openai  # by contract
    params:
      # not more
      temperature: 0.2
    # and no more of a
  b: {provider: openai, model: "x # y"}  # on one line
  c:
    fallbacks:
      - provider: groq  # quick
        model: m
# the end
"""


def test_each_comment_is_found_at_its_key() -> None:
    comments = found(OLD)
    assert comments.above == {
        ("project",): ("# the file",),
        ("roles", "a"): ("# the first", "# of two"),
        ("roles", "a", "params", "temperature"): ("# not more",),
        ("roles", "a", "params"): ("# and no more of a",),
    }
    assert comments.beside == {
        ("project",): "# ours",
        ("roles", "a", "provider"): "# by contract",
        ("roles", "b"): "# on one line",
        ("roles", "c", "fallbacks", 0): "# quick",
    }
    assert comments.at_end == ("# the end",)


def test_they_are_put_where_the_keys_are_now() -> None:
    new = dump_document(
        {
            "project": "shop",
            "x-new": 1,
            "roles": {
                "b": {"provider": "openai", "model": "z"},
                "a": {"provider": "groq", "model": "m", "params": {"temperature": 0.7}},
                "c": {"fallbacks": [{"provider": "openai", "model": "o"}]},
            },
        }
    )
    assert (
        woven(new, found(OLD))
        == """\
# the file
project: shop  # ours
x-new: 1
roles:
  b:  # on one line
    provider: openai
    model: z
  # the first
  # of two
  a:
    provider: groq  # by contract
    model: m
    # and no more of a
    params:
      # not more
      temperature: 0.7
  c:
    fallbacks:
      - provider: openai  # quick
        model: o
# the end
"""
    )


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ('a: "x # y"\n', 0),
        ("a: x#y\n", 0),
        ("a: 'it''s # not'\n", 0),
        ("a: |\n  # text\n  more\nb: 1\n", 0),
        ("a: >-\n  x # text\n", 0),
        ('a: "x\n  # y"\n', 0),
        ("a: x # y # z\n", 1),
        ("a: [1, # one\n  2]\n", 1),
        ('"a # b": 1 # c\n', 1),
    ],
)
def test_a_hash_within_a_value_or_a_key_is_no_comment(text: str, comments: int) -> None:
    gathered = found(text)
    assert len(gathered.above) + len(gathered.beside) + len(gathered.at_end) == comments


def test_lines_that_are_written_anew_are_left_out() -> None:
    assert not found("# ours\na: 1\n", "# ours")
    assert found("# ours, edited\na: 1\n", "# ours")


def test_a_comment_on_a_setting_that_is_gone_goes_to_its_role_and_with_a_role_that_is_gone() -> None:
    comments = found("roles:\n  a:\n    # cool\n    temperature: 1\n  # b\n  b: {x: 1}  # gone\n")
    assert woven("roles:\n  a:\n    model: m\n", comments) == "roles:\n  # cool\n  a:\n    model: m\n"


words = st.text(alphabet="abc #:'\"-[]{}é", min_size=1, max_size=12)
names = st.text(alphabet="abcdefg.", min_size=1, max_size=6)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(words, st.integers(), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3), st.just("two\nlines # of text")
    ),
    max_leaves=12,
)


@given(values=st.dictionaries(names, values, min_size=1, max_size=4), data=st.data())
def test_comments_change_no_value_and_are_all_found_again(values: dict[str, Any], data: st.DataObject) -> None:
    text = dump_document(values)
    keys = list(values)
    remarks = words.map(lambda word: f"# {word}".rstrip())
    above = data.draw(st.dictionaries(st.sampled_from(keys), st.lists(remarks, min_size=1, max_size=2)))
    comments = Comments({(key,): tuple(lines) for key, lines in above.items()}, {}, ("# end",))
    written = woven(text, comments)
    assert read_document(written, "file.yaml").value == read_document(text, "file.yaml").value
    assert found(written) == comments
    assert woven(text, found(written)) == written
