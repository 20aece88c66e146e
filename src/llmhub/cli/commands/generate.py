"""`llmhub generate`: choose a model for every role and write llmhub.yaml."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmhub.cli.assistance import asking
from llmhub.cli.choosing import choose_assisted
from llmhub.cli.render import dollars, print_heading, print_table, print_text
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.records.selection import Candidate, Selection

SHOWN_CANDIDATES = 6


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--explain", is_flag=True, help="Show the candidates of each role and what their scores are made of.")
@click.option("--no-llm", is_flag=True, help="Ask no model: the spec's generator chooses by rule alone.")
@click.option("--llm-model", metavar="PROVIDER:MODEL", help="The model that `generator: llm` asks.")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
@click.pass_obj
def command(session: Session, dry_run: bool, explain: bool, no_llm: bool, llm_model: str | None, yes: bool) -> None:
    """Choose a model for every role and write llmhub.yaml.

    Shows what changes in the present file before it is written. Off a terminal, replacing a file needs --yes.

    Example: llmhub generate --explain --dry-run
    """
    from llmhub.config.discover import Project
    from llmhub.config.files import read_text
    from llmhub.generate.diff import difference
    from llmhub.generate.emit import render

    if no_llm and llm_model:
        raise click.UsageError("--no-llm and --llm-model contradict each other.")
    spec = session.spec()
    assert session.spec_path is not None
    path = Project(directory=session.spec_path.parent).config_path(session.environment, spec_own_env(session))
    assistance = None if no_llm else asking(session, spec, llm_model)
    generation = choose_assisted(session, spec, session.catalog(), assistance)
    if explain:
        for selection in generation.selections:
            _explain(selection)
    present = read_text(path, "") if path.exists() else None
    text = render(generation.config, present=present, file=path.name)
    changes = difference(present, text, path.name)
    for warning in generation.warnings:
        session.say(f"warning: {warning}")
    _warn_of_missing_keys(session, generation.config)
    if not changes:
        click.echo(f"{path.name} is up to date.")
        return
    if not session.quiet:
        click.echo(changes, nl=False)
    if dry_run:
        click.echo(f"Nothing written: {path.name} would change.")
    elif present is None or yes or _confirmed(path):
        _write(path, text)


def spec_own_env(session: Session) -> str:
    """The environment that the spec itself is for, whatever environment is asked for."""
    from llmhub.config.environments import own_environment
    from llmhub.config.files import read_text
    from llmhub.config.yaml import read_document

    assert session.spec_path is not None
    return own_environment(read_document(read_text(session.spec_path, ""), session.spec_path.name))


def _confirmed(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise click.ClickException(f"{path.name} would change, and nobody is here to ask: add --yes to write it.")
    return click.confirm(f"Write these changes to {path.name}?")


def _write(path: Path, text: str) -> None:
    from llmhub.generate.write import write

    write(path, text)
    click.echo(f"Wrote {path}.")


def _warn_of_missing_keys(session: Session, config: object) -> None:
    """A key that is missing here may be there where the program runs, so it is a warning and no more."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import missing_keys
    from llmhub.records.config import HubConfig

    assert isinstance(config, HubConfig)
    for provider, variable in missing_keys(config, session.environ, DEFAULT_ENV_KEYS).items():
        session.say(f"warning: {provider} is chosen, and {variable} is not set here")


def _explain(selection: Selection) -> None:
    print_heading(f"{selection.need.role}: {selection.chosen.canonical_id}")
    print_text(selection.reason, indent=2)
    shown = selection.ranked[:SHOWN_CANDIDATES]
    if shown:
        criteria = [part.criterion for part in shown[0].contributions]
        print_table(
            ("  candidate", "score", *criteria, "in $/M", "out $/M"),
            [_row(candidate) for candidate in shown],
            numeric=("score", *criteria, "in $/M", "out $/M"),
        )
    rejected = len(selection.rejected)
    print_text(f"{len(selection.ranked)} candidates, {rejected} models ruled out.", indent=2)
    sys.stdout.write("\n")


def _row(candidate: Candidate) -> tuple[object, ...]:
    model = candidate.model
    parts = [None if part.value is None else f"{part.value:.2f} x {part.weight:g}" for part in candidate.contributions]
    prices = (model.price_input_per_million, model.price_output_per_million)
    shown = ["-" if price is None else dollars(price) for price in prices]
    return f"  {model.canonical_id}", f"{candidate.score:.3f}", *parts, *shown
