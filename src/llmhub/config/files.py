"""Text files: read with errors a user can act on, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from llmhub.errors import ConfigError, ConfigNotFoundError, InvalidFileError
from llmhub.records.problems import Problem


def read_text(path: Path, remedy: str) -> str:
    """The text of *path*, line ends as they are. *remedy* tells the user what to do when there is no such file.

    Raises:
        ConfigNotFoundError: there is no such file.
        ConfigError: it is a folder, or may not be read.
        InvalidFileError: it is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigNotFoundError(path.name, str(path.parent.absolute()), remedy) from None
    except (IsADirectoryError, PermissionError, OSError) as error:
        reason = "it is a folder" if path.is_dir() else (error.strerror or str(error)).lower()
        raise ConfigError(f"cannot read {path}: {reason}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidFileError(str(path), [_not_utf_8(path, content, error)]) from None


def replace_text(path: Path, before: str | None, after: str) -> None:
    """Write *after* where *before* was read, or where no file was (`None`); what another wrote meanwhile stays.

    Two commands that do so at once wait for one another, so that neither overwrites what the other wrote.

    Raises:
        ConfigError: the file is no longer as it was read, or cannot be written.
    """
    with _one_at_a_time(Path(os.path.realpath(path)).parent):
        present = read_text(path, "") if path.exists() else None
        if present != before:
            raise ConfigError(
                f"{path.name} was changed by somebody else in the meantime; nothing written. Run the command again."
            )
        write_atomically(path, after)


def write_atomically(path: Path, text: str) -> None:
    """Replace *path* by *text* in UTF-8: a reader, or a power cut, sees the old file or the new one, whole.

    Permission bits of an existing file stay; a symbolic link stays one and its target is replaced.

    Raises:
        ConfigError: the file is read-only, or its folder is missing, full or may not be written.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.stat().st_mode & 0o222:
        # A rename would pass over the wish of whoever made it so.
        raise ConfigError(f"cannot write {path}: it is read-only")
    draft = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    try:
        _write_draft(draft, text, like=target)
        draft.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
    finally:
        draft.unlink(missing_ok=True)


def _write_draft(draft: Path, text: str, like: Path) -> None:
    # Opened with the mode any new file gets, so that the umask has its say.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    if like.exists():
        draft.chmod(like.stat().st_mode & 0o7777)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Holds *folder* against other processes that ask the same. Its own handle is the lock, so that no file is left."""
    if os.name == "nt":
        yield  # Windows locks no folders: two commands in the same millisecond may meet there
        return
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ConfigError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error
    try:
        # Refused on some network drives; the comparison of what was read then guards alone.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    # Without this the rename itself may be lost in a power cut. Windows has no such call, nor the need.
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_utf_8(path: Path, content: bytes, error: UnicodeDecodeError) -> Problem:
    before = content[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "the file is UTF-16; save it as UTF-8"
    else:
        message = f"byte {content[error.start]:#04x} is not UTF-8; save the file as UTF-8"
    return Problem(file=str(path), line=before.count(b"\n") + 1, column=column, path="", message=message)
