"""Names of files that are made from users' words hold on every platform."""

from __future__ import annotations

import ntpath
import re
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmhub.calls.cache import cache_file
from llmhub.config.discover import Project, config_name, find_config
from llmhub.config.load import load_spec
from llmhub.config.names import file_name, is_environment_name
from llmhub.errors import ConfigError, InvalidFileError

ODD = [
    *("CON", "con", "nul", "Com1", "LPT9", "aux.txt", "a.", "a ", ".", "..", "../../etc/passwd", "a/b", "a\\b", "C:x"),
    *("a:stream", "a*?", "<>|", '"', "\0", "\n", "", " ", "Ünï", "名前", "\ud83d", "e\u0301", "\u00e9", "x" * 300),
]


def is_reserved(name: str) -> bool:
    """What Windows keeps for itself, as the Python at hand knows it: 3.13 has another function for it."""
    asked = getattr(ntpath, "isreserved", None)
    return asked(name) if asked else PureWindowsPath(name).is_reserved()


def is_safe(name: str) -> bool:
    """Whether all three platforms take *name* for one file, and none for anything else."""
    windows = PureWindowsPath(name)
    return (
        windows.name == name
        and not is_reserved(name)
        and not name.endswith((".", " "))
        and re.search(r'[\x00-\x1f<>:"/\\|?*]', name) is None
        and name.isascii()
        and 0 < len(name) < 128
    )


@pytest.mark.parametrize("name", ODD)
def test_odd_names_give_safe_files(name: str, tmp_path: Path) -> None:
    assert is_safe(f"{file_name(name)}.db")
    file = cache_file(tmp_path, name)
    file.parent.mkdir()
    file.touch()
    assert file.is_file()


def test_plain_names_stay_as_they_are() -> None:
    for name in ("my-app", "a", "app_2", "0"):
        assert file_name(name) == name


@given(
    st.lists(st.one_of(st.text(), st.sampled_from(ODD), st.from_regex(r"[aA][bB_. -]?", fullmatch=True)), unique=True)
)
def test_no_two_names_share_a_file_even_where_capitals_do_not_count(names: list[str]) -> None:
    files = [file_name(name) for name in names]
    assert all(is_safe(f"{file}.db") for file in files)
    assert len({file.lower() for file in files}) == len(names)


@given(st.one_of(st.text(max_size=80), st.sampled_from(ODD), st.from_regex(r"[A-Za-z0-9_-]{1,70}", fullmatch=True)))
def test_an_environment_is_refused_or_has_a_safe_file(env: str) -> None:
    try:
        name = config_name(env)
    except ConfigError:
        assert not is_environment_name(env)
        return
    assert is_safe(name)


@pytest.mark.parametrize("env", ["spec", "Spec", "measured", "OVERRIDES"])
def test_no_environment_takes_the_place_of_another_file(env: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not spec, measured or overrides"):
        Project(directory=tmp_path).config_path(env, "dev")
    with pytest.raises(ConfigError, match="no environment can be called"):
        find_config(tmp_path, env)
    spec = tmp_path / "llmhub.spec.yaml"
    spec.write_text(f"project: p\nroles: {{}}\nenvironments: {{{env}: {{}}}}\n")
    with pytest.raises(InvalidFileError, match="found the text"):
        load_spec(spec, known_providers=())


def test_environments_that_differ_in_capitals_only_are_refused(tmp_path: Path) -> None:
    spec = tmp_path / "llmhub.spec.yaml"
    spec.write_text("project: p\nenv: dev\nroles: {}\nenvironments:\n  prod: {}\n  Prod: {}\n  DEV: {}\n")
    with pytest.raises(InvalidFileError) as refused:
        load_spec(spec, known_providers=())
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [(6, 3), (7, 3)]
    assert "llmhub.prod.yaml" in str(refused.value)
