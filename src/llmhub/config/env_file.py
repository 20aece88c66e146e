"""`.env` beside a project's file: keys for development."""

from __future__ import annotations

import io
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import cast

from llmhub.config.faults import looks_like_a_secret
from llmhub.errors import ConfigError

__all__ = ["NAME", "load_env_file"]

NAME = ".env"
EXAMPLE_NAME = ".env.example"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LARGEST = 1_000_000
"""Bytes of a file: hundreds of times any with keys."""

LONGEST_VALUE = 32_767
"""Characters of a value: the most that Windows lets a variable hold."""

_EXAMPLE_HEADER = "# Copy to .env and fill in. Keep .env out of version control."


def load_env_file(directory: Path, environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Put what *directory*`/.env` says into *environ*, and return the names that were added.

    What is set already stays, also when it is empty. `${NAME}` is filled in. Lines that make no sense are passed over
    with a warning in the log that tells their number and never their content.
    """
    path = directory / NAME
    try:
        # Also skips a virtual environment that someone named .env.
        if not path.is_file():
            return ()
        text = _read(path)
    except (ConfigError, OSError) as error:
        _warn(str(error))
        return ()
    if not text:
        return ()
    values, wrong = _values(text, environ)
    for line in wrong:
        _warn(f"{path}:{line}: not a NAME=value line; passed over")
    return _added(values, environ)


def load_named_env_file(path: Path, environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """The same for a file that somebody named: nothing in it is passed over.

    Raises:
        ConfigError: it cannot be read, or has lines that are no `NAME=value`; told by number, never by content.
    """
    values, wrong = _values(_read(path), environ)
    if wrong:
        lines = ", ".join(map(str, wrong))
        raise ConfigError(f"{path}: not NAME=value in line{'s'[: len(wrong) - 1]} {lines}")
    return _added(values, environ)


def variables_in(text: str) -> tuple[str, ...]:
    """The names that the text of a `.env` file gives a value or leaves empty; not a key that stands there alone."""
    bindings, _ = _parsed(text.removeprefix("\ufeff"))
    names = (key for _, key, _ in bindings if _NAME.fullmatch(key) and not looks_like_a_secret(key))
    return tuple(dict.fromkeys(names))


def example_with(text: str | None, names: Iterable[str]) -> str:
    """The text of a `.env.example` with the *names* it lacks, and no values; all else stays. `None`: a new one."""
    if text is None:
        text = f"{_EXAMPLE_HEADER}\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    known = variables_in(text)
    lines = [f"{name}={newline}" for name in dict.fromkeys(names) if name not in known]
    gap = newline if lines and text and not text.endswith("\n") else ""
    return f"{text}{gap}{''.join(lines)}"


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"{path}: not read: it is larger than {LARGEST:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: not read: {(error.strerror or 'unknown reason').lower()}") from error
    except UnicodeDecodeError:
        # Not from it: it holds all that stands in the file.
        raise ConfigError(f"{path}: not read: it is not UTF-8") from None


def _values(text: str, environ: Mapping[str, str]) -> tuple[dict[str, str], list[int]]:
    """What *text* sets, filled in, and the numbers of lines that make no sense."""
    from dotenv.variables import parse_variables

    bindings, wrong = _parsed(text)
    values: dict[str, str] = {}
    known = ChainMap(cast(MutableMapping[str, str], environ), values)
    for line, key, value in bindings:
        if value is None:
            continue
        filled = ""
        for part in parse_variables(value):
            filled += part.resolve(known)
            if len(filled) > LONGEST_VALUE:  # a few lines that name each other twice fill all memory
                wrong.append(line)
                break
        else:
            values[key] = filled
    return values, sorted(wrong)


def _parsed(text: str) -> tuple[list[tuple[int, str, str | None]], list[int]]:
    """Line, name and value of each binding as it stands there, and the numbers of lines that make no sense.

    No environment holds a null byte, so a line with one is among those.
    """
    from dotenv.parser import parse_stream

    bindings: list[tuple[int, str, str | None]] = []
    wrong: list[int] = []
    for binding in parse_stream(io.StringIO(text)):
        line = binding.original.line
        if binding.error or "\0" in f"{binding.key}{binding.value}" or len(binding.value or "") > LONGEST_VALUE:
            wrong.append(line)
        elif binding.key:
            bindings.append((line, binding.key, binding.value))
    return bindings, wrong


def _added(values: Mapping[str, str], environ: MutableMapping[str, str]) -> tuple[str, ...]:
    added = {name: value for name, value in values.items() if name not in environ}
    environ.update(added)
    return tuple(added)


def _warn(message: str) -> None:
    import logging

    logging.getLogger("llmhub").warning(message)
