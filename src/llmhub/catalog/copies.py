"""Last good copies of fetched documents: one file each, with a line of what the server said before the document itself.

The document stands there as it came, so that keeping it again costs no more than writing it.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

from llmhub.config.files import write_atomically
from llmhub.records.foreign import well_formed


@frozen(kw_only=True)
class Copy:
    """A document as it came (`text`) and parsed, with what its server said of it."""

    text: str = field(repr=False)
    document: Any = field(repr=False)
    fetched_at: str = ""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def modified_at(self) -> str | None:
        """`last_modified` in ISO 8601; `None` where the server said none, or no date."""
        try:
            return parsedate_to_datetime(self.last_modified).astimezone(UTC).isoformat() if self.last_modified else None
        except (ValueError, OverflowError):  # a date that no calendar has, or one beyond the year 9999
            return None


@frozen(kw_only=True)
class Copies:
    """The copies in *folder*, by the address each came from."""

    folder: Path

    def file(self, url: str) -> Path:
        """Where the copy of *url* is, or would be."""
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:20]}.json"

    def read(self, url: str) -> Copy | None:
        """The copy of *url*; `None` when there is none, or it is damaged."""
        try:
            header, _, text = self.file(url).read_text(encoding="utf-8").partition("\n")
            said = json.loads(header)
            return Copy(
                text=text,
                document=parsed(text),
                fetched_at=_text(said["fetched_at"]) or "",
                etag=_text(said["etag"]),
                last_modified=_text(said["last_modified"]),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def write(self, url: str, copy: Copy) -> None:
        """Put *copy* in the place of the one before.

        Raises:
            OSError, ConfigError: it cannot be written.
        """
        said = {"fetched_at": copy.fetched_at, "etag": copy.etag, "last_modified": copy.last_modified}
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.file(url), f"{json.dumps(said)}\n{copy.text}")


def parsed(text: str) -> Any:
    """The JSON document in *text*. Half a character (`\\ud800` without its other half) becomes U+FFFD.

    Nothing could write or show it: one such name among thousands would stop whoever prints a list of them.

    Raises:
        ValueError, RecursionError: it is not JSON, or nested too deeply to be read.
    """
    document = json.loads(text)
    return _whole(document) if _HALF_ESCAPED.search(text) else document


_HALF_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {_whole(key): _whole(item) for key, item in value.items()} if isinstance(value, dict) else value


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")
