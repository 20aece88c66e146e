"""`llmhub spec`: look at the spec, check it, change it."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from llmhub.cli.editing import OpenSpec, open_spec, save
from llmhub.cli.render import print_json
from llmhub.cli.session import Session
from llmhub.config.faults import Path
from llmhub.errors import ConfigError, InvalidFileError


@click.group()
def command() -> None:
    """Look at the spec, check it, change it.

    Example: llmhub spec set roles.llm.inference.preferences.cost low
    """


@command.command("show")
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the values of the spec, in its own words.")
@click.pass_obj
def show(session: Session, key: str | None, as_json: bool) -> None:
    """Print the spec, or the part at KEY, as it reads in the environment in force.

    Example: llmhub --env prod spec show roles.llm.inference
    """
    from llmhub.config.converter import unstructure
    from llmhub.config.emit import dump_document, inline

    value: Any = unstructure(session.spec())
    if key:
        spec = open_spec(session)
        for segment in _path(key, value):
            value = _inside(value, segment, key, spec)
    if as_json:
        print_json(value)
    else:
        click.echo(dump_document(value) if isinstance(value, dict) else f"{inline(value)}\n", nl=False)


@command.command("validate")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: valid, file, problems (line, column, path, ...).")
@click.pass_obj
def validate(session: Session, as_json: bool) -> None:
    """Tell every problem of the spec, with line and column.

    In all its environments. Ends with 1 when there is one.

    Example: llmhub spec validate --json
    """
    import attrs

    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.files import read_text
    from llmhub.config.load import spec_problems

    if session.spec_path is None:
        open_spec(session)
    assert session.spec_path is not None
    problems = spec_problems(read_text(session.spec_path, ""), str(session.spec_path), known_providers=PROVIDER_NAMES)
    if as_json:
        listed = [attrs.asdict(problem) for problem in problems]
        print_json({"valid": not problems, "file": str(session.spec_path), "problems": listed})
        if problems:
            raise click.exceptions.Exit(1)
        return
    if problems:
        raise InvalidFileError(str(session.spec_path), problems)
    open_spec(session)  # an environment that was asked for must be there
    click.echo(f"{session.spec_path.name} is valid.")


@command.command("set")
@click.argument("key")
@click.argument("value")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_obj
def set_(session: Session, key: str, value: str, dry_run: bool) -> None:
    """Set the value at KEY to VALUE, which is read as YAML.

    Nothing is written unless the spec is valid afterwards. Comments, order and quoting of the rest stay. With
    --env NAME the value is set for that environment only.

    Example: llmhub spec set roles.llm.inference.preferences.needs "[tools, vision]"
    """
    spec = open_spec(session)
    path = _path_in_file(spec, key)
    save(session, spec, {path: _parsed(value)}, dry_run=dry_run)


@command.command("unset")
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_obj
def unset(session: Session, key: str, dry_run: bool) -> None:
    """Take the value at KEY away.

    Example: llmhub spec unset roles.llm.inference.preferences.max_price_input
    """
    from llmhub.config.edit import REMOVED

    spec = open_spec(session)
    path = _path_in_file(spec, key)
    value: Any = spec.values
    for segment in path:
        value = _inside(value, segment, key, spec)
    save(session, spec, {path: REMOVED}, dry_run=dry_run)


def _path_in_file(spec: OpenSpec, key: str) -> Path:
    """Where *key* stands, or is to stand: in an environment's part of the file when one was asked for."""
    if not spec.prefix:
        return _path(key, spec.values)
    # The names of roles and providers, which only the rest of the file may hold, tell where a name ends.
    return (*spec.prefix, *_path(key, spec.effective))


def _path(key: str, values: Any) -> Path:
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.key_path import key_path
    from llmhub.config.schema import spec_schema

    return key_path(key, spec_schema(PROVIDER_NAMES), values)


def _inside(value: Any, segment: str | int, key: str, spec: OpenSpec) -> Any:
    try:
        return value[segment]
    except (KeyError, IndexError, TypeError):
        raise ConfigError(f"{spec.path.name} says nothing at {key}.") from None


def _parsed(text: str) -> Any:
    from llmhub.config.yaml import read_document

    try:
        # On a line of its own, so that whatever YAML has can stand there.
        document = read_document("value:\n" + textwrap.indent(text, "  ", lambda line: True), "VALUE")
    except InvalidFileError as error:
        raise _at_value(error.problems) from None
    if document.problems:
        raise _at_value(document.problems)
    return document.value["value"]


def _at_value(problems: Any) -> InvalidFileError:
    from attrs import evolve

    return InvalidFileError(
        "VALUE, read as YAML",
        [
            evolve(problem, line=max(1, problem.line - 1), column=max(1, problem.column - 2), path="")
            for problem in problems
        ],
    )
