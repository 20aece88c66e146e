"""The files as records, or all their problems at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from llmhub.config.checks import config_faults, key_faults, spec_faults
from llmhub.config.document import Document, document_of
from llmhub.config.environments import environment_names, in_environment
from llmhub.config.faults import Faults, Located
from llmhub.config.files import read_text
from llmhub.errors import InvalidFileError
from llmhub.records.config import HubConfig
from llmhub.records.measurements import Measurements
from llmhub.records.problems import Problem
from llmhub.records.spec import HubSpec

IN_MEMORY_CONFIG = "<config>"
IN_MEMORY_SPEC = "<spec>"


def load_config(path: Path, *, known_providers: Collection[str]) -> HubConfig:
    """Read a `llmhub.yaml`. *known_providers*: the names any-llm knows, which need no declaration.

    Raises:
        ConfigNotFoundError: there is no such file.
        ConfigError: it cannot be read.
        InvalidFileError: its problems, all of them, each with line and column.
    """
    return _config(_read(path, "Run `llmhub generate` to make it."), known_providers)


def load_spec(path: Path, *, known_providers: Collection[str], env: str | None = None) -> HubSpec:
    """Read a `llmhub.spec.yaml` as it stands for the environment *env*, or for its own when `None`.

    Problems of all its environments are told, not only of the one asked for.

    Raises:
        ConfigNotFoundError: there is no such file.
        ConfigError: it cannot be read, or knows no environment *env*.
        InvalidFileError: its problems, all of them, each with line and column.
    """
    return _spec(_read(path, "Run `llmhub init` to make it."), known_providers, env)


def load_measurements(path: Path) -> Measurements:
    """Read a `llmhub.measured.yaml`.

    Raises:
        ConfigNotFoundError: there is no such file.
        ConfigError: it cannot be read.
        InvalidFileError: its problems, all of them, each with line and column.
    """
    document = _read(path, "`llmhub generate --measure` makes it.")
    measurements, problems = _checked(document, Measurements, _no_more, ())
    return _without_problems(measurements, document.file, problems)


def parse_spec(text: str, file: str, *, known_providers: Collection[str], env: str | None = None) -> HubSpec:
    """The spec that *text*, that of the file named *file*, is in the environment *env*; as `load_spec` of a file.

    Raises:
        ConfigError: it knows no environment *env*.
        InvalidFileError: its problems, all of them, each with line and column.
    """
    from llmhub.config.yaml import read_document

    return _spec(read_document(text, file), known_providers, env)


def spec_problems(text: str, file: str, *, known_providers: Collection[str]) -> tuple[Problem, ...]:
    """What is wrong with the *text* of a spec, in all its environments; empty when nothing is. *file*: its name."""
    try:
        parse_spec(text, file, known_providers=known_providers)
    except InvalidFileError as error:
        return error.problems
    return ()


def structure_config(values: Mapping[str, Any], *, known_providers: Collection[str]) -> HubConfig:
    """A configuration from values in memory, held to the same rules as a file.

    Raises:
        InvalidFileError: its problems, all of them, for the file `<config>`.
    """
    return _config(document_of(values, IN_MEMORY_CONFIG), known_providers)


def structure_spec(values: Mapping[str, Any], *, known_providers: Collection[str], env: str | None = None) -> HubSpec:
    """A spec from values in memory, held to the same rules as a file.

    Raises:
        ConfigError: it knows no environment *env*.
        InvalidFileError: its problems, all of them, for the file `<spec>`.
    """
    return _spec(document_of(values, IN_MEMORY_SPEC), known_providers, env)


def _read(path: Path, remedy: str) -> Document:
    from llmhub.config.yaml import read_document

    return read_document(read_text(Path(path), remedy), str(path))


def _config(document: Document, known_providers: Collection[str]) -> HubConfig:
    config, problems = _checked(document, HubConfig, config_faults, known_providers)
    return _without_problems(config, document.file, problems)


def _spec(document: Document, known_providers: Collection[str], env: str | None) -> HubSpec:
    asked = in_environment(document, env)
    spec, problems = _checked(asked, HubSpec, spec_faults, known_providers)
    for other in environment_names(document):
        if other != (env or environment_names(document)[0]):
            _, more = _checked(in_environment(document, other), HubSpec, spec_faults, known_providers)
            problems.extend(more)
    return _without_problems(spec, document.file, problems)


Record = TypeVar("Record")
Checks: TypeAlias = Callable[[Mapping[str, Any], Collection[str]], Iterator[Located]]


def _no_more(_values: Mapping[str, Any], _known_providers: Collection[str]) -> Iterator[Located]:
    """For a file in which no place depends on another."""
    return iter(())


def _checked(
    document: Document, record: type[Record], checks: Checks, known_providers: Collection[str]
) -> tuple[Record | None, list[Problem]]:
    from llmhub.config.converter import structure

    values = document.value
    structured: Record | None = None
    located: list[Located] = []
    try:
        structured = structure(values, record)
    except Faults as faults:
        located.extend(faults.located)
    located.extend(checks(values, known_providers))
    # What is said of a place says enough of all within it.
    told = {path for path, _ in located}
    located.extend(
        (path, fault)
        for path, fault in key_faults(values)
        if told.isdisjoint(path[:length] for length in range(1, len(path) + 1))
    )
    return structured, [*document.problems, *(document.problem(path, fault) for path, fault in located)]


def _without_problems(record: Record | None, file: str, problems: list[Problem]) -> Record:
    if record is None or problems:
        raise InvalidFileError(file, _in_order_of_the_file(problems))
    return record


def _in_order_of_the_file(problems: list[Problem]) -> list[Problem]:
    """Sorted, and one problem per place: a second finding about the same value says nothing new."""
    first: dict[tuple[int, int, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.line, problem.column, problem.path), problem)
    return sorted(first.values(), key=lambda problem: (problem.line, problem.column))
