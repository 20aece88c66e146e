"""What a release refuses, and that a refusal leaves the tree as it was."""

import hashlib
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from release import ReleaseError, artefacts, commands, tokens, tree, versions
from release.__main__ import PYPI, TEST_PYPI, main, upload_command

from .conftest import git

NUMBERS = st.integers(min_value=0, max_value=99)


@pytest.fixture(autouse=True)
def nobodys_tokens(monkeypatch):
    for name in ("PYPI_TOKEN", "TEST_PYPI_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def refused(repository, capsys, *arguments):
    """What is told of a release that is refused; the tree is held against what it was."""
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert main(["--root", str(repository), *arguments]) == 1
    after = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert after == before
    told = capsys.readouterr().err
    assert "Nothing in the tree was changed." in told
    return told


def test_a_dirty_tree_a_wrong_version_and_a_tag_that_exists_are_told_at_once(repository, capsys):
    git(repository, "tag", "v0.0.9")
    (repository / "notes.txt").write_text("mine\n", encoding="utf-8")
    told = refused(repository, capsys, "--version", "0.0.9")
    assert "1 uncommitted: notes.txt" in told
    assert "version 0.0.9 is not after what there is: llmhub is 0.1.0, llmhub-extra is 0.1.0" in told
    assert "tag v0.0.9 exists" in told


@pytest.mark.parametrize("version", ["1", "1.2", "1.2.x", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3.dev1", "1.2.3+here"])
def test_what_is_no_version_is_refused(repository, capsys, version):
    assert "expected" in refused(repository, capsys, "--version", version)


def test_a_package_that_is_not_here_is_refused_with_those_that_are(repository, capsys):
    told = refused(repository, capsys, "patch", "--package", "llmhub-extro")
    assert "no package 'llmhub-extro' here; there are llmhub, llmhub-extra" in told


def test_a_missing_token_is_told_by_its_variable_before_anything_is_built(repository, capsys):
    assert "no token for PyPI: set PYPI_TOKEN" in refused(repository, capsys, "patch")


def test_a_step_and_a_version_at_once_are_wrong_usage(repository):
    with pytest.raises(SystemExit) as stop:
        main(["--root", str(repository), "patch", "--version", "1.0.0"])
    assert stop.value.code == 2


def test_the_core_and_the_plugins_are_found_with_their_versions(repository):
    known = versions.distributions(repository)
    assert [(one.name, one.version) for one in known] == [("llmhub", "0.1.0"), ("llmhub-extra", "0.1.0")]


def test_a_version_is_written_where_the_old_one_stood_and_nothing_else_changes(repository):
    for one in versions.distributions(repository):
        before = one.stated_in.read_text(encoding="utf-8")
        versions.write_version(one, "0.2.0")
        assert one.stated_in.read_text(encoding="utf-8") == before.replace("0.1.0", "0.2.0")
    assert {one.version for one in versions.distributions(repository)} == {"0.2.0"}


@given(major=NUMBERS, minor=NUMBERS, patch=NUMBERS, step=st.sampled_from(versions.STEPS))
def test_every_step_leads_to_a_later_version(major, minor, patch, step):
    current = f"{major}.{minor}.{patch}"
    following = versions.next_version(current, step)
    assert Version(following) > Version(current)


def test_what_was_done_to_the_copy_comes_back_with_new_changed_and_vanished_files(repository, tmp_path):
    copy = tree.copy_of_last_commit(repository, tmp_path)
    (copy / "CHANGELOG.md").write_text("# 0.2.0\n", encoding="utf-8")
    (copy / ".gitignore").unlink()
    versions.write_version(versions.distributions(copy)[0], "0.2.0")
    assert tree.uncommitted(repository) == []
    changed = tree.bring_back(copy, repository)
    assert sorted(changed) == [".gitignore", "CHANGELOG.md", "src/llmhub/__init__.py"]
    assert versions.distributions(repository)[0].version == "0.2.0"
    assert not (repository / ".gitignore").exists()


def test_a_token_comes_from_the_environment_else_from_env_and_does_not_show(repository, monkeypatch):
    (repository / ".env").write_text("PYPI_TOKEN=pypi-from-file\n", encoding="utf-8")
    found = tokens.token_for(PYPI, repository)
    assert found.value == "pypi-from-file"
    assert "pypi-from-file" not in repr(found)
    monkeypatch.setenv("PYPI_TOKEN", "pypi-from-environment")
    assert tokens.token_for(PYPI, repository).value == "pypi-from-environment"


def test_a_program_that_fails_is_quoted_without_the_secrets_it_printed(tmp_path):
    shown = ["sh", "-c", "echo password $TWINE_PASSWORD; exit 4"]
    with pytest.raises(ReleaseError, match="ended with 4") as caught:
        commands.run(shown, where=tmp_path, secrets={"TWINE_PASSWORD": "pypi-planted"})
    assert "pypi-planted" not in str(caught.value)
    assert "password ***" in str(caught.value)


def test_a_wheel_without_what_it_needs_or_with_what_it_should_not_have_is_refused(tmp_path):
    wheel = tmp_path / "llmhub-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("llmhub/py.typed", "")
        file.writestr("tests/test_a.py", "")
        file.writestr("llmhub/.env", "")
    with pytest.raises(ReleaseError) as caught:
        artefacts.look_into([wheel])
    assert [problem.removeprefix(f"{wheel.name} ") for problem in caught.value.problems] == [
        "holds tests/test_a.py, which does not belong there",
        "holds llmhub/.env, which does not belong there",
        "lacks llmhub/builtin/snapshot/facts.json.gz",
    ]


def test_sums_are_those_that_sha256sum_would_write(tmp_path):
    file = tmp_path / "a.whl"
    file.write_bytes(b"a")
    sums = artefacts.write_sums([file], tmp_path)
    assert sums.read_text(encoding="utf-8") == f"{hashlib.sha256(b'a').hexdigest()}  a.whl\n"


def test_only_at_a_rehearsal_is_what_lies_there_already_passed_over():
    """twine refuses `--skip-existing` for any other index than PyPI's two."""
    assert "--skip-existing" in upload_command(TEST_PYPI, [])
    assert TEST_PYPI.url.startswith("https://test.pypi.org/")
    assert "--skip-existing" not in upload_command(PYPI, [])
