"""Finds the two files, reads them, and lays the project's over the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve, fields

from llmhub.builtin.overrides.entries import Entry, read_entries
from llmhub.errors import InvalidFileError, SourceError
from llmhub.records.context import OVERRIDES_NAME, OVERRIDES_VARIABLE, SourceContext
from llmhub.records.model import ModelFacts, ModelRecord, Override, SourceLoad
from llmhub.records.problems import Problem

USER_FILE = "overrides.yaml"
PROJECT = ("llmhub.spec.yaml", "llmhub.yaml")
"""Either makes a folder a project."""


def load(context: SourceContext) -> SourceLoad:
    """One record for every model that the user's and the project's file name.

    Raises:
        InvalidFileError: with all problems of both files. ConfigError: one cannot be read.
        SourceError: this context cannot read files.
    """
    paths = files(context.environ, context.config_dir, context.working_dir)
    if not paths:
        return SourceLoad()
    if context.read_yaml is None:
        raise SourceError("overrides", f"no way to read {paths[0]} was given")
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            stated, wrong = read_entries(context.read_yaml(path))
        except InvalidFileError as error:
            problems.extend(error.problems)
            continue
        problems.extend(wrong)
        for model, entry in stated.items():
            entries[model] = _over(entries.get(model), entry)
    if problems:
        raise InvalidFileError(" and ".join(dict.fromkeys(problem.file for problem in problems)), problems)
    wanted = set(context.providers)
    return SourceLoad(
        records=tuple(
            record
            for model, entry in entries.items()
            if (record := _record(model, entry)).provider in wanted or not wanted
        )
    )


def files(environ: Mapping[str, str], config_dir: Path | None, working_dir: Path | None) -> Sequence[Path]:
    """The files in force, the user's first. A file that `LLMHUB_OVERRIDES` names is one whether it is there or not."""
    user = [config_dir / USER_FILE] if config_dir is not None and (config_dir / USER_FILE).is_file() else []
    if named := environ.get(OVERRIDES_VARIABLE):
        base = working_dir or Path()
        return [*user, base / Path(named).expanduser()]
    if working_dir is None:
        return user
    here = working_dir.absolute()
    folders = (one for one in (here, *here.parents) if any((one / name).is_file() for name in PROJECT))
    folder = next(folders, None)
    beside = folder / OVERRIDES_NAME if folder is not None else None
    return [*user, beside] if beside is not None and beside.is_file() else user


def _over(below: Entry | None, above: Entry) -> Entry:
    """Field by field; a price is taken whole."""
    if below is None:
        return above
    decided = evolve(
        below.override,
        origin=f"{below.override.origin} and {above.override.origin}",
        alias=above.override.alias or below.override.alias,
        tiers={**below.override.tiers, **above.override.tiers},
        hide=below.override.hide if above.hide is None else above.hide,
        pin=below.override.pin if above.pin is None else above.pin,
    )
    stated = {
        name: value
        for name in (attribute.name for attribute in fields(ModelFacts))
        if (value := getattr(above.facts, name)) not in (None, ())
    }
    return evolve(
        above,
        facts=evolve(below.facts, **stated),
        override=decided,
        hide=decided.hide,
        pin=decided.pin,
    )


def _record(model: str, entry: Entry) -> ModelRecord:
    provider, _, model_id = model.partition(":")
    override: Override = entry.override
    return ModelRecord(source="override", provider=provider, model_id=model_id, facts=entry.facts, override=override)
