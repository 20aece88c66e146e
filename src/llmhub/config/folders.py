"""Where a user's files belong on each platform, decided from values alone. Pure.

| | settings and catalog | downloads, caches | ledger |
|---|---|---|---|
| Linux | `~/.config/llmhub` | `~/.cache/llmhub` | `~/.local/share/llmhub` |
| macOS | `~/.config/llmhub` | `~/Library/Caches/llmhub` | `~/Library/Application Support/llmhub` |
| Windows | `%APPDATA%\\llmhub` | `%LOCALAPPDATA%\\llmhub\\Cache` | `%LOCALAPPDATA%\\llmhub` |

On Linux `XDG_CONFIG_HOME`, `XDG_CACHE_HOME` and `XDG_DATA_HOME` move each of them. `LLMHUB_CACHE_DIR` moves all into
one folder, on every platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from attrs import frozen

from llmhub.errors import ConfigError

VARIABLE = "LLMHUB_CACHE_DIR"
_APPLICATION = "llmhub"


@frozen(kw_only=True)
class Folders:
    """`config` for what people write and the catalog, `cache` for what can be made again, `data` for what cannot."""

    config: PurePath
    cache: PurePath
    data: PurePath


def flavour(platform: str) -> type[PurePosixPath] | type[PureWindowsPath]:
    """How *platform* (as `sys.platform`) writes paths."""
    return PureWindowsPath if platform == "win32" else PurePosixPath


def folders(platform: str, environ: Mapping[str, str], home: str, here: str) -> Folders:
    """The folders of a user whose home is *home* (empty: not known), for a process that works in *here*.

    A relative `LLMHUB_CACHE_DIR` counts from *here*, `~` in it is *home*. Relative values of the platform's own
    variables are passed over, as the XDG specification has it.

    Raises:
        ConfigError: a folder below the home is needed, and nobody knows where that is; or the variable names the home
            of somebody else (`~other`).
    """
    path = flavour(platform)
    if moved := environ.get(VARIABLE, "").strip():
        folder = path(here) / _expanded(path(moved), home)
        if not folder.is_absolute():  # a drive of Windows without a folder, or a working directory that is gone
            raise ConfigError(f"{VARIABLE} is {moved!r}, and nobody can say from where it counts: write the path out")
        return Folders(config=folder, cache=folder, data=folder)

    def base(variable: str, *below_home: str) -> PurePath:
        stated = path(environ.get(variable, "").strip())
        return stated if stated.is_absolute() else _known(path(home)).joinpath(*below_home)

    if platform == "win32":
        local = base("LOCALAPPDATA", "AppData", "Local") / _APPLICATION
        return Folders(config=base("APPDATA", "AppData", "Roaming") / _APPLICATION, cache=local / "Cache", data=local)
    if platform == "darwin":
        # Its own settings lie in ~/Library/Application Support, but people look for ours in the same place as on Linux.
        library = _known(path(home)) / "Library"
        return Folders(
            config=_known(path(home)) / ".config" / _APPLICATION,
            cache=library / "Caches" / _APPLICATION,
            data=library / "Application Support" / _APPLICATION,
        )
    return Folders(
        config=base("XDG_CONFIG_HOME", ".config") / _APPLICATION,
        cache=base("XDG_CACHE_HOME", ".cache") / _APPLICATION,
        data=base("XDG_DATA_HOME", ".local", "share") / _APPLICATION,
    )


def _expanded(stated: PurePath, home: str) -> PurePath:
    first = stated.parts[0] if stated.parts else ""
    if not first.startswith("~"):
        return stated
    if first != "~":
        raise ConfigError(f"{VARIABLE} is {str(stated)!r}: write the path out; only `~` alone stands for a home here")
    return _known(type(stated)(home)).joinpath(*stated.parts[1:])


def _known(home: PurePath) -> PurePath:
    if home.is_absolute():
        return home
    raise ConfigError(f"there is no home folder to keep files in: set HOME, or {VARIABLE} to a folder")
