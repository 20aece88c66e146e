"""Where LLM Hub keeps its own files on this machine: the only home of platformdirs. They are named here, not made."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from llmhub.config.folders import VARIABLE, Folders, folders
from llmhub.errors import ConfigError

__all__ = ["CATALOG_VARIABLE", "VARIABLE", "cache_dir", "catalog_file", "config_dir", "data_dir"]

CATALOG_VARIABLE = "LLMHUB_CATALOG_DIR"


def catalog_file(environ: Mapping[str, str]) -> Path:
    """The catalog that was built last.

    Raises:
        ConfigError: nobody knows where the user's home is.
    """
    return (_named_catalog_dir(environ) or config_dir(environ)) / "catalog.json"


def catalog_dir(environ: Mapping[str, str]) -> Path:
    """What belongs to the catalog: those before it, and how its last refresh in the background went."""
    return _named_catalog_dir(environ) or cache_dir(environ)


def _named_catalog_dir(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(CATALOG_VARIABLE, "").strip()
    return expanded(CATALOG_VARIABLE, named).absolute() if named else None


def expanded(variable: str, named: str) -> Path:
    """The path that *variable* names, its `~` written out.

    Raises:
        ConfigError: nobody knows that home.
    """
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{variable} is {named!r}, and nobody knows that home: write the path out") from error


def config_dir(environ: Mapping[str, str]) -> Path:
    """What people write for all their projects, and the catalog."""
    return Path(_own(environ).config)


def cache_dir(environ: Mapping[str, str]) -> Path:
    """What can be fetched or built again: downloads and earlier catalogs, in the platform's cache folder."""
    return Path(_own(environ).cache)


def data_dir(environ: Mapping[str, str]) -> Path:
    """What cannot be made again: the ledger and the counters of budgets, in the platform's folder for data."""
    return Path(_own(environ).data)


def _own(environ: Mapping[str, str]) -> Folders:
    if sys.platform == "win32" and not environ.get(VARIABLE):
        environ = {**_known_folders(), **environ}
    return folders(sys.platform, environ, _home(environ), str(here() or ""))


def here() -> Path | None:
    """The working directory; `None` where it was removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _home(environ: Mapping[str, str]) -> str:
    """The user's home; empty where nobody knows it, as for a user of a container that has no name."""
    stated = environ.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    if stated:
        return stated
    try:
        return str(Path.home())
    except RuntimeError:
        return ""


def _known_folders() -> Mapping[str, str]:
    """What Windows itself says of folders that somebody has moved, for a process without the variables."""
    from platformdirs import user_config_path, user_data_path

    return {
        "APPDATA": str(user_config_path(appauthor=False, roaming=True)),
        "LOCALAPPDATA": str(user_data_path(appauthor=False)),
    }
