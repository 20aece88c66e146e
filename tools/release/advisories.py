"""Known vulnerabilities as a package index tells them of the latest release of a project.

pip-audit asks for each release by itself, which the mirrors in front of many a company do not answer. What they do
answer is the page of the project, which has the advisories for its latest release, and for no other.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from attrs import frozen

PYPI = "https://pypi.org"
_AT_ONCE = 4
_SECONDS = 15.0


@frozen(kw_only=True)
class Advice:
    """What is known of one release: its `faults`, or why nothing is known (`unseen`)."""

    faults: tuple[Mapping[str, Any], ...] = ()
    unseen: str = ""


def asked(releases: Iterable[tuple[str, str]], index: str = PYPI) -> dict[str, Advice]:
    """What *index* tells of each of *releases* (name, version), by name."""
    releases = list(releases)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        told = threads.map(lambda release: _ask(index, *release), releases)
        return {name: advice for (name, _), advice in zip(releases, told, strict=True)}


def _ask(index: str, name: str, version: str) -> Advice:
    try:
        with urllib.request.urlopen(f"{index}/pypi/{quote(name)}/json", timeout=_SECONDS) as answer:
            page = json.load(answer)
    except (OSError, ValueError) as error:
        code = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
        return Advice(unseen=f"the index does not tell of it ({code})")
    return _read(page, version)


def _read(page: Any, version: str) -> Advice:
    """Of a project's page, what it says of *version*. A page without advisories says nothing, least of all none."""
    faults = page.get("vulnerabilities") if isinstance(page, dict) else None
    latest = page.get("info", {}).get("version") if isinstance(page, dict) else None
    if not isinstance(faults, list) or not isinstance(latest, str):
        return Advice(unseen="the index has no advisories")
    if latest != version:
        return Advice(unseen=f"{version} is not the latest release ({latest}), and the index tells of that alone")
    known = [
        {"id": fault.get("id", "?"), "fix_versions": fault.get("fixed_in", [])}
        for fault in faults
        if not fault.get("withdrawn")
    ]
    return Advice(faults=tuple(known))
