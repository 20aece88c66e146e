"""Where LLM Hub keeps its own files: the only home of platformdirs.

`LLMHUB_CACHE_DIR` moves everything into one folder. The folders are named here, not made.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "LLMHUB_CACHE_DIR"
_APPLICATION = "llmhub"


def catalog_file(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The catalog that was built last."""
    return config_dir(environ, platform) / "catalog.json"


def config_dir(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """`~/.config/llmhub` on Linux (or below `XDG_CONFIG_HOME`) and macOS, `%APPDATA%\\llmhub` on Windows."""
    if moved := environ.get(VARIABLE):
        return Path(moved).expanduser()
    if platform == "win32":
        return _below(environ, "APPDATA") or _windows_config_dir()
    # On macOS too, where platformdirs would say ~/Library/Application Support: people look for it in one place.
    base = _below(environ, "XDG_CONFIG_HOME") if platform != "darwin" else None
    return base or _home(environ) / ".config" / _APPLICATION


def cache_dir(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """What can be fetched or built again: downloads and earlier catalogs, in the platform's cache folder."""
    if moved := environ.get(VARIABLE):
        return Path(moved).expanduser()
    if platform not in ("win32", "darwin") and (base := _below(environ, "XDG_CACHE_HOME")):
        return base
    from platformdirs import user_cache_path

    return user_cache_path(_APPLICATION, appauthor=False)


def data_dir(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """What cannot be made again: the ledger and the counters of budgets, in the platform's folder for data."""
    if moved := environ.get(VARIABLE):
        return Path(moved).expanduser()
    if platform not in ("win32", "darwin") and (base := _below(environ, "XDG_DATA_HOME")):
        return base
    from platformdirs import user_data_path

    return user_data_path(_APPLICATION, appauthor=False)


def _below(environ: Mapping[str, str], variable: str) -> Path | None:
    # The XDG specification has relative paths ignored.
    base = environ.get(variable, "")
    return Path(base) / _APPLICATION if Path(base).is_absolute() else None


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()


def _windows_config_dir() -> Path:
    from platformdirs import user_config_path

    return user_config_path(_APPLICATION, appauthor=False, roaming=True)
