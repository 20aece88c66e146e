"""`llmhub path`: where the files lie."""

from __future__ import annotations

from pathlib import Path

import click

from llmhub.cli.render import print_json, print_table
from llmhub.cli.session import Session

NAMES = ("spec", "config", "env", "schema", "catalog", "cache")


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: per name its path, and whether it exists.")
@click.pass_obj
def command(session: Session, name: str | None, as_json: bool) -> None:
    """Tell where spec, configuration, catalog and cache lie.

    With NAME only that path, for use in scripts. A file that is not there yet is named where it would be.

    Example: llmhub path catalog
    """
    paths = _paths(session)
    if name is not None:
        paths = {name: paths[name]}
    if as_json:
        print_json({each: {"path": str(path), "exists": path.exists()} for each, path in paths.items()})
    elif name is not None:
        click.echo(str(paths[name]))
    else:
        print_table(
            ("what", "path", ""),
            [(each, path, "" if path.exists() else "not there") for each, path in paths.items()],
        )


def _paths(session: Session) -> dict[str, Path]:
    from llmhub.config.discover import SPEC_NAME, Project, find_project
    from llmhub.config.env_file import NAME
    from llmhub.config.paths import cache_dir
    from llmhub.config.schema import FOLDER

    project = find_project(session.start) or Project(directory=session.start.absolute())
    folder = project.directory
    return {
        "spec": session.spec_path or folder / SPEC_NAME,
        "config": session.config_path or project.config_path(session.environment, _own_environment(session)),
        "env": folder / NAME,
        "schema": folder / FOLDER,
        "catalog": session.workspace.catalog_path,
        "cache": cache_dir(session.environ),
    }


def _own_environment(session: Session) -> str | None:
    from llmhub.config.environments import own_environment
    from llmhub.config.files import read_text
    from llmhub.config.yaml import read_document

    if session.spec_path is None:
        return None
    return own_environment(read_document(read_text(session.spec_path, ""), session.spec_path.name))
