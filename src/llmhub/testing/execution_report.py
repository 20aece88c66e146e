"""What a run of tests came to, as values, and as the text of the two files that tell it. Pure.

The JSON form is described by `execution_report.schema.json` beside this module. Version 1 of it only ever gains keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Literal

from attrs import asdict, field, frozen

Status = Literal["passed", "failed", "skipped", "error"]
"""`failed`: the test said no. `error`: it could not be asked, as its file, setup or teardown broke."""

RunStatus = Literal["passed", "failed", "interrupted", "error", "no_tests"]


@frozen(kw_only=True)
class TestResult:
    """One test. `duration_seconds` counts setup and teardown; `tags` are the names of its markers.

    `error` is pytest's own account of what went wrong; `reason` is why it was skipped.
    """

    __test__ = False  # pytest collects what is named so

    id: str
    status: Status
    duration_seconds: float = 0.0
    tags: tuple[str, ...] = ()
    error: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class Summary:
    """Counts of tests. `failed` includes those in error, so that the three add up to the total."""

    total_tests: int
    passed: int
    failed: int
    skipped: int
    duration_seconds: float
    status: RunStatus


@frozen(kw_only=True)
class Suite:
    """The tests of one file. `path` is relative to the root of the project, with forward slashes."""

    name: str
    path: str
    summary: Summary
    tests: tuple[TestResult, ...]


@frozen(kw_only=True)
class Environment:
    """What the tests ran on."""

    python: str
    implementation: str
    os: str
    machine: str
    pytest: str
    llmhub: str
    ci: bool


@frozen(kw_only=True)
class ExecutionReport:
    """One run. `commit`, `branch` and `dirty` are `None` where git does not tell; `timestamp` is its start, in UTC."""

    project: str
    run_id: str
    commit: str | None
    branch: str | None
    dirty: bool | None
    timestamp: str
    environment: Environment
    summary: Summary
    suites: tuple[Suite, ...] = field(repr=False)
    version: int = 1


def suites_of(results: Iterable[tuple[str, TestResult]]) -> tuple[Suite, ...]:
    """The results, each with the path of its file, by file in order of first appearance."""
    by_path: dict[str, list[TestResult]] = {}
    for path, result in results:
        by_path.setdefault(path, []).append(result)
    return tuple(
        Suite(name=_name(path), path=path, summary=summarised(tests), tests=tuple(tests))
        for path, tests in by_path.items()
    )


def summarised(
    tests: Sequence[TestResult], *, duration: float | None = None, status: RunStatus | None = None
) -> Summary:
    """The counts of *tests*. Their durations are added up where no *duration* is known."""
    failed = sum(test.status in ("failed", "error") for test in tests)
    skipped = sum(test.status == "skipped" for test in tests)
    found: RunStatus = "no_tests" if not tests else "failed" if failed else "passed"
    return Summary(
        total_tests=len(tests),
        passed=len(tests) - failed - skipped,
        failed=failed,
        skipped=skipped,
        duration_seconds=round(sum(test.duration_seconds for test in tests) if duration is None else duration, 3),
        status=status or found,
    )


def as_json(report: ExecutionReport) -> str:
    """The JSON file, as its schema says."""
    return json.dumps(asdict(report), indent=2, ensure_ascii=False) + "\n"


def as_markdown(report: ExecutionReport) -> str:
    """The same for people: the summary, every failure in full, every skip with its reason, a line per file."""
    summary, environment = report.summary, report.environment
    counts = f"{summary.passed} passed, {summary.failed} failed, {summary.skipped} skipped of {summary.total_tests}"
    commit = f"{report.commit or 'not known'}{' with changes' if report.dirty else ''}"
    python = f"Python {environment.python} ({environment.implementation}), {environment.os} {environment.machine}"
    lines = [
        f"# {report.project}: {summary.status}",
        "",
        f"{counts} in {summary.duration_seconds:.1f} s.",
        "",
        f"- run {report.run_id}, {report.timestamp}",
        f"- commit {commit}, branch {report.branch or 'not known'}",
        f"- {python}, pytest {environment.pytest}, llmhub {environment.llmhub}",
        "",
    ]
    tests = [test for suite in report.suites for test in suite.tests]
    if broken := [test for test in tests if test.status in ("failed", "error")]:
        lines += ["## Failures", ""]
        for test in broken:
            fence = _fence(test.error or "")
            lines += [f"### {test.id}", "", fence, (test.error or "").rstrip(), fence, ""]
    if skipped := [test for test in tests if test.status == "skipped"]:
        lines += ["## Skipped", "", *(f"- {test.id}: {test.reason or 'no reason given'}" for test in skipped), ""]
    lines += ["## Files", "", "| file | tests | failed | skipped | seconds |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {suite.path} | {suite.summary.total_tests} | {suite.summary.failed} | {suite.summary.skipped}"
        f" | {suite.summary.duration_seconds:.2f} |"
        for suite in report.suites
    ]
    return "\n".join(lines) + "\n"


def _name(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _fence(text: str) -> str:
    """Longer than any row of backticks in *text*, so that none of them ends it."""
    longest = max((len(row) for row in _rows_of_backticks(text)), default=0)
    return "`" * max(3, longest + 1)


def _rows_of_backticks(text: str) -> list[str]:
    import re

    return re.findall("`+", text)
