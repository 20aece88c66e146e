"""Runs pytest and writes a test execution report: `python -m llmhub.tools.run_tests_with_report [PYTEST ARGUMENTS]`.

Everything after the name goes to pytest, so that `-k word`, `-n auto` and paths work as they do there. The report lies
in `reports/test-execution/` of the project, as JSON and as Markdown. With `--schema` it prints the JSON Schema of the
report and runs nothing. It ends with pytest's own exit code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run pytest with *arguments* (those of the process by default), and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--schema"]:
        sys.stdout.write(schema())
        return 0
    try:
        import pytest
    except ModuleNotFoundError:
        sys.stderr.write("pytest is not installed: pip install 'llmhub[testing]'\n")
        return 1
    return int(pytest.main(["-p", "llmhub.testing.report_plugin", "--ter", "--ter-markdown", *given]))


def schema() -> str:
    """The JSON Schema of a report."""
    from importlib.resources import files

    return (files("llmhub.testing") / "execution_report.schema.json").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
