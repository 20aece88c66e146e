"""The catalogs before the present one: the last few that differed, for comparing and for going back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from llmhub.catalog.catalog import Catalog
from llmhub.catalog.lock import only_writer
from llmhub.catalog.store import read_catalog, set_aside
from llmhub.config.paths import catalog_dir, catalog_file
from llmhub.errors import CatalogError, nearest

__all__ = ["Generation", "generations", "read_generation"]

KEPT = 5


@frozen(kw_only=True)
class Generation:
    """An earlier catalog. Numbers rise with each that is kept, whatever the clock says; `built_at` is ISO 8601."""

    number: int
    built_at: str
    path: Path

    @property
    def name(self) -> str:
        """What people call it: the time it was built."""
        return self.built_at


def generations(environ: Mapping[str, str]) -> tuple[Generation, ...]:
    """The earlier catalogs of this machine, the latest first."""
    return _listed(generations_folder(environ))


def read_generation(environ: Mapping[str, str], name: str) -> Catalog:
    """The earlier catalog of that *name*: its number, or how its time begins (`2026-11-23`), the latest of several.

    Raises:
        CatalogError: there is none, or it cannot be read.
    """
    found = _find(environ, name)
    catalog = read_catalog(found.path)
    if catalog is None:
        raise CatalogError(f"the catalog of {found.name} is gone: {found.path}")
    return catalog


def roll_back(environ: Mapping[str, str], name: str | None = None) -> Catalog:
    """Make an earlier catalog the present one, the latest unless named, and keep the present one among the earlier.

    So the next call without a name undoes it. A present one that cannot be read is set aside.

    Raises:
        CatalogError: there is none, it cannot be read, or the present one cannot be replaced.
    """
    present = catalog_file(environ)
    with only_writer(present):  # so that nobody drops a generation that was just chosen
        known = generations(environ)
        if name is None and not known:
            raise CatalogError("there is no earlier catalog to go back to")
        found = known[0] if name is None else _find(environ, name)
        catalog = read_catalog(found.path)
        if catalog is None:
            raise CatalogError(f"the catalog of {found.name} is gone: {found.path}")
        _exchange(present, found, generations_folder(environ))
    return catalog


def _exchange(present: Path, found: Generation, folder: Path) -> None:
    """*found* in the place of *present*, which is kept in its stead; what cannot be read is set aside."""
    draft = present.with_name(f".{present.name}.back.tmp")
    try:
        shutil.copyfile(found.path, draft)
        if _is_damaged(present):
            set_aside(present)
        # One more than usual, for the one that is taken out makes room for it.
        keep_generation(present, folder, KEPT + 1)
        draft.replace(present)
        found.path.unlink(missing_ok=True)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CatalogError(f"cannot write {present}: {(error.strerror or str(error)).lower()}") from error


def _is_damaged(path: Path) -> bool:
    try:
        read_catalog(path)
    except CatalogError:
        return True
    return False


def keep_generation(present: Path, folder: Path, count: int = KEPT) -> None:
    """Put a copy of *present* among the generations in *folder*, and drop those beyond the last *count*.

    To be called by the only writer, before it replaces *present*. A file that cannot be read is not kept.

    Raises:
        OSError: the folder cannot be written.
    """
    try:
        catalog = read_catalog(present)
    except CatalogError:
        return
    if catalog is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    number = max((one.number for one in _listed(folder)), default=0) + 1
    built_at = re.sub(r"[^0-9T+.-]", "", catalog.built_at.replace(":", "."))  # no colons on Windows
    kept = folder / f"{number:06d}_{built_at}.json"
    draft = kept.with_name(f".{kept.name}.tmp")
    try:
        shutil.copyfile(present, draft)
        draft.replace(kept)
    finally:
        draft.unlink(missing_ok=True)
    for old in _listed(folder)[count:]:
        old.path.unlink(missing_ok=True)


def generations_folder(environ: Mapping[str, str]) -> Path:
    """Where earlier catalogs lie."""
    return catalog_dir(environ) / "generations"


_FILE = re.compile(r"(?P<number>\d{6,})_(?P<built_at>.*)\.json")


def _listed(folder: Path) -> tuple[Generation, ...]:
    try:
        files = list(folder.iterdir())
    except OSError:
        return ()
    found = [
        Generation(number=int(name["number"]), built_at=name["built_at"].replace(".", ":"), path=file)
        for file in files
        if (name := _FILE.fullmatch(file.name)) is not None
    ]
    return tuple(sorted(found, key=lambda one: -one.number))


def _find(environ: Mapping[str, str], name: str) -> Generation:
    known = generations(environ)
    for one in known:
        if name == str(one.number) or one.built_at.startswith(name):
            return one
    names = [one.name for one in known]
    close = nearest(name, names)
    hint = f" Did you mean {close!r}?" if close else ""
    raise CatalogError(f"no earlier catalog of {name!r}.{hint} There are: {', '.join(names) or 'none'}.")
