"""`pytest --ter`: a test execution report of the run, as JSON and, with `--ter-markdown`, for people.

It is written when the session ends, however it ends: also when files could not be collected, when the run was
interrupted, and over all workers of pytest-xdist.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from llmhub import __version__
from llmhub.records.secrets import Secrets
from llmhub.testing.execution_report import (
    Environment,
    ExecutionReport,
    RunStatus,
    Status,
    TestResult,
    as_json,
    as_markdown,
    suites_of,
    summarised,
)

FOLDER = "reports/test-execution"
_TAGS = "llmhub tags"
"""A property by which a worker tells the controller a test's markers: reports carry only their names among others."""

_STATUS_BY_EXIT: Mapping[int, RunStatus] = {2: "interrupted", 3: "error", 4: "error"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; nothing is written without `--ter`."""
    group = parser.getgroup("llmhub", "test execution report")
    group.addoption("--ter", action="store_true", help="Write a test execution report as JSON.")
    group.addoption("--ter-markdown", action="store_true", help="Write it as Markdown, too.")
    group.addoption("--ter-folder", default=FOLDER, metavar="DIR", help=f"Where to, from the root: {FOLDER}.")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen; in a worker of pytest-xdist only to tell the controller what it cannot see."""
    if not (config.getoption("--ter") or config.getoption("--ter-markdown")):
        return
    config.pluginmanager.register(_Marking(), "llmhub-report-marking")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Listener(config.rootpath), "llmhub-report")


class _Marking:
    """Runs where the tests run."""

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        item.user_properties.append((_TAGS, sorted({mark.name for mark in item.iter_markers()})))


@define(eq=False)
class _Listener:
    """Runs where all reports arrive: the only process, or the controller."""

    root: Path
    started: float = field(factory=time.time)
    results: dict[str, tuple[str, TestResult]] = field(factory=dict)
    written: list[Path] = field(factory=list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        path = report.nodeid.partition("::")[0]
        _, before = self.results.get(report.nodeid, (path, TestResult(id=report.nodeid, status="passed")))
        self.results[report.nodeid] = path, _with_phase(before, report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.passed:
            return
        path = report.nodeid.partition("::")[0] or "."
        status: Status = "skipped" if report.skipped else "error"
        self.results[report.nodeid or "."] = (
            path,
            TestResult(
                id=report.nodeid or ".",
                status=status,
                error=_text(report) if status == "error" else None,
                reason=_reason(report) if status == "skipped" else None,
            ),
        )

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        report = self.report(int(exitstatus))
        folder = self.root / session.config.getoption("--ter-folder")
        folder.mkdir(parents=True, exist_ok=True)
        self.written = _write(folder, report, markdown=session.config.getoption("--ter-markdown"))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for path in self.written:
            terminalreporter.write_line(f"test execution report: {path}")

    def report(self, exit_status: int) -> ExecutionReport:
        """All that has been heard so far."""
        commit, branch, dirty = _git(self.root)
        secrets = Secrets.of(os.environ)
        results = [(path, _discreet(result, secrets)) for path, result in self.results.values()]
        return ExecutionReport(
            project=_project(self.root),
            run_id=uuid.uuid4().hex,
            commit=commit,
            branch=branch,
            dirty=dirty,
            timestamp=datetime.fromtimestamp(self.started, UTC).isoformat(timespec="seconds"),
            environment=_environment(),
            summary=summarised(
                [result for _, result in results],
                duration=time.time() - self.started,
                status=_STATUS_BY_EXIT.get(exit_status),
            ),
            suites=suites_of(results),
        )


def _with_phase(before: TestResult, report: pytest.TestReport) -> TestResult:
    """A test's result with one more of its phases (setup, call, teardown); the worst one counts."""
    tags = next((value for name, value in report.user_properties if name == _TAGS), ())
    result = evolve(
        before, duration_seconds=round(before.duration_seconds + report.duration, 6), tags=tuple(map(str, _items(tags)))
    )
    if report.failed:
        text = _text(report)
        if before.error is not None:
            text = f"{before.error}\n\n{text}"
        return evolve(result, status="failed" if report.when == "call" else _broken(before), error=text)
    if report.skipped and before.status == "passed":
        return evolve(result, status="skipped", reason=_reason(report))
    return result


def _broken(before: TestResult) -> Status:
    """A test that had failed stays so when its teardown breaks as well."""
    return "failed" if before.status == "failed" else "error"


def _items(tags: object) -> Sequence[object]:
    return tags if isinstance(tags, list | tuple) else ()


def _discreet(result: TestResult, secrets: Secrets) -> TestResult:
    """*result* as it may lie in a file: what a test compares, prints or is named after may be a key."""
    return evolve(
        result,
        id=secrets.struck(result.id),
        error=None if result.error is None else secrets.struck(result.error),
        reason=None if result.reason is None else secrets.struck(result.reason),
    )


def _text(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(getattr(report, "longreprtext", "") or report.longrepr or "")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return f"expected to fail: {expected}".removesuffix(": ")
    place = report.longrepr
    told = place[2] if isinstance(place, tuple) else str(place or "")
    return told.removeprefix("Skipped: ")


def _write(folder: Path, report: ExecutionReport, *, markdown: bool) -> list[Path]:
    """Two runs within one minute do not overwrite one another."""
    minute = datetime.fromisoformat(report.timestamp).strftime("%Y%m%d-%H%M")
    stem = f"TER-{minute}-{(report.commit or 'nogit')[:7]}"
    number = 1
    while (folder / f"{stem}{_suffix(number)}.json").exists():
        number += 1
    path = folder / f"{stem}{_suffix(number)}.json"
    path.write_text(as_json(report), encoding="utf-8")
    if not markdown:
        return [path]
    path.with_suffix(".md").write_text(as_markdown(report), encoding="utf-8")
    return [path, path.with_suffix(".md")]


def _suffix(number: int) -> str:
    return "" if number == 1 else f"-{number}"


def _environment() -> Environment:
    return Environment(
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        os=f"{platform.system()} {platform.release()}",
        machine=platform.machine(),
        pytest=pytest.__version__,
        llmhub=__version__,
        ci=os.environ.get("CI", "").lower() not in ("", "0", "false"),
    )


def _project(root: Path) -> str:
    import tomllib

    try:
        stated = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        return str(stated["project"]["name"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        return root.name or "project"


def _git(root: Path) -> tuple[str | None, str | None, bool | None]:
    """Commit, branch, and whether files differ from the commit; all `None` without git or without a commit."""
    commit = _ask_git(root, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None, None, None
    branch = _ask_git(root, "symbolic-ref", "--short", "--quiet", "HEAD")
    changes = _ask_git(root, "status", "--porcelain")
    return commit, branch or None, None if changes is None else bool(changes)


def _ask_git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=root,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
