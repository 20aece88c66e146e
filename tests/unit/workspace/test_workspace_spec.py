"""The spec of a project, read, changed and saved by programs around it."""

from __future__ import annotations

import pytest

from llmhub.config.edit import REMOVED
from llmhub.errors import ConfigError, ConfigNotFoundError, InvalidFileError
from llmhub.workspace import Workspace


def test_the_text_of_the_spec_is_what_stands_on_disk(workspace, project) -> None:
    path = project / "llmhub.spec.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert workspace.spec_text().encode() == path.read_bytes()


def test_a_folder_without_a_spec_says_how_to_get_one(tmp_path) -> None:
    with pytest.raises(ConfigNotFoundError, match="llmhub init"):
        Workspace(tmp_path).spec_text()


def test_a_text_is_a_spec_in_the_environment_in_force(workspace, project) -> None:
    text = workspace.spec_text().replace("cost: medium", "cost: low")
    assert workspace.spec_from(text).roles["llm.answers"].preferences.cost == "low"
    assert workspace.spec_from(text).roles["llm.answers"].preferences.quality == "high"
    prod = Workspace(project, env="prod").spec_from(text)
    assert (prod.env, prod.roles["llm.answers"].preferences.quality) == ("prod", "medium")


def test_a_faulty_text_is_no_spec(workspace) -> None:
    with pytest.raises(InvalidFileError) as caught:
        workspace.spec_from("project: shop\nroles: {llm.answers: {kind: chatt}}\n")
    assert caught.value.problems[0].suggestion == "chat"


def test_all_problems_of_a_text_are_told_with_their_places_in_every_environment(workspace) -> None:
    text = workspace.spec_text().replace("cost: medium", "cost: medum").replace("quality: medium", "qualty: medium")
    first, second = workspace.spec_problems(text)
    assert (first.line, first.path, first.suggestion) == (9, "roles.llm.answers.preferences.cost", "medium")
    assert first.expected == "one of low, medium, high"
    assert (second.line, second.suggestion) == (13, "quality")
    assert workspace.spec_problems(workspace.spec_text()) == ()


def test_a_text_that_is_no_yaml_has_one_problem_with_its_place(workspace) -> None:
    (problem,) = workspace.spec_problems("project: shop\nroles: [\n")
    assert problem.line >= 2


def test_a_text_that_is_no_valid_spec_can_still_be_read(workspace) -> None:
    assert workspace.values_in("roles: {a: {kind: chatt}}\n") == {"roles": {"a": {"kind": "chatt"}}}
    with pytest.raises(InvalidFileError):
        workspace.values_in("roles: [\n")


def test_an_edit_leaves_comments_and_layout(workspace) -> None:
    text = workspace.spec_text()
    path = ("roles", "llm.answers", "preferences", "cost")
    assert workspace.edited(text, {path: "low"}) == text.replace("cost: medium", "cost: low")
    assert workspace.edited(text, {path: REMOVED}) == text.replace("cost: medium, ", "")


def test_an_edit_that_cannot_be_made_says_so(workspace) -> None:
    with pytest.raises(ConfigError, match=r"project\.inner\.0 cannot be changed here"):
        workspace.edited("project: shop\nroles: {}\n", {("project", "inner", 0): "x"})


def test_a_role_is_renamed_where_it_stands(workspace) -> None:
    text = workspace.spec_text()
    renamed = workspace.renamed(text, ("roles", "llm.answers"), "llm.replies")
    assert renamed == text.replace("  llm.answers:  # the", "  llm.replies:  # the")
    odd = workspace.renamed(renamed, ("roles", "llm.replies"), "yes: no")
    assert "yes: no" in workspace.spec_from(odd.replace("llm.answers: {pref", "'yes: no': {pref")).roles


def test_a_role_in_brackets_is_renamed_and_a_taken_name_is_refused(workspace) -> None:
    text = "project: shop\nroles: {a: {kind: chat}, 'b': {kind: chat}}\n"
    assert set(workspace.spec_from(workspace.renamed(text, ("roles", "b"), "c, d")).roles) == {"a", "c, d"}
    assert workspace.renamed(text, ("roles", "a"), "a") == text
    with pytest.raises(ConfigError, match="another 'a' already"):
        workspace.renamed(text, ("roles", "b"), "a")
    with pytest.raises(ConfigError, match="no such key"):
        workspace.renamed(text, ("roles", "z"), "y")


def test_what_comes_through_a_merge_is_not_renamed(workspace) -> None:
    text = "x-roles: &shared\n  a: {kind: chat}\nproject: shop\nroles:\n  <<: *shared\n  b: {kind: chat}\n"
    with pytest.raises(ConfigError, match=r"roles\.a cannot be changed here"):
        workspace.renamed(text, ("roles", "a"), "c")


def test_the_spec_is_saved_whole(workspace, project) -> None:
    before = workspace.spec_text()
    workspace.save_spec(before, before + "# more\n")
    assert (project / "llmhub.spec.yaml").read_text() == before + "# more\n"


def test_what_somebody_else_wrote_meanwhile_is_not_lost(workspace, project) -> None:
    before = workspace.spec_text()
    (project / "llmhub.spec.yaml").write_text(before + "# theirs\n")
    with pytest.raises(ConfigError, match="changed by somebody else"):
        workspace.save_spec(before, before + "# mine\n")
    assert workspace.spec_text() == before + "# theirs\n"
