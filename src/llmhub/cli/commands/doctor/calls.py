"""One small real call per role: the only proof that a role works."""

from __future__ import annotations

from collections.abc import Sequence

from llmhub.cli.session import Session
from llmhub.cli.trial import PROMPT, Trial, try_roles
from llmhub.records.config import HubConfig
from llmhub.records.contributions import Finding


def check(session: Session, config: HubConfig) -> Sequence[Finding]:
    """What came of calling each role of *config* once."""
    return tuple(map(_finding, try_roles(config, session.host, config.roles, PROMPT, session.stored_catalog())))


def untried(roles: int) -> Sequence[Finding]:
    """What is told when no call was made."""
    return (
        Finding(
            check="calls",
            severity="ok",
            message=f"{roles} role{'' if roles == 1 else 's'} not called: `llmhub doctor --yes` or `llmhub test` does",
        ),
    )


def _finding(trial: Trial) -> Finding:
    served = f"{trial.provider}:{trial.model}" if trial.provider else "?"
    if trial.ok:
        return Finding(
            check="calls", severity="ok", message=f"{trial.role}: {served} answered in {trial.seconds:.2f} s"
        )
    return Finding(
        check="calls",
        severity="error",
        message=f"{trial.role}: {trial.error}",
        remedy=f"`llmhub test --role {trial.role}` tries it alone.",
        exit_code=trial.exit_code,
    )
