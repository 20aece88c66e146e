"""`llmhub init`: a first spec to edit, and the names of the keys it needs."""

from __future__ import annotations

from pathlib import Path

import click

from llmhub.cli.session import Session


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.pass_obj
def command(session: Session, folder: Path | None) -> None:
    """Write a first llmhub.spec.yaml and .env.example here.

    Or in FOLDER, if one is given. Files that exist already are left as they are. The schemas in .llmhub/ let an
    editor complete and check the spec. `llmhub setup` does the same and asks.

    Example: llmhub init && llmhub generate
    """
    from llmhub.cli.first_spec import FIRST_NAMED, env_names, offered, spec_text
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.env_file import EXAMPLE_NAME, example_with
    from llmhub.workspace.schemas import write_schemas

    target = folder or session.start
    target.mkdir(parents=True, exist_ok=True)
    session.load_env_file(target)
    providers = offered(session.environ) or FIRST_NAMED[:1]
    spec = spec_text(target.resolve().name or "my-app", providers, environ=session.environ)
    wrote = [
        _write_new(target / SPEC_NAME, spec),
        _write_new(target / EXAMPLE_NAME, example_with(None, env_names(providers, session.environ))),
    ]
    write_schemas(target)
    if any(wrote):
        click.echo("\nNext: edit the roles in llmhub.spec.yaml, then run `llmhub generate`.")


def _write_new(path: Path, text: str) -> bool:
    from llmhub.config.files import write_atomically

    if path.exists():
        click.echo(f"{path.name} is there already, left as it is.")
        return False
    write_atomically(path, text)
    click.echo(f"Wrote {path.name}.")
    return True
