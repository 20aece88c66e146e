"""Test execution reports of real runs of pytest."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from llmhub.tools.run_tests_with_report import schema

pytest_plugins = ["pytester"]

Run = Callable[..., tuple[int, dict[str, Any]]]

TESTS = """\
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("no setup")

@pytest.fixture
def leaves_a_mess():
    yield
    raise RuntimeError("no teardown")

def test_that_passes(): pass

@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_with_cases(number): assert number == 1, "two is not one"

@pytest.mark.skip(reason="not today")
def test_that_is_skipped(): pass

@pytest.mark.xfail(reason="known")
def test_that_is_expected_to_fail(): assert False

def test_of_broken_setup(broken): pass

def test_of_broken_teardown(leaves_a_mess): pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file of tests of every outcome."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.pytest.ini_options]\nmarkers = ["slow: takes long"]\n', encoding="utf-8"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_shop.py").write_text(TESTS, encoding="utf-8")
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "llmhub.tools.run_tests_with_report", "-p", "no:cacheprovider", *arguments]


@pytest.fixture
def run(project: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the project's tests and returns the exit code and the one report, which fits its schema."""

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        if arguments[:1] == ("-n",):
            done = subprocess.run(command(*arguments), cwd=project, capture_output=True, timeout=100, check=False)
            return done.returncode, report(project)
        monkeypatch.chdir(project)
        code = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--ter", "--ter-markdown", *arguments).ret
        return int(code), report(project)

    return run


def report(project: Path) -> dict[str, Any]:
    (path,) = (project / "reports" / "test-execution").glob("*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(found, json.loads(schema()), format_checker=jsonschema.FormatChecker())
    return found


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {test["id"].partition("::")[2]: test for suite in found["suites"] for test in suite["tests"]}


def commit(project: Path) -> str:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q", "-b", "trunk"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], cwd=project, check=True)
    return subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=project, text=True).strip()


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_report_tells_every_test_with_outcome_time_markers_and_error(
    project: Path, run: Run, workers: list[str]
) -> None:
    sha = commit(project)
    code, found = run(*workers)
    assert code == 1
    assert (found["project"], found["commit"], found["branch"]) == ("shop", sha, "trunk")
    assert found["dirty"] is False
    told = {name: test["status"] for name, test in by_name(found).items()}
    assert told == {
        "test_that_passes": "passed",
        "test_with_cases[1]": "passed",
        "test_with_cases[2]": "failed",
        "test_that_is_skipped": "skipped",
        "test_that_is_expected_to_fail": "skipped",
        "test_of_broken_setup": "error",
        "test_of_broken_teardown": "error",
    }
    summary = found["summary"]
    assert (summary["total_tests"], summary["passed"], summary["failed"], summary["skipped"]) == (7, 2, 3, 2)
    assert summary["status"] == "failed"
    assert summary["duration_seconds"] > 0
    failed = by_name(found)["test_with_cases[2]"]
    assert failed["tags"] == ["parametrize", "slow"]
    assert "two is not one" in failed["error"]
    assert by_name(found)["test_that_is_skipped"]["reason"] == "not today"
    assert by_name(found)["test_that_is_expected_to_fail"]["reason"] == "expected to fail: known"
    (suite,) = found["suites"]
    assert (suite["name"], suite["path"]) == ("tests.test_shop", "tests/test_shop.py")


def test_the_file_is_named_for_the_minute_and_the_commit(project: Path, run: Run) -> None:
    sha = commit(project)
    run()
    names = sorted(path.name for path in (project / "reports" / "test-execution").iterdir())
    assert [re.fullmatch(rf"TER-\d{{8}}-\d{{4}}-{sha[:7]}\.(json|md)", name) is not None for name in names] == [
        True
    ] * 2


def test_the_markdown_tells_failures_in_full_and_skips_with_their_reason(project: Path, run: Run) -> None:
    run()
    (page,) = (project / "reports" / "test-execution").glob("*.md")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# shop: failed\n\n2 passed, 3 failed, 2 skipped of 7 in ")
    assert "### tests/test_shop.py::test_with_cases[2]" in text
    assert "- tests/test_shop.py::test_that_is_skipped: not today" in text


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_file_that_cannot_be_collected_is_in_the_report(project: Path, run: Run, workers: list[str]) -> None:
    (project / "tests" / "test_torn.py").write_text("import a_module_that_nobody_has\n", encoding="utf-8")
    code, found = run(*workers)
    assert code != 0
    torn = next(suite for suite in found["suites"] if suite["path"] == "tests/test_torn.py")
    assert [test["status"] for test in torn["tests"]] == ["error"]
    assert "a_module_that_nobody_has" in torn["tests"][0]["error"]


def test_without_git_the_commit_is_not_known(project: Path, run: Run) -> None:
    _, found = run()
    assert (found["commit"], found["branch"], found["dirty"]) == (None, None, None)
    (path,) = (project / "reports" / "test-execution").glob("TER-*-nogit.json")
    assert path.is_file()


def test_without_tests_the_report_says_so(project: Path, run: Run) -> None:
    code, found = run("-k", "nothing_is_called_so")
    assert code == 5
    assert (found["summary"]["status"], found["suites"]) == ("no_tests", [])


def test_an_interrupted_run_is_told_with_what_had_been_tested(project: Path) -> None:
    (project / "tests" / "test_shop.py").write_text(
        "import pathlib, time\n"
        "def test_first(): pass\n"
        "def test_long():\n    pathlib.Path('running').touch()\n    time.sleep(60)\n"
        "def test_never(): pass\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(command(), cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not (project / "running").exists() and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 2
    found = report(project)
    assert found["summary"]["status"] == "interrupted"
    assert by_name(found)["test_first"]["status"] == "passed"
    assert "test_never" not in by_name(found)


def test_two_runs_in_one_minute_leave_two_reports(project: Path, pytester: pytest.Pytester) -> None:
    for _ in range(2):
        pytester.runpytest_inprocess("--ter", "-k", "passes", f"--rootdir={project}", str(project))
    assert len(list((project / "reports" / "test-execution").glob("TER-*.json"))) == 2


def test_pytest_alone_writes_one_when_asked_and_nothing_otherwise(project: Path) -> None:
    base = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "passes"]
    environ = {**os.environ, "CI": "true"}
    subprocess.run(base, cwd=project, capture_output=True, check=True, env=environ)
    assert not (project / "reports").exists()
    done = subprocess.run([*base, "--ter"], cwd=project, capture_output=True, text=True, check=True, env=environ)
    found = report(project)
    assert found["environment"]["ci"] is True
    assert "test execution report: " in done.stdout
    assert list((project / "reports" / "test-execution").glob("*.md")) == []
