"""Plugins of a few lines that keep the contracts for which no built-in plugin stands."""

from __future__ import annotations

from collections.abc import Sequence

import click
import pytest

from llmhub import hookimpl
from llmhub.records.calls import Attempt, CallContext, CallResult
from llmhub.records.context import CheckContext
from llmhub.records.contributions import Check, Finding, Scorer
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Need
from llmhub.testing.contracts import CallHookContract, CheckContract, CommandContract, ScorerContract


class Watcher:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @hookimpl
    def llmhub_before_call(self, call: CallContext) -> None:
        self.heard.append(f"before {call.role}")

    @hookimpl
    def llmhub_on_attempt(self, call: CallContext, attempt: Attempt) -> None:
        self.heard.append(f"attempt {attempt.number}")

    @hookimpl
    def llmhub_after_call(self, result: CallResult) -> None:
        self.heard.append(f"after {result.success}")


class TestCallHook(CallHookContract):
    @pytest.fixture
    def plugin(self) -> object:
        return Watcher()


class TestScorer(ScorerContract):
    @pytest.fixture
    def scorer(self) -> Scorer:
        def prefer_mistral(need: Need, model: CanonicalModel) -> float:
            return float(model.provider == "mistral")

        return Scorer(name="mistral", score=prefer_mistral)


@click.command()
def greet() -> None:
    """Greet somebody."""
    click.echo("Hello.")


class TestCommand(CommandContract):
    @pytest.fixture
    def command(self) -> click.Command:
        return greet


class TestCheck(CheckContract):
    @pytest.fixture
    def check(self) -> Check:
        def run(context: CheckContext) -> Sequence[Finding]:
            if (context.project_dir / "llmhub.yaml").exists():
                return [Finding(check="configured", severity="ok", message="there is a configuration")]
            return [
                Finding(
                    check="configured",
                    severity="error",
                    message="there is no configuration",
                    remedy="run `llmhub generate`",
                )
            ]

        return Check(name="configured", run=run)
