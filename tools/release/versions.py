"""Distributions and their versions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen
from packaging.version import InvalidVersion, Version

from release import ReleaseError

CORE = "llmhub"
STEPS = ("patch", "minor", "major")


@frozen(kw_only=True)
class Distribution:
    """What is built and uploaded: its folder, its version, and the file that states it."""

    name: str
    folder: Path
    version: str
    stated_in: Path


def distributions(root: Path) -> list[Distribution]:
    """The core, then those of plugins/ by name."""
    folders = [root, *sorted(file.parent for file in (root / "plugins").glob("*/pyproject.toml"))]
    return [_distribution(folder) for folder in folders]


def chosen(known: Sequence[Distribution], package: str | None) -> list[Distribution]:
    """The one named *package*; all, where none is named: they are released together, as one version.

    Raises:
        ReleaseError: there is none of that name.
    """
    if package is None:
        return list(known)
    found = [one for one in known if one.name == package]
    if not found:
        raise ReleaseError(f"no package {package!r} here; there are {', '.join(one.name for one in known)}")
    return found


def next_version(current: str, step: str) -> str:
    """The version a *step* (patch, minor, major) after *current*; a pre-release becomes the release that it precedes.

    >>> next_version("1.4.2", "minor")
    '1.5.0'
    >>> next_version("2.0.0rc1", "patch")
    '2.0.0'
    """
    version = Version(current)
    major, minor, patch = version.release
    if version.is_prerelease and step == "patch":
        return f"{major}.{minor}.{patch}"
    return {
        "patch": f"{major}.{minor}.{patch + 1}",
        "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[step]


def problem_of(wanted: str, released: Sequence[Distribution]) -> str | None:
    """What is wrong with *wanted* as the next version of all of *released*, in words; `None` when nothing is."""
    try:
        version = Version(wanted)
    except InvalidVersion:
        return f"version {wanted!r} is none: expected X.Y.Z, or X.Y.Zrc1 for a pre-release"
    if str(version) != wanted or len(version.release) != 3 or version.is_devrelease or version.local:
        return f"version {wanted!r}: expected three numbers, as in X.Y.Z, and perhaps a1, b1 or rc1"
    later = [f"{one.name} is {one.version}" for one in released if Version(one.version) >= version]
    return f"version {wanted} is not after what there is: {', '.join(later)}" if later else None


def write_version(distribution: Distribution, version: str) -> None:
    """State *version* where the old one stood, and change nothing else."""
    path = distribution.stated_in
    text = path.read_text(encoding="utf-8")
    line = re.compile(rf'^((?:__version__|version) = "){re.escape(distribution.version)}(")$', re.MULTILINE)
    changed, count = line.subn(rf"\g<1>{version}\g<2>", text)
    if count != 1:
        raise ReleaseError(f"{path}: expected one line with version {distribution.version}, found {count}")
    path.write_text(changed, encoding="utf-8")


def _distribution(folder: Path) -> Distribution:
    """Of a pyproject that states its version, or names the module that does (hatch)."""
    pyproject = folder / "pyproject.toml"
    document = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = document["project"]
    if "version" in project:
        return Distribution(name=project["name"], folder=folder, version=project["version"], stated_in=pyproject)
    module = folder / document["tool"]["hatch"]["version"]["path"]
    found = re.search(r'^__version__ = "([^"]+)"$', module.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ReleaseError(f'{module}: no line like __version__ = "1.2.3"')
    return Distribution(name=project["name"], folder=folder, version=found[1], stated_in=module)
