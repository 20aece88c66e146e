"""The text of a spec that an editor holds and has not saved: read, judged, changed with its comments kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.records.problems import Problem
    from llmhub.records.spec import HubSpec

__all__ = ["edited", "problems_in", "renamed", "spec_in", "values_in"]


def spec_in(text: str, env: str | None = None) -> HubSpec:
    """The spec that *text* is, in the environment *env*, or else in its own.

    Raises:
        InvalidFileError: its problems, all of them, each with line and column.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.load import parse_spec

    return parse_spec(text, SPEC_NAME, known_providers=PROVIDER_NAMES, env=env)


def problems_in(text: str) -> tuple[Problem, ...]:
    """What is wrong with *text* as a spec, in all its environments; empty when nothing is."""
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.load import spec_problems

    return spec_problems(text, SPEC_NAME, known_providers=PROVIDER_NAMES)


def values_in(text: str) -> dict[str, Any]:
    """What *text* says, as plain values, whether or not they make a valid spec.

    Raises:
        InvalidFileError: it cannot be read at all.
    """
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.yaml import read_document

    return read_document(text, SPEC_NAME).value


def edited(text: str, changes: Mapping[tuple[str | int, ...], Any]) -> str:
    """*text* with the values at some paths changed; comments and layout stay.

    `llmhub.config.edit.REMOVED` as a value takes an entry away.

    Raises:
        InvalidFileError, ConfigError: *text* is no valid document, or a place cannot be changed by itself.
    """
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.edit import edit

    return edit(text, changes, SPEC_NAME)


def renamed(text: str, path: tuple[str | int, ...], name: str) -> str:
    """*text* with the last key of *path* called *name*; its value, place and comments stay.

    Raises:
        InvalidFileError, ConfigError: *text* is no valid document, there is no such key, or *name* is taken.
    """
    from llmhub.config.discover import SPEC_NAME
    from llmhub.config.edit import renamed

    return renamed(text, path, name, SPEC_NAME)
