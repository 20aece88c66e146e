"""Where a user's files belong, on platforms that this one is not."""

from __future__ import annotations

import sys
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from llmhub.config.folders import folders
from llmhub.errors import ConfigError

ROAMING, LOCAL = r"C:\Users\me\AppData\Roaming", r"C:\Users\me\AppData\Local"
WINDOWS = {"APPDATA": ROAMING, "LOCALAPPDATA": LOCAL}
HOMES = {"linux": "/home/me", "darwin": "/Users/me", "win32": r"C:\Users\me"}
HERE = {"linux": "/work/app", "darwin": "/work/app", "win32": r"D:\work\app"}

TABLE = [
    # platform, environment, and the three folders
    ("linux", {}, "/home/me/.config/llmhub", "/home/me/.cache/llmhub", "/home/me/.local/share/llmhub"),
    (
        "linux",
        {"XDG_CONFIG_HOME": "/c", "XDG_CACHE_HOME": "/k", "XDG_DATA_HOME": "/d e"},
        "/c/llmhub",
        "/k/llmhub",
        "/d e/llmhub",
    ),
    (
        "linux",
        {"XDG_CONFIG_HOME": "relative", "XDG_CACHE_HOME": "", "XDG_DATA_HOME": " "},
        "/home/me/.config/llmhub",
        "/home/me/.cache/llmhub",
        "/home/me/.local/share/llmhub",
    ),
    ("freebsd14", {}, "/home/me/.config/llmhub", "/home/me/.cache/llmhub", "/home/me/.local/share/llmhub"),
    (
        "darwin",
        {"XDG_CONFIG_HOME": "/c", "XDG_CACHE_HOME": "/k"},
        "/Users/me/.config/llmhub",
        "/Users/me/Library/Caches/llmhub",
        "/Users/me/Library/Application Support/llmhub",
    ),
    ("win32", WINDOWS, rf"{ROAMING}\llmhub", rf"{LOCAL}\llmhub\Cache", rf"{LOCAL}\llmhub"),
    ("win32", {}, rf"{ROAMING}\llmhub", rf"{LOCAL}\llmhub\Cache", rf"{LOCAL}\llmhub"),
    (
        "win32",
        {"APPDATA": "Roaming", "LOCALAPPDATA": "C:Local", "XDG_CONFIG_HOME": "/c"},
        rf"{ROAMING}\llmhub",
        rf"{LOCAL}\llmhub\Cache",
        rf"{LOCAL}\llmhub",
    ),
    (
        "win32",
        {"APPDATA": r"\\server\share\Jürgen Öz", "LOCALAPPDATA": "D:/Local"},
        r"\\server\share\Jürgen Öz\llmhub",
        r"D:\Local\llmhub\Cache",
        r"D:\Local\llmhub",
    ),
]


@pytest.mark.parametrize(("platform", "environ", "config", "cache", "data"), TABLE)
def test_each_platform_has_its_folders(platform: str, environ: Any, config: str, cache: str, data: str) -> None:
    found = folders(platform, environ, HOMES[platform if platform in HOMES else "linux"], "/work")
    assert [str(found.config), str(found.cache), str(found.data)] == [config, cache, data]
    assert isinstance(found.config, PureWindowsPath if platform == "win32" else PurePosixPath)


MOVED = [
    ("linux", "/moved", "/moved"),
    ("linux", "moved/here", "/work/app/moved/here"),
    ("linux", "~", "/home/me"),
    ("linux", "~/two words", "/home/me/two words"),
    ("linux", "a~b", "/work/app/a~b"),
    ("darwin", "~/Ünï", "/Users/me/Ünï"),
    ("win32", r"E:\moved", r"E:\moved"),
    ("win32", "E:/moved", r"E:\moved"),
    ("win32", r"\\server\share\moved", r"\\server\share\moved"),
    ("win32", "moved", r"D:\work\app\moved"),
    ("win32", r"\moved", r"D:\moved"),
    ("win32", r"~\two words", r"C:\Users\me\two words"),
]


@pytest.mark.parametrize(("platform", "stated", "expected"), MOVED)
def test_one_variable_moves_all_of_them(platform: str, stated: str, expected: str) -> None:
    found = folders(
        platform, {**WINDOWS, "XDG_CONFIG_HOME": "/c", "LLMHUB_CACHE_DIR": stated}, HOMES[platform], HERE[platform]
    )
    assert {str(found.config), str(found.cache), str(found.data)} == {expected}


@pytest.mark.parametrize(("platform", "stated", "here"), [("win32", "C:moved", r"D:\work"), ("linux", "moved", "")])
def test_what_counts_from_nowhere_is_refused(platform: str, stated: str, here: str) -> None:
    with pytest.raises(ConfigError, match="write the path out"):
        folders(platform, {"LLMHUB_CACHE_DIR": stated}, HOMES[platform], here)


@pytest.mark.parametrize("platform", HOMES)
def test_the_home_of_somebody_else_is_not_looked_up(platform: str) -> None:
    with pytest.raises(ConfigError, match="write the path out"):
        folders(platform, {"LLMHUB_CACHE_DIR": "~root/x"}, HOMES[platform], HERE[platform])


@pytest.mark.parametrize("platform", HOMES)
@pytest.mark.parametrize("home", ["", "relative"])
def test_without_a_home_it_is_said_what_to_set(platform: str, home: str) -> None:
    for environ in ({}, {"LLMHUB_CACHE_DIR": "~/x"}):
        with pytest.raises(ConfigError, match="set HOME, or LLMHUB_CACHE_DIR to a folder"):
            folders(platform, environ, home, HERE[platform])
    moved = folders(platform, {"LLMHUB_CACHE_DIR": "x"}, home, HERE[platform])
    assert moved.config.is_absolute()


def test_a_home_is_not_needed_where_all_folders_are_named() -> None:
    named = {"XDG_CONFIG_HOME": "/c", "XDG_CACHE_HOME": "/k", "XDG_DATA_HOME": "/d"}
    assert folders("linux", named, "", "/").data == PurePosixPath("/d/llmhub")
    assert folders("win32", WINDOWS, "", "C:\\").data == PureWindowsPath(rf"{LOCAL}\llmhub")


@pytest.mark.skipif(
    sys.platform == "win32", reason="platformdirs reads the home of this machine, which is of another shape"
)
def test_caches_and_data_lie_where_platformdirs_would_put_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for platform, theirs in (("linux", Unix("llmhub", appauthor=False)), ("darwin", MacOS("llmhub", appauthor=False))):
        ours = folders(platform, {}, "/home/me", "/")
        assert (str(ours.cache), str(ours.data)) == (theirs.user_cache_dir, theirs.user_data_dir)
    assert str(folders("linux", {}, "/home/me", "/").config) == Unix("llmhub", appauthor=False).user_config_dir


@given(
    st.sampled_from(sorted(HOMES)),
    st.dictionaries(
        st.sampled_from(
            ["APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LLMHUB_CACHE_DIR"]
        ),
        st.text(st.characters(exclude_characters="\0"), max_size=12),
    ),
)
def test_whatever_variables_say_the_folders_are_absolute_or_refused(platform: str, environ: dict[str, str]) -> None:
    try:
        found = folders(platform, environ, HOMES[platform], HERE[platform])
    except ConfigError:
        assert environ["LLMHUB_CACHE_DIR"].strip().startswith("~") or platform == "win32"
        return
    chosen: list[PurePath] = [found.config, found.cache, found.data]
    assert all(folder.is_absolute() for folder in chosen)
