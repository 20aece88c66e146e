"""What every check of `llmhub doctor` promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from llmhub.records.context import CheckContext
from llmhub.records.contributions import Check, Finding
from llmhub.testing.contracts.network import this_machine_only

PLANTED_KEY = "sk-contract-0123456789abcdef"


class CheckContract:
    """Give the fixture `check`; and `context`, if yours looks at files or variables of its own."""

    @pytest.fixture
    def check(self) -> Check:
        pytest.fail("the contract needs a fixture `check` that returns your Check")

    @pytest.fixture
    def context(self, tmp_path: Path) -> CheckContext:
        return CheckContext(project_dir=tmp_path, environ={"OPENAI_API_KEY": PLANTED_KEY}, network=False)

    def test_it_finds_something_and_says_it(self, check: Check, context: CheckContext) -> None:
        found = check.run(context)
        assert found, "a check that finds nothing amiss says so, with severity `ok`"
        for finding in found:
            assert isinstance(finding, Finding)
            assert finding.severity in ("ok", "warning", "error")
            assert finding.message.strip()

    def test_what_is_amiss_comes_with_its_remedy(self, check: Check, context: CheckContext) -> None:
        amiss = [finding for finding in check.run(context) if finding.severity != "ok"]
        assert [finding.message for finding in amiss if not finding.remedy.strip()] == []
        assert {finding.exit_code for finding in amiss} <= {1, 3}

    def test_an_empty_folder_and_an_empty_environment_do_no_harm(
        self, check: Check, context: CheckContext, tmp_path: Path
    ) -> None:
        check.run(evolve(context, project_dir=tmp_path, environ={}))

    def test_without_leave_it_keeps_off_the_network(self, check: Check, context: CheckContext) -> None:
        with this_machine_only():
            check.run(evolve(context, network=False))

    def test_it_shows_no_key(self, check: Check, context: CheckContext) -> None:
        environ = {**context.environ, "OPENAI_API_KEY": PLANTED_KEY}
        assert PLANTED_KEY not in repr(check.run(evolve(context, environ=environ)))
