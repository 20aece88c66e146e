"""A text that an editor holds: what it says, what is wrong with it, and how it reads after a change."""

from __future__ import annotations

import pytest

from llmhub.config.edit import REMOVED
from llmhub.errors import ConfigError, InvalidFileError
from llmhub.workspace.spec_text import edited, problems_in, renamed, spec_in, values_in


def test_a_text_is_a_spec_in_the_environment_in_force(workspace) -> None:
    text = workspace.spec_text().replace("cost: medium", "cost: low")
    assert spec_in(text).roles["llm.answers"].preferences.cost == "low"
    assert spec_in(text).roles["llm.answers"].preferences.quality == "high"
    prod = spec_in(text, "prod")
    assert (prod.env, prod.roles["llm.answers"].preferences.quality) == ("prod", "medium")


def test_a_faulty_text_is_no_spec() -> None:
    with pytest.raises(InvalidFileError) as caught:
        spec_in("project: shop\nroles: {llm.answers: {kind: chatt}}\n")
    assert caught.value.problems[0].suggestion == "chat"


def test_all_problems_of_a_text_are_told_with_their_places_in_every_environment(workspace) -> None:
    text = workspace.spec_text().replace("cost: medium", "cost: medum").replace("quality: medium", "qualty: medium")
    first, second = problems_in(text)
    assert (first.line, first.path, first.suggestion) == (9, "roles.llm.answers.preferences.cost", "medium")
    assert first.expected == "one of low, medium, high"
    assert (second.line, second.suggestion) == (13, "quality")
    assert problems_in(workspace.spec_text()) == ()


def test_a_text_that_is_no_yaml_has_one_problem_with_its_place() -> None:
    (problem,) = problems_in("project: shop\nroles: [\n")
    assert problem.line >= 2


def test_a_text_that_is_no_valid_spec_can_still_be_read() -> None:
    assert values_in("roles: {a: {kind: chatt}}\n") == {"roles": {"a": {"kind": "chatt"}}}
    with pytest.raises(InvalidFileError):
        values_in("roles: [\n")


def test_an_edit_leaves_comments_and_layout(workspace) -> None:
    text = workspace.spec_text()
    path = ("roles", "llm.answers", "preferences", "cost")
    assert edited(text, {path: "low"}) == text.replace("cost: medium", "cost: low")
    assert edited(text, {path: REMOVED}) == text.replace("cost: medium, ", "")


def test_an_edit_that_cannot_be_made_says_so() -> None:
    with pytest.raises(ConfigError, match=r"project\.inner\.0 cannot be changed here"):
        edited("project: shop\nroles: {}\n", {("project", "inner", 0): "x"})


def test_a_role_is_renamed_where_it_stands(workspace) -> None:
    text = workspace.spec_text()
    after = renamed(text, ("roles", "llm.answers"), "llm.replies")
    assert after == text.replace("  llm.answers:  # the", "  llm.replies:  # the")
    odd = renamed(after, ("roles", "llm.replies"), "yes: no")
    assert "yes: no" in spec_in(odd.replace("llm.answers: {pref", "'yes: no': {pref")).roles


def test_a_role_in_brackets_is_renamed_and_a_taken_name_is_refused() -> None:
    text = "project: shop\nroles: {a: {kind: chat}, 'b': {kind: chat}}\n"
    assert set(spec_in(renamed(text, ("roles", "b"), "c, d")).roles) == {"a", "c, d"}
    assert renamed(text, ("roles", "a"), "a") == text
    with pytest.raises(ConfigError, match="another 'a' already"):
        renamed(text, ("roles", "b"), "a")
    with pytest.raises(ConfigError, match="no such key"):
        renamed(text, ("roles", "z"), "y")


def test_what_comes_through_a_merge_is_not_renamed() -> None:
    text = "x-roles: &shared\n  a: {kind: chat}\nproject: shop\nroles:\n  <<: *shared\n  b: {kind: chat}\n"
    with pytest.raises(ConfigError, match=r"roles\.a cannot be changed here"):
        renamed(text, ("roles", "a"), "c")
