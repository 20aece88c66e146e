"""What `--fix` does: only what needs no decision, and what a user would do by the remedy anyway."""

from __future__ import annotations

from collections.abc import Iterator

from llmhub.cli.commands.doctor import env_file
from llmhub.cli.commands.doctor.examined import Examined, look
from llmhub.cli.session import Session


def repair(session: Session, *, network: bool) -> Iterator[str]:
    """Mend what can be mended, and tell each thing that was done."""
    examined = look(session, network=network)
    yield from _close_env_file(examined)
    yield from _name_keys(examined)
    if network:
        yield from _refresh(session, examined)


def _close_env_file(examined: Examined) -> Iterator[str]:
    path = examined.env_path
    if path.is_file() and env_file.is_open_to_others(path):
        path.chmod(0o600)
        yield f"fixed: {path} can be read by you alone now"


def _name_keys(examined: Examined) -> Iterator[str]:
    """`.env.example` names every key that the spec needs."""
    if examined.spec is None or examined.spec_path is None:
        return
    from llmhub.anyllm.providers import DEFAULT_ENV_KEYS
    from llmhub.config.env_file import EXAMPLE_NAME, example_with
    from llmhub.config.files import read_text, replace_text
    from llmhub.config.keys import spec_variables

    path = examined.spec_path.with_name(EXAMPLE_NAME)
    present = read_text(path, "") if path.exists() else None
    names = [variables[0] for variables in spec_variables(examined.spec, DEFAULT_ENV_KEYS).values() if variables]
    text = example_with(present, names)
    if names and text != present:
        replace_text(path, present, text)
        yield f"fixed: {path.name} names every key that the spec needs"


def _refresh(session: Session, examined: Examined) -> Iterator[str]:
    from datetime import UTC, datetime

    from llmhub.cli.commands.doctor.facts import OLD
    from llmhub.errors import CatalogError, ConfigError

    catalog = examined.catalog
    if catalog is not None and catalog.age(datetime.now(UTC)) <= OLD and all(one.ok for one in catalog.sources):
        return
    from llmhub.catalog import refresh_catalog

    try:
        fresh = refresh_catalog(
            session.environ,
            session.host,
            working_dir=session.start,
            progress=session.show_progress,
            **session.catalog_options(),
        )
    except (CatalogError, ConfigError) as fault:
        yield f"not fixed: the catalog could not be refreshed: {fault}"
    else:
        yield f"fixed: the catalog was refreshed: {len(fresh.models)} models"
