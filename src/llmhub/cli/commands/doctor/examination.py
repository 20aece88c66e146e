"""All checks in their order: ours, then those that plugins bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from llmhub.cli.commands.doctor import clock, env_file, facts, files, keys, ledger, models, plugins, providers, versions
from llmhub.cli.commands.doctor.examined import Examined, look
from llmhub.cli.session import Session
from llmhub.records.context import CheckContext
from llmhub.records.contributions import Check, Finding

CHECKS: Sequence[Callable[[Examined], Iterable[Finding]]] = (
    versions.check,
    files.check,
    keys.check,
    env_file.check,
    providers.check,
    models.check,
    facts.check,
    clock.check,
)


def examine(session: Session, *, network: bool) -> tuple[Finding, ...]:
    """What every check finds. A check of a plugin that fails is itself a finding."""
    examined = look(session, network=network)
    found = [finding for check in CHECKS for finding in check(examined)]
    found += ledger.check(examined, session.host)
    context = CheckContext(
        project_dir=examined.folder, environ=examined.environ, environment=session.environment, network=network
    )
    for name, check in session.host.doctor_checks().items():
        if network or not check.needs_network:
            found += _run(name, check, context)
    return (*found, *plugins.check(session.host))


def _run(name: str, check: Check, context: CheckContext) -> Sequence[Finding]:
    try:
        return tuple(check.run(context))
    except Exception as error:  # a check of a stranger's
        return (
            Finding(
                check=name,
                severity="warning",
                message=f"the check {name!r} failed itself: {type(error).__name__}: {error}",
                remedy="Tell its author; `llmhub plugins` names the distribution.",
            ),
        )
