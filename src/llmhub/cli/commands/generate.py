"""`llmhub generate`: choose a model for every role and write llmhub.yaml."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from llmhub.cli.assistance import asking
from llmhub.cli.choosing import propose
from llmhub.cli.measuring import measure_enough
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig
    from llmhub.workspace import Proposal


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when the file would differ, and say why.")
@click.option("--ignore-catalog", is_flag=True, help="With --check: that the catalog is another one is no difference.")
@click.option("--explain", is_flag=True, help="Show the candidates of each role and what their scores are made of.")
@click.option("--strict", is_flag=True, help="Refuse a choice for which a rule had to be relaxed.")
@click.option(
    "--measure", is_flag=True, help="First take from the ledger how fast models answered: llmhub.measured.yaml."
)
@click.option("--no-llm", is_flag=True, help="Ask no model: the spec's generator chooses by rule alone.")
@click.option("--llm-model", metavar="PROVIDER:MODEL", help="The model that `generator: llm` asks.")
@click.option("--env", metavar="NAME", help="The environment to generate for: writes llmhub.NAME.yaml.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: file, environment, changed, written, changes, roles, pinned, warnings, diff; for --check: file, "
    "up_to_date, causes, roles, other.",
)
@click.pass_obj
def command(session: Session, /, env: str | None, check: bool, ignore_catalog: bool, **options: Any) -> None:
    """Choose a model for every role and write llmhub.yaml.

    Shows what changes in the present file before it is written. Off a terminal, replacing a file needs --yes. Comments,
    x- keys and roles that say `pinned: true` stay.

    Example: llmhub generate --explain --dry-run
    """
    if env is not None:
        session.workspace.environment = env
    if ignore_catalog and not check:
        raise click.UsageError("--ignore-catalog belongs to --check.")
    if check:
        _refuse_with_check(options)
        from llmhub.cli.checking import check_file

        check_file(session, advice_of=options["llm_model"], ignore_catalog=ignore_catalog, as_json=options["as_json"])
    else:
        _generate(session, **options)


def _refuse_with_check(options: Mapping[str, Any]) -> None:
    flags = {
        "dry_run": "--dry-run",
        "explain": "--explain",
        "yes": "--yes",
        "strict": "--strict",
        "no_llm": "--no-llm",
        "measure": "--measure",
    }
    given = [flag for name, flag in flags.items() if options[name]]
    if given:
        raise click.UsageError(f"--check only compares, so {' and '.join(given)} has no place beside it.")


def _generate(
    session: Session,
    *,
    dry_run: bool,
    explain: bool,
    strict: bool,
    no_llm: bool,
    llm_model: str | None,
    measure: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from llmhub.generate.diff import difference
    from llmhub.generate.write import present_text

    if no_llm and llm_model:
        raise click.UsageError("--no-llm and --llm-model contradict each other.")
    spec = session.spec()
    proposal = propose(
        session,
        None if no_llm else asking(session, spec, llm_model),
        spec=spec,
        measurements=measure_enough(session) if measure else None,
        strict=strict,
    )
    path = proposal.path
    # What is there is compared by its bytes: an empty file counts as none, a byte order mark as a change.
    present = present_text(path)
    changes = difference(present, proposal.text, path.name)
    warnings = [*proposal.generation.warnings, *_missing_keys(session, proposal.generation.config)]
    if as_json:
        written = bool(changes) and not dry_run and (yes or present is None)
        if written:
            session.workspace.write(proposal, present)
        _print_json(session, proposal, changes, warnings, written=written, explain=explain)
        return
    if explain:
        from llmhub.cli.explaining import print_selection

        for selection in proposal.generation.selections:
            print_selection(selection)
    for warning in _grouped(warnings):
        session.say(f"warning: {warning}")
    _tell_pinned(session, proposal)
    if not changes:
        click.echo(f"{path.name} is up to date.")
        return
    if not session.quiet:
        from llmhub.cli.difference import print_difference

        print_difference(changes)
        _tell_effects(proposal)
    if dry_run:
        click.echo(f"Nothing written: {path.name} would change.")
    elif present is None or yes or _confirmed(path.name):
        session.workspace.write(proposal, present)
        click.echo(f"Wrote {path}.")
    else:
        click.echo("Nothing written.")


def _tell_effects(proposal: Proposal) -> None:
    from llmhub.cli.role_changes import print_headlines
    from llmhub.generate.changes import changes
    from llmhub.generate.effects import effects_of

    if proposal.present is not None:
        found = changes(proposal.present.values, proposal.values)
        print_headlines(effects_of(found, proposal.catalog.models, proposal.spec.catalog.price_ratio))


def _confirmed(name: str) -> bool:
    if not sys.stdin.isatty():
        raise click.ClickException(f"{name} would change, and nobody is here to ask: add --yes to write it.")
    return click.confirm(f"Write these changes to {name}?")


def _grouped(warnings: Sequence[str]) -> list[str]:
    """Each warning once, with all the roles that it is about."""
    roles: dict[str, list[str]] = {}
    for warning in warnings:
        about = _ABOUT_A_ROLE.match(warning)
        roles.setdefault(warning[about.end() :] if about else warning, []).extend([about[1]] if about else [])
    return [
        f"role{'s' if len(named) > 1 else ''} {', '.join(map(repr, named))}: {text}" if named else text
        for text, named in roles.items()
    ]


_ABOUT_A_ROLE = re.compile(r"role '([^']+)': ")


def _missing_keys(session: Session, config: HubConfig) -> list[str]:
    """A key that is missing here may be there where the program runs, so it is a warning and no more."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys

    missing = missing_keys(config, session.environ, DEFAULT_ENV_KEYS)
    return [f"{provider} is chosen, and {variable} is not set here" for provider, variable in missing.items()]


def _tell_pinned(session: Session, proposal: Proposal) -> None:
    from llmhub.generate.decided import pinned_roles

    names = pinned_roles(proposal.values)
    if names:
        session.say(f"Pinned, left as {'it is' if len(names) == 1 else 'they are'}: {', '.join(names)}.")


def _print_json(
    session: Session, proposal: Proposal, changes: str, warnings: list[str], *, written: bool, explain: bool
) -> None:
    from llmhub.cli.difference import without_keys
    from llmhub.cli.explaining import SHOWN, plain_selection
    from llmhub.cli.render import print_json
    from llmhub.cli.role_changes import plain_change
    from llmhub.generate.changes import changes as role_changes
    from llmhub.generate.decided import pinned_roles

    before = proposal.present.values if proposal.present else {}
    print_json(
        {
            "file": str(proposal.path),
            "environment": proposal.spec.env,
            "changed": bool(changes),
            "written": written,
            "changes": [plain_change(change) for change in role_changes(before, proposal.values)],
            "roles": [
                plain_selection(selection, None if explain else SHOWN) for selection in proposal.generation.selections
            ],
            "pinned": list(pinned_roles(proposal.values)),
            "warnings": warnings,
            "diff": without_keys(changes),
        }
    )
