"""A change to a file touches what it changes and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.config.edit import REMOVED, edit
from llmhub.config.emit import dump_document
from llmhub.config.yaml import read_document
from llmhub.errors import ConfigError, InvalidFileError

SPEC = """\
# my spec
project: my-app   # the name
providers:
  openai: {enabled: true,   env_key: OPENAI_API_KEY}  # paid by us

  # rarely used
  anthropic: {enabled: true}
roles:
  llm.one:
    kind: 'chat'
    # cheap is fine
    preferences: {cost: low,  providers: [openai]}   # for now
    exclude:
      - a
      - b

  llm.two:
    kind: chat
    description: |
      long
      text
    empty:
# the end
"""


NESTED_LINES = ["    kind:", "      x:", "        - a: 1"]


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("project",), "other", ["project: my-app   # the name"], ["project: other   # the name"]),
        (("roles", "llm.one", "kind"), "embedding", ["    kind: 'chat'"], ["    kind: embedding"]),
        (
            ("roles", "llm.one", "preferences", "cost"),
            "high",
            ["    preferences: {cost: low,  providers: [openai]}   # for now"],
            ["    preferences: {cost: high,  providers: [openai]}   # for now"],
        ),
        (
            ("roles", "llm.one", "preferences", "quality"),
            "high",
            ["    preferences: {cost: low,  providers: [openai]}   # for now"],
            ["    preferences: {cost: low,  providers: [openai], quality: high}   # for now"],
        ),
        (
            ("roles", "llm.one", "preferences", "providers"),
            ["openai", "anthropic"],
            ["    preferences: {cost: low,  providers: [openai]}   # for now"],
            ["    preferences: {cost: low,  providers: [openai, anthropic]}   # for now"],
        ),
        (
            ("providers", "openai", "enabled"),
            REMOVED,
            ["  openai: {enabled: true,   env_key: OPENAI_API_KEY}  # paid by us"],
            ["  openai: {env_key: OPENAI_API_KEY}  # paid by us"],
        ),
        (("providers", "anthropic", "enabled"), REMOVED, ["  anthropic: {enabled: true}"], ["  anthropic: {}"]),
        (("roles", "llm.one", "exclude", 1), "c", ["      - b"], ["      - c"]),
        (("roles", "llm.one", "exclude"), ["a"], ["      - b"], []),
        (("roles", "llm.one", "exclude"), ["c", "a", "b"], [], ["      - c"]),
        (("roles", "llm.one", "exclude"), ["a", "b", {"c": 1}], [], ["      - c: 1"]),
        (("roles", "llm.one", "exclude", 0), REMOVED, ["      - a"], []),
        (("roles", "llm.one", "exclude", 2), "c", [], ["      - c"]),
        (("roles", "llm.one", "exclude"), [], ["    exclude:", "      - a", "      - b"], ["    exclude: []"]),
        (
            ("roles", "llm.two", "description"),
            "short",
            ["    description: |", "      long", "      text"],
            ["    description: short"],
        ),
        (("roles", "llm.two", "empty"), 3, ["    empty:"], ["    empty: 3"]),
        (("roles", "llm.two", "empty", "deep", "x"), 1, [], ["      deep:", "        x: 1"]),
        (
            ("roles", "llm.three"),
            {"kind": "chat", "preferences": {"cost": "low"}},
            [],
            ["  llm.three:", "    kind: chat", "    preferences:", "      cost: low"],
        ),
        (("defaults", "providers"), ["openai"], [], ["defaults:", "  providers: [openai]"]),
        (
            ("roles", "llm.two"),
            REMOVED,
            ["  llm.two:", "    kind: chat", "    description: |", "      long", "      text", "    empty:"],
            [],
        ),
        (
            ("roles", "llm.two"),
            {"kind": "chat", "empty": None},
            ["    description: |", "      long", "      text"],
            [],
        ),
        (("roles", "llm.one", "kind"), {"x": [{"a": 1}]}, ["    kind: 'chat'"], NESTED_LINES),
        (("nothing", "here"), REMOVED, [], []),
        (("project",), "my-app", [], []),
    ],
)  # fmt: skip
def test_a_change_touches_only_its_own_lines(path, value, old, new):
    assert changed_lines(SPEC, edit(SPEC, {path: value})) == (old, new)


def test_several_changes_are_made_in_order():
    text = edit("a: 1\n", {("b",): {"c": 2}, ("b", "d"): 3, ("a",): REMOVED})
    assert text == "b:\n  c: 2\n  d: 3\n"


def test_a_new_mapping_takes_the_place_of_an_alias_and_leaves_the_anchor_alone():
    assert edit("a: &x {k: 1}\nb: *x\n", {("b",): {"z": 1}}) == "a: &x {k: 1}\nb:\n  z: 1\n"


def test_windows_line_ends_stay():
    assert edit("a: 1\r\nb: {}\r\n", {("b",): {"c": 2}}) == "a: 1\r\nb:\r\n  c: 2\r\n"


def test_a_byte_order_mark_does_not_shift_the_place_of_a_change():
    assert edit("\ufeffa: 1\nb: 2\n", {("a",): 5}) == "\ufeffa: 5\nb: 2\n"


def test_a_file_without_a_last_line_end_can_be_added_to():
    assert edit("a: 1", {("b",): 2}) == "a: 1\nb: 2"


def test_a_number_of_another_type_is_a_change():
    assert edit("a: 1\nb: true\n", {("a",): 1.0, ("b",): 1}) == "a: 1.0\nb: 1\n"


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a: &x {k: 1}\nb: *x\n", ("a", "k"), 2),
        ("a: &x {k: 1}\nb:\n  <<: *x\n  j: 1\n", ("b", "k"), 2),
        ("a: 1\n", ("a",), REMOVED),
        ("a: &x {k: 1}\nb:\n  <<: *x\n", ("b", "k"), REMOVED),
        ("a:\n  - d: 2\n    # about e\n    e: 1\n", ("a", 0, "d"), REMOVED),
        ("a: [\n  b,  # first\n  c]\n", ("a", 1), REMOVED),
        ("a:\n  - - b\n    - c\n", ("a", 0, 0), REMOVED),
        ("a:\n  - b: 1  # one\n    c: 2\n", ("a", 0), "x"),
        ("a: [1]\n", ("a", "b"), 2),
        ("a: [1]\n", ("a", 5), 2),
    ],
)
def test_a_place_that_cannot_be_changed_alone_is_refused_with_its_name(text, path, value):
    with pytest.raises(ConfigError, match=r"f\.yaml: a.*edit it by hand|f\.yaml: b.*edit it by hand"):
        edit(text, {path: value}, file="f.yaml")


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: [b, c]\n", ("a", 0), "a: [c]\n"),
        ("a: [b, c]\n", ("a", 1), "a: [b]\n"),
        ("a: [b]  # kept\n", ("a", 0), "a: []  # kept\n"),
        ("a: [{b: 1}, 2]\n", ("a", 1), "a: [{b: 1}]\n"),
        ("a:\n- b\n- c  # goes\n# kept\nd: 1\n", ("a", 1), "a:\n- b\n# kept\nd: 1\n"),
        ("a:  # kept\n  # kept too\n  - b\nd: 1\n", ("a", 0), "a: []  # kept\n  # kept too\nd: 1\n"),
        ("a:\n  # above\n  - b  # beside\nd: 1\n", ("a", 0), "a: []\n  # above\n  # beside\nd: 1\n"),
        ("a:\n  -\n    b: 1\n  - c\n", ("a", 0), "a:\n  - c\n"),
        ("a:\n  -\n  - c\n", ("a", 0), "a:\n  - c\n"),
        ("a:\n  - |\n    - not an item\n\n  - c\n", ("a", 1), "a:\n  - |\n    - not an item\n\n"),
        ("a:\n  - d: 2  # goes\n    e: 1\n", ("a", 0, "d"), "a:\n  - e: 1\n"),
        ("a:\n  - d: 2\n", ("a", 0, "d"), "a:\n  - {}\n"),
        ("a:\n  b:  # kept\n    c: 1\n", ("a", "b", "c"), "a:\n  b: {}  # kept\n"),
        ("a: {b: {c: 1}}\n", ("a", "b", "c"), "a: {b: {}}\n"),
    ],
)
def test_an_item_or_key_goes_and_what_is_around_it_stays(before, path, after):
    assert edit(before, {path: REMOVED}) == after


def test_a_refused_change_among_several_changes_nothing():
    text = "a: 1\nb: &x {k: 1}\nc: *x\n"
    with pytest.raises(ConfigError):
        edit(text, {("a",): 2, ("b", "k"): 3})


def test_a_broken_file_is_not_edited():
    with pytest.raises(InvalidFileError):
        edit("a: [", {("a",): 1})


NAMES = st.sampled_from(["a", "b", "c d", "e.f", "8"])
LEAVES = st.none() | st.booleans() | st.integers(-9, 99) | st.sampled_from(["x", "yes", "a: b", "l1\nl2", "", "é"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
MAPPINGS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


@given(MAPPINGS)
def test_an_edit_that_changes_nothing_returns_the_same_bytes(mapping):
    text = dump_document(mapping, header_comment="kept", comments={(key,): "above" for key in mapping})
    assert edit(text, {(key,): value for key, value in mapping.items()}) == text


@given(MAPPINGS, st.lists(NAMES, min_size=1, max_size=3), VALUES)
def test_an_edit_says_what_was_asked_for_or_is_refused(mapping, path, value):
    text = dump_document(mapping)
    try:
        after = read_document(edit(text, {tuple(path): value}), "f").value
    except ConfigError:
        return
    for segment in path:
        after = after[segment]
    assert after == value


@given(MAPPINGS, NAMES, VALUES)
def test_setting_a_top_level_key_is_never_refused(mapping, key, value):
    after = read_document(edit(dump_document(mapping), {(key,): value}), "f").value
    assert after == {**mapping, key: value}
