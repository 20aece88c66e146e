"""What we depend on: known vulnerabilities (pip-audit) and licences (pip-licenses) of an environment.

`python -m release.supply audit|licences` looks at the environment that it runs in. Ends with 0 when all was looked at
and is well, with 1 when something is to be mended, with 3 when the advisory service could not tell of everything:
what was not looked at is not well.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distributions as installed
from pathlib import Path
from typing import Any

from release import advisories
from release.versions import distributions

OURS = frozenset(one.name for one in distributions(Path(__file__).parents[2]))
ALLOWED = (
    *("Apache Software License", "Apache-2.0", "Apache 2.0", "Apache License 2.0", "0BSD", "BSD License", "BSD"),
    *("BSD-2-Clause", "BSD-3-Clause", "DFSG approved", "ISC", "ISC License (ISCL)", "MIT", "MIT License", "MIT-0"),
    *("MIT-CMU", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0", "Python Software Foundation License"),
    *("The Unlicense (Unlicense)", "Unlicense", "Zlib"),
)
"""Licences that ask nothing of who uses LLM Hub inside a program of their own."""
WEAK_COPYLEFT = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
"""Used as they are, by a plugin that is installed by itself."""
LOOKED_INTO = {"docutils": "BSD License; GNU General Public License (GPL); Public Domain"}
"""Packages under several licences, the stern one of a file that no wheel holds: an Emacs mode, of docutils."""


def licence_problems(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """What of `pip-licenses --format=json` stands under no allowed licence.

    >>> licence_problems([{"Name": "a", "Version": "1", "License": "MIT OR GPL-3.0-only"}])
    []
    >>> licence_problems([{"Name": "a", "Version": "1", "License": "MIT AND GPL-3.0-only"}])
    ["a 1: 'MIT AND GPL-3.0-only' is not on the list of licences"]
    """
    return [
        f"{row['Name']} {row['Version']}: {row['License']!r} is not on the list of licences"
        for row in rows
        if row["Name"] not in OURS
        and not _allowed(row["License"])
        and row["License"] not in (WEAK_COPYLEFT.get(row["Name"]), LOOKED_INTO.get(row["Name"]))
    ]


def _allowed(licence: str) -> bool:
    """Of what is joined by OR one has to be allowed; of what is joined by AND, or listed by trove classifiers, all."""
    if licence in ALLOWED:
        return True
    return any(
        all(part.strip(" ()") in ALLOWED or part.strip() in ALLOWED for part in re.split(r" AND |;", one))
        for one in licence.split(" OR ")
    )


def audit_findings(report: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Of `pip-audit --format=json`: the known vulnerabilities, and what could not be looked at."""
    vulnerable, unseen = [], []
    for one in report["dependencies"]:
        if one["name"] in OURS:
            continue
        if "skip_reason" in one:
            unseen.append(f"{one['name']}: {one['skip_reason']}")
        for fault in one.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "no version"
            vulnerable.append(f"{one['name']} {one['version']}: {fault['id']}, mended in {mended}")
    return vulnerable, unseen


def completed(report: Mapping[str, Any], told: Mapping[str, advisories.Advice]) -> dict[str, Any]:
    """A *report* of pip-audit with what the index *told* of the packages it could not look at."""
    return {**report, "dependencies": [_completed(one, told.get(one["name"])) for one in report["dependencies"]]}


def _completed(one: Mapping[str, Any], advice: advisories.Advice | None) -> Mapping[str, Any]:
    if advice is None or "skip_reason" not in one:
        return one
    if advice.unseen:
        return {**one, "skip_reason": advice.unseen}
    return {"name": one["name"], "version": "(the latest)", "vulns": advice.faults}


def _unanswered(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The packages that pip-audit passed over, with the versions that are installed here."""
    here = {re.sub(r"[-_.]+", "-", one.name).lower(): one.version for one in installed()}
    names = [one["name"] for one in report["dependencies"] if "skip_reason" in one and one["name"] not in OURS]
    return [(name, here[key]) for name in names if (key := re.sub(r"[-_.]+", "-", name).lower()) in here]


def _audit() -> int:
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--timeout=15"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(ended.stdout)
    except json.JSONDecodeError:
        print(ended.stderr.strip()[-2000:], file=sys.stderr)
        print("Error: the advisory service could not be asked: nothing was audited.", file=sys.stderr)
        return 3
    told = advisories.asked(_unanswered(report))
    vulnerable, unseen = audit_findings(completed(report, told))
    for line in vulnerable:
        print(f"Error: {line}", file=sys.stderr)
    if unseen:
        count = len(report["dependencies"])
        print(f"Error: {len(unseen)} of {count} not audited:", *unseen, sep="\n  ", file=sys.stderr)
    if not vulnerable and not unseen:
        print(f"{len(report['dependencies'])} packages, no known vulnerability.")
    return 1 if vulnerable else 3 if unseen else 0


def _licences() -> int:
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json"]
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    problems = licence_problems(rows)
    for line in problems:
        print(f"Error: {line}", file=sys.stderr)
    if not problems:
        print(f"{len(rows)} packages, all under allowed licences.")
    return 1 if problems else 0


def main(arguments: Sequence[str]) -> int:
    ways = {"audit": _audit, "licences": _licences}
    if len(arguments) != 1 or arguments[0] not in ways:
        print(f"usage: python -m release.supply {'|'.join(ways)}", file=sys.stderr)
        return 2
    return ways[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
