"""`llmhub schema`: JSON Schemas of the two files, for editors."""

from __future__ import annotations

import click

from llmhub.cli.session import Session
from llmhub.workspace.schemas import schema_text, write_below


@click.command()
@click.argument("which", type=click.Choice(["spec", "config"]))
@click.option("--write", is_flag=True, help="Write it to .llmhub/ in the project, where an editor finds it.")
@click.pass_obj
def command(session: Session, which: str, write: bool) -> None:
    """Print the JSON Schema of llmhub.spec.yaml or llmhub.yaml.

    Editors with a YAML language server complete and check a file whose first line names its schema; `llmhub init`
    and `llmhub setup` write that line. After an upgrade of llmhub, write the schema again.

    Example: llmhub schema spec --write
    """
    from llmhub.config.discover import find_project
    from llmhub.config.schema import editor_line, schema_file

    text = schema_text(which)
    if not write:
        click.echo(text, nl=False)
        return
    project = find_project(session.start)
    folder = project.directory if project else session.start
    write_below(folder / schema_file(which), text)
    click.echo(f"Wrote {schema_file(which)}.")
    name = "llmhub.spec.yaml" if which == "spec" else "llmhub.yaml"
    path = folder / name
    if path.is_file() and editor_line(which) not in path.read_text(encoding="utf-8"):
        session.say(f"Let the first line of {name} be:  # {editor_line(which)}")
