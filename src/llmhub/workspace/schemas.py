"""The JSON Schemas that the first lines of a project's two files name."""

from __future__ import annotations

from pathlib import Path

from llmhub.errors import ConfigError


def write_schemas(folder: Path) -> list[Path]:
    """Write the JSON Schemas that the first lines of the two files name; returns those that changed.

    Raises:
        ConfigError: their folder cannot be made, or one of them not be written.
    """
    from llmhub.config.schema import schema_file

    written = []
    for which in ("spec", "config"):
        path = folder / schema_file(which)
        text = schema_text(which)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_below(path, text)
            written.append(path)
    return written


def schema_text(which: str) -> str:
    """The JSON Schema of `spec` or `config` as the text of a file."""
    import json

    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.schema import config_schema, spec_schema

    make = spec_schema if which == "spec" else config_schema
    return json.dumps(make(PROVIDER_NAMES), indent=2, ensure_ascii=False) + "\n"


def write_below(path: Path, text: str) -> None:
    """Write a file, and make the folder it lies in.

    Raises:
        ConfigError: the folder cannot be made, or the file not be written.
    """
    from llmhub.config.files import write_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make {path.parent}: {(error.strerror or str(error)).lower()}") from error
    write_atomically(path, text)
