"""A catalog of its own for a project that decides differently from the rest of the machine.

What a project's overrides say, or its spec of sources and price ratio, must not show in another project. So the catalog
of such a project lies in a folder of its own, with those before it; downloads are shared. Which folder holds is handed
on as `LLMHUB_CATALOG_DIR`; where the user has set that, all share what it names.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from llmhub.config.discover import find_project
from llmhub.config.files import write_atomically
from llmhub.config.paths import CATALOG_VARIABLE, cache_dir, catalog_file, expanded
from llmhub.errors import ConfigError
from llmhub.records.context import OVERRIDES_NAME, OVERRIDES_VARIABLE

__all__ = ["catalog_environ"]

PRICE_RATIO = 3.0
"""Tokens read per token written, where nobody says otherwise."""

_DECIDED = "decided.json"
"""Beside a project's own catalog: what it was made by."""


@frozen(kw_only=True)
class Decisions:
    """What a project says of its catalog. `overrides` is the hash of its file, empty where there is none."""

    overrides: str = ""
    sources: tuple[str, ...] = ()
    price_ratio: float = PRICE_RATIO

    @property
    def are_stated(self) -> bool:
        """Whether anything is said beyond what holds for everybody."""
        return self != Decisions()

    def are_met_by(self, recorded: Decisions | None) -> bool:
        """Whether a catalog made by those *recorded* serves; sources and ratio count only where they are stated."""
        if recorded is None or recorded.overrides != self.overrides:
            return False
        mine, theirs = (self.sources, self.price_ratio), (recorded.sources, recorded.price_ratio)
        return mine in (theirs, ((), PRICE_RATIO))


def catalog_environ(environ: Mapping[str, str], start: Path | None) -> Mapping[str, str]:
    """*environ* for the catalog of the project that *start* lies in: its own where it has one, else the machine's.

    For whoever looks into the catalog without making one. `None`: no project is at hand.
    """
    folder = _folder(environ, start)
    return environ if folder is None or not (folder / _DECIDED).is_file() else _pointing_to(folder, environ)


def decided(environ: Mapping[str, str], start: Path, sources: Sequence[str], price_ratio: float) -> Decisions:
    """What the project that *start* lies in says now."""
    file = _overrides(environ, start)
    try:
        overrides = hashlib.sha256(file.read_bytes()).hexdigest() if file is not None else ""
    except OSError:
        overrides = "unreadable"  # the source itself tells what is wrong with it
    return Decisions(overrides=overrides, sources=tuple(sources), price_ratio=price_ratio)


def recorded(environ: Mapping[str, str], start: Path) -> Decisions | None:
    """What the project's own catalog was made by; `None` where it has none."""
    folder = _folder(environ, start)
    try:
        stated: Any = json.loads((folder / _DECIDED).read_bytes()) if folder is not None else None
        if stated is None:
            return None
        return Decisions(
            overrides=str(stated["overrides"]),
            sources=tuple(map(str, stated["sources"])),
            price_ratio=float(stated["price_ratio"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def own_environ(environ: Mapping[str, str], start: Path) -> Mapping[str, str]:
    """*environ* for a catalog of the project's own, whether there is one already or not."""
    folder = _folder(environ, start)
    return environ if folder is None else _pointing_to(folder, environ)


def record(environ: Mapping[str, str], start: Path, decisions: Decisions) -> None:
    """Note that the project's own catalog was made by *decisions*; without the note it is none, and is made again."""
    folder = _folder(environ, start)
    if folder is None or not catalog_file(own_environ(environ, start)).is_file():
        return
    stated = {
        "project": str(start.absolute()),
        "overrides": decisions.overrides,
        "sources": list(decisions.sources),
        "price_ratio": decisions.price_ratio,
    }
    try:
        write_atomically(folder / _DECIDED, json.dumps(stated))
    except (OSError, ConfigError):
        return


def forget(environ: Mapping[str, str], start: Path) -> None:
    """Drop the project's own catalog: it decides nothing any more."""
    folder = _folder(environ, start)
    if folder is not None and (folder / _DECIDED).is_file():
        shutil.rmtree(folder, ignore_errors=True)


def _folder(environ: Mapping[str, str], start: Path | None) -> Path | None:
    """Where a catalog of the project's own belongs; `None` where there is no project, or the user named a place."""
    project = find_project(start) if start is not None else None
    named = environ.get(OVERRIDES_VARIABLE)
    if project is not None:
        identity = project.directory.resolve()
    elif named:
        identity = ((start or Path()) / expanded(OVERRIDES_VARIABLE, named)).resolve()
    else:
        return None
    digest = hashlib.sha256(str(identity).encode()).hexdigest()[:12]
    folder = cache_dir(environ) / "projects" / f"{identity.name}-{digest}"
    stated = environ.get(CATALOG_VARIABLE, "").strip()
    return folder if not stated or Path(stated) == folder else None


def _overrides(environ: Mapping[str, str], start: Path) -> Path | None:
    if named := environ.get(OVERRIDES_VARIABLE):
        return start / expanded(OVERRIDES_VARIABLE, named)
    project = find_project(start)
    beside = project.directory / OVERRIDES_NAME if project is not None else None
    return beside if beside is not None and beside.is_file() else None


def _pointing_to(folder: Path, environ: Mapping[str, str]) -> Mapping[str, str]:
    """A view: what changes in *environ* shows."""
    return ChainMap({CATALOG_VARIABLE: str(folder)}, environ)  # type: ignore[arg-type]
