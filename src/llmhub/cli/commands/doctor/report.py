"""How findings are shown: one line each under their check, the remedy below, and a count at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from llmhub.cli.render import print_heading, print_json, print_text
from llmhub.records.contributions import Finding, Severity

_MARKS: dict[Severity, str] = {"ok": "ok", "warning": "warn", "error": "ERROR"}


def show(found: Sequence[Finding], *, as_json: bool) -> None:
    """All of *found*, in the order of their checks."""
    if as_json:
        print_json([_plain(finding) for finding in found])
        return
    shown = ""
    for finding in found:
        if finding.check != shown:
            shown = finding.check
            print_heading(shown)
        print_text(f"{_MARKS[finding.severity]:<5}  {finding.message}", indent=2)
        if finding.remedy:
            print_text(f"-> {finding.remedy}", indent=9)
    counted = Counter(finding.severity for finding in found)
    errors, warnings = counted["error"], counted["warning"]
    verdict = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}." if errors or warnings else "All is well."
    print_text(verdict, space_above=1)


def _plain(finding: Finding) -> dict[str, object]:
    plain: dict[str, object] = {
        "check": finding.check,
        "severity": finding.severity,
        "message": finding.message,
        "remedy": finding.remedy or None,
    }
    return plain | ({"exit_code": finding.exit_code} if finding.severity == "error" else {})


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
