"""Where a project's files are found, and which of them serves an environment."""

import pytest

from llmhub.config.discover import Project, find_config, find_project, find_upward
from llmhub.config.environments import asked_environment
from llmhub.errors import ConfigNotFoundError, InvalidFileError


@pytest.fixture
def deep(tmp_path):
    folder = tmp_path / "app" / "src" / "pkg"
    folder.mkdir(parents=True)
    return folder


def test_a_file_is_found_in_the_folder_itself_or_the_nearest_above(tmp_path, deep):
    (tmp_path / "llmhub.yaml").touch()
    assert find_upward("llmhub.yaml", deep) == tmp_path / "llmhub.yaml"
    (tmp_path / "app" / "llmhub.yaml").touch()
    assert find_upward("llmhub.yaml", deep) == tmp_path / "app" / "llmhub.yaml"
    assert find_upward("nothing.of.this.name", deep) is None


def test_a_folder_of_that_name_is_not_the_file(tmp_path, deep):
    (deep / "llmhub.yaml").mkdir()
    (tmp_path / "llmhub.yaml").touch()
    assert find_upward("llmhub.yaml", deep) == tmp_path / "llmhub.yaml"


def test_a_relative_start_is_taken_from_the_working_directory(tmp_path, deep, monkeypatch):
    (tmp_path / "llmhub.yaml").touch()
    monkeypatch.chdir(deep)
    assert find_upward("llmhub.yaml", type(tmp_path)()) == tmp_path / "llmhub.yaml"


def test_a_project_is_the_nearest_folder_with_either_file(tmp_path, deep):
    assert find_project(deep) is None
    (tmp_path / "llmhub.spec.yaml").touch()
    assert find_project(deep) == Project(directory=tmp_path)
    (tmp_path / "app" / "llmhub.yaml").touch()
    assert find_project(deep) == Project(directory=tmp_path / "app")


@pytest.mark.parametrize(
    ("env", "own", "name"),
    [(None, "dev", "llmhub.yaml"), ("dev", "dev", "llmhub.yaml"), ("prod", "dev", "llmhub.prod.yaml")],
)
def test_each_environment_has_a_file_and_the_specs_own_has_the_plain_name(tmp_path, env, own, name):
    project = Project(directory=tmp_path)
    assert project.config_path(env, own) == tmp_path / name
    assert project.spec_path == tmp_path / "llmhub.spec.yaml"


def test_without_an_environment_the_plain_file_serves(tmp_path, deep):
    (tmp_path / "llmhub.yaml").write_text("project: p\nenv: prod\n")
    (deep / "llmhub.staging.yaml").write_text("project: p\n")
    assert find_config(deep) == tmp_path / "llmhub.yaml"


def test_the_file_named_for_the_environment_comes_first(tmp_path):
    (tmp_path / "llmhub.yaml").write_text("project: p\nenv: prod\n")
    (tmp_path / "llmhub.prod.yaml").write_text("project: p\nenv: prod\n")
    assert find_config(tmp_path, "prod") == tmp_path / "llmhub.prod.yaml"
    assert Project(directory=tmp_path).existing_config("prod") == tmp_path / "llmhub.prod.yaml"


@pytest.mark.parametrize(("text", "env"), [("project: p\nenv: prod\n", "prod"), ("project: p\n", "dev")])
def test_the_plain_file_serves_the_environment_it_names(tmp_path, text, env):
    (tmp_path / "llmhub.yaml").write_text(text)
    assert find_config(tmp_path, env) == tmp_path / "llmhub.yaml"


def test_the_plain_file_of_another_environment_never_serves_and_the_error_names_both_files(tmp_path):
    (tmp_path / "llmhub.yaml").write_text("project: p\nenv: dev\n")
    with pytest.raises(ConfigNotFoundError) as caught:
        find_config(tmp_path, "prod")
    assert "llmhub.prod.yaml" in str(caught.value)
    assert "llmhub.yaml with `env: prod`" in str(caught.value)
    assert "llmhub generate --env prod" in str(caught.value)
    with pytest.raises(ConfigNotFoundError):
        Project(directory=tmp_path).existing_config("prod")


def test_nothing_found_says_where_was_looked_and_what_to_run(tmp_path):
    with pytest.raises(ConfigNotFoundError, match="llmhub generate") as caught:
        Project(directory=tmp_path).existing_config()
    assert str(tmp_path) in str(caught.value)


def test_a_broken_plain_file_is_not_passed_over(tmp_path):
    (tmp_path / "llmhub.yaml").write_text("project: [")
    with pytest.raises(InvalidFileError):
        find_config(tmp_path, "prod")


@pytest.mark.parametrize(
    ("explicit", "environ", "expected"),
    [
        ("prod", {"LLMHUB_ENV": "dev"}, "prod"),
        (None, {"LLMHUB_ENV": "dev"}, "dev"),
        (None, {"LLMHUB_ENV": ""}, None),
        (None, {}, None),
    ],
)
def test_an_environment_is_asked_for_by_argument_then_by_variable(explicit, environ, expected):
    assert asked_environment(explicit, environ) == expected
