"""`llmhub setup`: a project's spec, by a few questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import click
from attrs import frozen

from llmhub.cli.editing import is_answered_by_a_person
from llmhub.cli.session import Session
from llmhub.errors import nearest
from llmhub.records.spec import Kind


@frozen(kw_only=True)
class Answers:
    """What the project is to have: a name, providers, and roles with their kinds."""

    project: str
    providers: tuple[str, ...]
    roles: dict[str, str]


def _providers(names: Sequence[str]) -> tuple[str, ...]:
    """Raises `click.BadParameter`, upon which a prompt asks again."""
    from llmhub.anyllm.providers import PROVIDER_NAMES

    for name in names:
        if name not in PROVIDER_NAMES:
            close = nearest(name, PROVIDER_NAMES)
            hint = f" Did you mean {close!r}?" if close else ""
            raise click.BadParameter(f"any-llm knows no provider {_shown(name)}.{hint}")
    return tuple(dict.fromkeys(names))


def _roles(texts: Sequence[str]) -> dict[str, str]:
    """Raises `click.BadParameter`, upon which a prompt asks again."""
    kinds = get_args(Kind)
    roles = {}
    for text in texts:
        name, _, kind = text.partition("=")
        kind = kind or "chat"
        if not name.strip() or name.startswith("x-"):
            raise click.BadParameter(f"{_shown(text)} has no name; write it like llm.inference=chat.")
        if kind not in kinds:
            close = nearest(kind, kinds)
            hint = f" Did you mean {close!r}?" if close else ""
            raise click.BadParameter(f"{_shown(kind)} is no kind; one of {', '.join(kinds)}.{hint}")
        roles[name.strip()] = kind
    return roles


@click.command()
@click.option("--name", help="The project's name (default: that of the folder).")
@click.option(
    "--provider",
    "providers",
    multiple=True,
    callback=lambda _, __, names: _providers(names),
    help="A provider that may be chosen; may be given several times. Default: those whose key is set.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="NAME=KIND",
    callback=lambda _, __, texts: _roles(texts),
    help="A role to have, such as llm.judge=chat; may be given several times.",
)
@click.option("--yes", "-y", is_flag=True, help="Ask nothing, and take the defaults for what is not given.")
@click.option("--generate/--no-generate", default=None, help="Whether to choose the models right after.")
@click.pass_context
def command(
    ctx: click.Context,
    name: str | None,
    providers: tuple[str, ...],
    roles: dict[str, str],
    yes: bool,
    generate: bool | None,
) -> None:
    """Set up a project: ask for providers and roles, write the spec.

    Starts from the keys it finds in the environment and .env; their values are neither shown nor written. In a project
    that has a spec it adds what is missing there. Writes .env.example and the schemas in .llmhub/ as well.

    Example: llmhub setup --provider openai --role llm.inference=chat --role llm.embedding=embedding --yes
    """
    session = ctx.find_object(Session)
    assert session is not None
    if not yes and not is_answered_by_a_person():
        raise click.ClickException("nobody is here to ask: add --yes, with --provider and --role as needed.")
    folder = session.spec_path.parent if session.spec_path else session.start.absolute()
    session.load_env_file(folder)
    answers = _answers(session, folder, name, providers, roles, yes)
    if not _write(session, folder, answers, yes):
        return
    if generate is None:
        generate = not yes and click.confirm("Choose the models now?", default=True)
    if generate:
        from llmhub.cli.root import llmhub

        chooser = llmhub.get_command(ctx, "generate")
        assert chooser is not None
        ctx.invoke(chooser, **({"yes": True} if yes else {}))
    else:
        session.say("Next: `llmhub generate` chooses a model for every role.")


def _answers(
    session: Session, folder: Path, name: str | None, providers: tuple[str, ...], roles: dict[str, str], yes: bool
) -> Answers:
    from llmhub.cli.first_spec import FIRST_NAMED, FIRST_ROLES, offered, with_a_key

    found = with_a_key(session.environ)
    is_new = session.spec_path is None
    project = name or folder.name or "my-app"
    chosen = providers or offered(session.environ) or (FIRST_NAMED[:1] if is_new else ())
    wanted = roles or (dict(FIRST_ROLES) if is_new else {})
    if yes:
        return Answers(project=project, providers=chosen, roles=wanted)
    click.echo(f"Keys found for: {', '.join(found) or 'no provider'}.")
    if is_new and not name:
        project = click.prompt("Project", default=project)
    if not providers:
        chosen = _asked("Providers", ", ".join(chosen), lambda text: _providers(_words(text)))
    if not roles:
        default = ", ".join(f"{each}={kind}" for each, kind in wanted.items())
        wanted = _asked(
            "Roles, each as name=kind" if is_new else "Roles to add", default, lambda text: _roles(_words(text))
        )
    return Answers(project=project, providers=chosen, roles=wanted)


def _asked(question: str, default: str, read: Any) -> Any:
    return click.prompt(question, default=default, value_proc=read, show_default=bool(default))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _write(session: Session, folder: Path, answers: Answers, yes: bool) -> bool:
    """Write the files, the spec last: it is what makes the folder a project. Returns whether the spec is there."""
    from llmhub.cli.commands.env import names_in_all_environments
    from llmhub.cli.editing import open_spec, save
    from llmhub.cli.first_spec import env_names, spec_text
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.env_file import EXAMPLE_NAME, example_with
    from llmhub.config.files import read_text, replace_text
    from llmhub.workspace.schemas import write_schemas

    example = folder / EXAMPLE_NAME
    present = read_text(example, "") if example.exists() else None
    if session.spec_path is not None:
        names_in_all_environments(session)  # a spec with faults is to be mended first: half of this would fail
        spec = open_spec(session)
        question = "" if yes else f"Change {spec.path.name}?"
        saved = save(session, spec, _additions(spec.values, answers, session.environ), ask=question, dry_run=False)
        if saved:
            replace_text(example, present, example_with(present, names_in_all_environments(session)))
            write_schemas(folder)
        return saved
    text = spec_text(answers.project, answers.providers, answers.roles, environ=session.environ)
    if not yes:
        click.echo(f"\n{text}")
        if not click.confirm(f"Write this to {SPEC_NAME}?", default=True):
            click.echo("Nothing written.")
            return False
    write_schemas(folder)
    replace_text(example, present, example_with(present, env_names(answers.providers, session.environ)))
    replace_text(folder / SPEC_NAME, None, text)
    click.echo(f"Wrote {SPEC_NAME} and {EXAMPLE_NAME}.")
    return True


def _additions(values: Any, answers: Answers, environ: Mapping[str, str]) -> dict[tuple[str | int, ...], Any]:
    """What a spec with *values* lacks of the answers."""
    from llmhub.cli.first_spec import provider_entry, role_entry

    additions: dict[tuple[str | int, ...], Any] = {}
    declared, roles = (values.get(key) or {} for key in ("providers", "roles"))
    for name in answers.providers:
        if name not in declared:
            additions["providers", name] = provider_entry(name, environ)
        elif isinstance(declared[name], dict) and declared[name].get("enabled") is False:
            additions["providers", name, "enabled"] = True
    for name, kind in answers.roles.items():
        if name not in roles:
            additions["roles", name] = role_entry(name, kind)
    return additions


def _shown(text: str) -> str:
    from llmhub.config.faults import named

    return named(text)
