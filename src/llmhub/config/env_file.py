"""`.env` beside a project's file: keys for development."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, MutableMapping
from pathlib import Path

from llmhub.config.faults import looks_like_a_secret

NAME = ".env"
EXAMPLE_NAME = ".env.example"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_EXAMPLE_HEADER = "# Copy to .env and fill in. Keep .env out of version control."


def load_env_file(directory: Path, environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Put what *directory*`/.env` says into *environ*, and return the names that were added.

    What is set already stays, also when it is empty. `${NAME}` is filled in. Lines that make no sense are passed over
    with a warning in the log that tells their number and never their content.
    """
    path = directory / NAME
    try:
        # Also skips a virtual environment that someone named .env.
        if not path.is_file() or path.stat().st_size == 0:
            return ()
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        _warn(f"{path}: not read: {(error.strerror or 'unknown reason').lower()}")
        return ()
    except UnicodeDecodeError:
        _warn(f"{path}: not read: it is not UTF-8")
        return ()
    return _apply(text, path, environ)


def load_named_env_file(path: Path, environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """The same for a file that somebody named: nothing in it is passed over.

    Raises:
        ConfigError: it cannot be read, or has lines that are no `NAME=value`; told by number, never by content.
    """
    from llmhub.errors import ConfigError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: not read: {(error.strerror or 'unknown reason').lower()}") from error
    except UnicodeDecodeError:
        # Not from it: it holds all that stands in the file.
        raise ConfigError(f"{path}: not read: it is not UTF-8") from None
    wrong = [str(line) for line in _parsed(text)[1]]
    if wrong:
        raise ConfigError(f"{path}: not NAME=value in line{'s'[: len(wrong) - 1]} {', '.join(wrong)}")
    return _apply(text, path, environ)


def variables_in(text: str) -> tuple[str, ...]:
    """The names that the text of a `.env` file gives a value or leaves empty; not a key that stands there alone."""
    bindings, _ = _parsed(text.removeprefix("\ufeff"))
    names = (key for key, _ in bindings if _NAME.fullmatch(key) and not looks_like_a_secret(key))
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


def _apply(text: str, path: Path, environ: MutableMapping[str, str]) -> tuple[str, ...]:
    from dotenv.variables import parse_variables

    bindings, wrong = _parsed(text)
    for line in wrong:
        _warn(f"{path}:{line}: not a NAME=value line; passed over")
    values: dict[str, str] = {}
    for key, value in bindings:
        if value is not None:
            known = {**values, **environ}
            values[key] = "".join(part.resolve(known) for part in parse_variables(value))
    added = {name: value for name, value in values.items() if name not in environ}
    environ.update(added)
    return tuple(added)


def _parsed(text: str) -> tuple[list[tuple[str, str | None]], list[int]]:
    """The names with their values as they stand there, and the numbers of lines that make no sense.

    No environment holds a null byte, so a line with one is among those.
    """
    from dotenv.parser import parse_stream

    bindings: list[tuple[str, str | None]] = []
    wrong: list[int] = []
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or "\0" in f"{binding.key}{binding.value}":
            wrong.append(binding.original.line)
        elif binding.key:
            bindings.append((binding.key, binding.value))
    return bindings, wrong


def _warn(message: str) -> None:
    import logging

    logging.getLogger("llmhub").warning(message)
