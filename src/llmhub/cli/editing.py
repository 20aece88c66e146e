"""Changes to the spec by commands: shown as a diff, validated, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from llmhub.cli.session import Session
from llmhub.config.faults import Path as KeyPath
from llmhub.errors import ConfigError, ConfigNotFoundError, InvalidFileError, nearest

if TYPE_CHECKING:
    from llmhub.config.document import Document
    from llmhub.records.problems import Problem


@frozen(kw_only=True)
class OpenSpec:
    """A spec about to be edited.

    `values` are those of the file, `effective` those in the environment in force. `prefix` is where that environment's
    own values stand: nowhere else than the file's top for the environment that the file itself is for.
    """

    path: Path
    text: str
    values: Mapping[str, Any]
    effective: Mapping[str, Any]
    prefix: KeyPath

    def known_role(self, name: str) -> None:
        """Raises `ConfigError` with the nearest name when there is no such role."""
        roles = self.roles
        if name not in roles:
            close = nearest(name, list(roles))
            hint = f" Did you mean {close!r}?" if close else ""
            listed = ", ".join(roles) or "none"
            raise ConfigError(f"{self.path.name} has no role {name!r}.{hint} Roles in the file: {listed}.")

    @property
    def roles(self) -> Mapping[str, Any]:
        """The roles in the environment in force, as they stand in the file."""
        roles = self.effective.get("roles")
        return {name: role for name, role in roles.items() if name[:2] != "x-"} if isinstance(roles, Mapping) else {}


def open_spec(session: Session) -> OpenSpec:
    """The nearest spec, which may have problems but must be readable.

    Raises:
        ConfigNotFoundError: there is none. InvalidFileError: it is no YAML.
        ConfigError: it knows no such environment as was asked for.
    """
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.environments import in_environment, own_environment
    from llmhub.config.files import read_text

    if session.spec_path is None:
        where = f"{session.start} or any folder above it"
        raise ConfigNotFoundError(SPEC_NAME, where, "`llmhub setup` writes a first one.")
    text = read_text(session.spec_path, "")
    document = _document(text, session.spec_path)
    asked = session.environment
    return OpenSpec(
        path=session.spec_path,
        text=text,
        values=document.value,
        effective=in_environment(document, asked).value,
        prefix=("environments", asked) if asked and asked != own_environment(document) else (),
    )


def save(session: Session, spec: OpenSpec, changes: Mapping[KeyPath, Any], *, ask: str = "", dry_run: bool) -> bool:
    """Make *changes* in the spec: show them, and write the file when it is valid afterwards. Returns whether it was.

    *ask*: a question to put before writing. A file that had problems before may keep them, but gets no new ones.

    Raises:
        InvalidFileError: the problems that the changes would bring.
        ConfigError: a value looks like a key, a place cannot be changed by itself, or another changed the file since.
    """
    from llmhub.config.edit import edit
    from llmhub.config.files import replace_text

    _refuse_secrets(changes)
    after = edit(spec.text, changes, file=spec.path.name)
    remaining = _validated(spec, after)
    if after == spec.text:
        click.echo(f"{spec.path.name} says so already.")
        return False
    show_difference(session, spec.text, after, spec.path.name)
    if dry_run:
        click.echo(f"Nothing written: {spec.path.name} would change.")
        return False
    if ask and not click.confirm(ask, default=True):
        click.echo("Nothing written.")
        return False
    replace_text(spec.path, spec.text, after)
    click.echo(f"Wrote {spec.path.name}.")
    for problem in remaining:
        session.say(f"still to mend: {problem}")
    return True


def show_difference(session: Session, before: str | None, after: str, name: str) -> None:
    """What changes in a file, without anything in it that looks like a key; silent under --quiet."""
    from llmhub.cli.difference import without_keys
    from llmhub.generate.diff import difference

    if not session.quiet:
        click.echo(without_keys(difference(before, after, name)), nl=False)


def is_answered_by_a_person() -> bool:
    """Whether somebody is there to answer questions."""
    import sys

    return sys.stdin.isatty() and sys.stdout.isatty()


def _validated(spec: OpenSpec, after: str) -> tuple[Problem, ...]:
    """The problems that stay as they were; those that are new are raised."""
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import spec_problems

    def problems(text: str) -> tuple[Problem, ...]:
        return spec_problems(text, spec.path.name, known_providers=PROVIDER_NAMES)

    known = {(problem.path, problem.message) for problem in problems(spec.text)}
    found = problems(after)
    new = [problem for problem in found if (problem.path, problem.message) not in known]
    if new:
        raise InvalidFileError(f"nothing written, {spec.path.name} would be faulty", new)
    return found


def _refuse_secrets(changes: Mapping[KeyPath, Any]) -> None:
    from llmhub.config.document import dotted
    from llmhub.config.faults import looks_like_a_secret

    for path, value in changes.items():
        if any(map(looks_like_a_secret, _texts(value))):
            raise ConfigError(
                f"{dotted(path)}: the value looks like a key (not shown). Keys go into the environment or .env; "
                "the spec names the variable, see `env_key`."
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _document(text: str, path: Path) -> Document:
    from llmhub.config.yaml import read_document

    return read_document(text, path.name)
