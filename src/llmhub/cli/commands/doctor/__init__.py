"""`llmhub doctor`: everything that can be wrong with a project, looked at, each with its remedy.

`examined` gathers what there is to look at. A module per subject judges it: `files`, `versions`, `keys`, `env_file`,
`providers`, `models`, `facts`, `plugins`, `clock`, `calls`. `repairs` mends what can be mended without a decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.contributions import Finding


@click.command()
@click.option("--no-network", is_flag=True, help="Contact nobody: look only at what is on this machine.")
@click.option("--yes", is_flag=True, help="Call every role once without asking; it spends a few tokens.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without a decision of yours, then look again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of check, severity, message, remedy.")
@click.pass_obj
def command(session: Session, no_network: bool, yes: bool, fix: bool, as_json: bool) -> None:
    """Look for everything that may be wrong, with the remedy of each.

    Files, versions, keys (never shown), providers, models in use, catalog, plugins and the clock. Ends with 1 when
    something is yours to mend, with 3 when a provider or the network failed, with 0 when only warnings are left.

    Example: llmhub doctor --no-network
    """
    from llmhub.cli.commands.doctor import report
    from llmhub.cli.commands.doctor.examination import examine
    from llmhub.cli.commands.doctor.repairs import repair

    network = not no_network and session.environ.get("LLMHUB_OFFLINE") in (None, "", "0")
    if fix:
        for done in repair(session, network=network):
            session.say(done)
    found = examine(session, network=network)
    if network:
        found = (*found, *_calls(session, yes=yes, asking=not as_json))
    report.show(found, as_json=as_json)
    if worst := _exit_code(found):
        raise click.exceptions.Exit(worst)


def _calls(session: Session, *, yes: bool, asking: bool) -> Sequence[Finding]:
    """One small real call per role, where the user agrees to it."""
    import sys

    from llmhub.cli.commands.doctor import calls
    from llmhub.errors import HubError

    try:
        config = session.config()
    except HubError:
        return ()  # told with the files
    if not yes:
        if not (asking and sys.stdin.isatty() and sys.stdout.isatty()):
            return calls.untried(len(config.roles))
        question = f"Call {len(config.roles)} roles once each, for a few tokens?"
        if not click.confirm(question, default=False, err=True):
            return calls.untried(len(config.roles))
    return calls.check(session, config)


def _exit_code(found: Sequence[Finding]) -> int:
    """What is the user's to mend comes first: without it, what a provider says means little."""
    codes = {finding.exit_code for finding in found if finding.severity == "error"}
    return 0 if not codes else 1 if 1 in codes else max(codes)
