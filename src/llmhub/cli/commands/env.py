"""`llmhub env`: the names of the keys a project needs. Their values are never shown or written."""

from __future__ import annotations

import os
from typing import Any

import click

from llmhub.cli.editing import show_difference
from llmhub.cli.render import print_json, print_table, print_text
from llmhub.cli.session import Session


@click.group()
def command() -> None:
    """Keep .env.example complete, and check which keys are there.

    Example: llmhub env check
    """


@command.command("sync")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_obj
def sync(session: Session, dry_run: bool) -> None:
    """Add the names of missing keys to .env.example.

    Those of every provider that the spec enables, in all its environments, without values. What stands there stays.

    Example: llmhub env sync
    """
    from llmhub.config.env_file import EXAMPLE_NAME, example_with, variables_in
    from llmhub.config.files import read_text, replace_text

    names = names_in_all_environments(session)
    assert session.spec_path is not None
    path = session.spec_path.with_name(EXAMPLE_NAME)
    present = read_text(path, "") if path.exists() else None
    text = example_with(present, names)
    added = [name for name in names if name not in variables_in(present or "")]
    if present == text:
        click.echo(f"{path.name} is up to date.")
    elif dry_run:
        show_difference(session, present, text, path.name)
        click.echo(f"Nothing written: {path.name} would change.")
    else:
        replace_text(path, present, text)
        told = f"added {', '.join(added)}" if added else "no key is needed"
        click.echo(f"Wrote {path.name}: {told}.")
    if idle := [name for name in variables_in(text) if name not in names]:
        session.say(f"Not named by the spec, and kept: {', '.join(idle)}.")


@command.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: provider, variables, present, found_in.")
@click.pass_obj
def check(session: Session, as_json: bool) -> None:
    """Tell which keys are present, by name only.

    In the environment, or in .env beside the spec. Ends with 1 when one is missing. Where there is no spec, the
    providers of llmhub.yaml count.

    Example: llmhub env check
    """
    outside = dict(os.environ)
    rows = [_row(provider, variables, outside) for provider, variables in _needed(session).items()]
    if as_json:
        print_json(rows)
    else:
        print_table(("provider", "variable", "key", "from"), [_shown(row) for row in rows])
    missing = [" or ".join(row["variables"]) for row in rows if not row["present"]]
    if missing:
        if not as_json:
            them = "it" if len(missing) == 1 else "them"
            print_text(f"Missing: {', '.join(missing)}. Export {them}, or write {them} into .env.", space_above=1)
        raise click.exceptions.Exit(1)


def _needed(session: Session) -> dict[str, tuple[str, ...]]:
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.keys import config_variables, spec_variables

    if session.spec_path is None and session.config_path is not None:
        return config_variables(session.config(), DEFAULT_ENV_KEYS)
    return spec_variables(session.spec(), DEFAULT_ENV_KEYS)


def _row(provider: str, variables: tuple[str, ...], outside: dict[str, str]) -> dict[str, Any]:
    found = next((variable for variable in variables if os.environ.get(variable)), None)
    place = None if found is None else "environment" if outside.get(found) else ".env"
    present = found is not None or not variables
    return {"provider": provider, "variables": list(variables), "present": present, "found_in": place}


def _shown(row: dict[str, Any]) -> tuple[object, ...]:
    if not row["variables"]:
        return row["provider"], None, "not needed", None
    return row["provider"], " or ".join(row["variables"]), "present" if row["present"] else "MISSING", row["found_in"]


def names_in_all_environments(session: Session) -> list[str]:
    """The variables of all keys that the spec needs in any of its environments."""
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS, PROVIDER_NAMES
    from llmhub.cli.editing import open_spec
    from llmhub.config.environments import environment_names
    from llmhub.config.keys import spec_variables
    from llmhub.config.load import load_spec
    from llmhub.config.yaml import read_document

    opened = open_spec(session)
    names: dict[str, None] = {}
    for environment in environment_names(read_document(opened.text, opened.path.name)):
        spec = load_spec(opened.path, known_providers=PROVIDER_NAMES, env=environment)
        names |= {variables[0]: None for variables in spec_variables(spec, DEFAULT_ENV_KEYS).values() if variables}
    return list(names)
