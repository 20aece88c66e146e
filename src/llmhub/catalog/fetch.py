"""Fetches JSON documents and keeps the last good copy of each.

A copy is replaced only by a document that its reader accepted, in one piece, and is asked for again with the validators
the server gave (ETag, Last-Modified). Whatever goes wrong, the copy serves, and `Fetched.stale_reason` says why.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve, field, frozen

from llmhub.anyllm.discretion import keep_discreet
from llmhub.catalog.copies import Copies, Copy
from llmhub.catalog.download import Bounds, PassingError, RefusedError, SilentError, download, read_file
from llmhub.errors import ConfigError, SourceError
from llmhub.records.context import Fetched

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a document, unpacked. The largest we know has 2.5 million."""

ACCEPT_SHRUNK_VARIABLE = "LLMHUB_ACCEPT_SHRUNK"


@frozen(kw_only=True)
class CachingFetch:
    """A `FetchJson` that keeps its copies in *folder*.

    `offline`: files are read, the network is left alone. `first_wait` is the wait in seconds before the first of two
    retries, which are made when a connection was refused, the answer broke off, or the server failed (5xx) or was busy
    (429); a Retry-After of the server counts instead. A server that keeps silent for `patience` seconds is not asked
    again, nor is one that did not answer, or stayed busy, asked for its other documents. `time_limit`, in seconds,
    bounds all of that together, so that a source has time left to serve its copy. `accept_shrunk`: a document need not
    hold against the copy before it. `tell` hears of copies that could not be kept, `progress` of what arrives.
    `headers` go with every request, `Authorization` not to another server that one is redirected to.
    """

    folder: Path
    now: Callable[[], datetime]
    offline: bool = False
    accept_shrunk: bool = False
    first_wait: float = 0.5
    patience: float = 20.0
    time_limit: float = 40.0
    size_limit: int = SIZE_LIMIT
    tell: Callable[[str], None] = field(default=lambda _: None)
    progress: Callable[[str], None] = field(default=lambda _: None)
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    _silent: dict[str, str] = field(factory=dict, init=False, repr=False)
    """Servers that did not answer, with how."""

    def __call__(self, url: str, *, accept: Callable[[Any, Any], None]) -> Fetched:
        """The document at *url* (http, https, file, or a path), or the last good copy of it.

        Raises:
            SourceError: it cannot be had, or is not what it should be, and there is no copy.
        """
        if "://" not in url:
            url = Path(url).expanduser().absolute().as_uri()
        copies = Copies(folder=self.folder)
        kept = _acceptable(copies.read(url), accept)
        try:
            fresh = self._get(url, kept)
            if kept is None or fresh.document is not kept.document:
                self._check_new(fresh, kept, accept)
        except RefusedError as refusal:
            if kept is None:
                raise SourceError(_shown(url), str(refusal)) from refusal.__cause__
            reason = f"{refusal}; using the copy of {kept.fetched_at} ({copies.file(url)})"
            return _fetched(kept, url, stale_reason=reason)
        fresh = evolve(fresh, fetched_at=self.now().isoformat(timespec="seconds"))
        try:
            copies.write(url, fresh)
        except (OSError, ConfigError) as error:
            self.tell(f"could not keep a copy of {_shown(url)}: {error}")
        return _fetched(fresh, url)

    def _get(self, url: str, kept: Copy | None) -> Copy:
        try:
            address = urlsplit(url)
        except ValueError as error:
            raise RefusedError(f"is no address: {str(error).lower()}") from error
        if address.scheme == "file":
            return read_file(url, kept, self.size_limit)
        if address.scheme not in ("http", "https"):
            raise RefusedError("its address must begin with https://, http:// or file://")
        if self.offline:
            raise RefusedError("offline (LLMHUB_OFFLINE)")
        if address.netloc in self._silent:
            raise RefusedError(self._silent[address.netloc])
        try:
            return self._download(url, kept)
        except SilentError as silence:
            self._silent[address.netloc] = str(silence)
            raise

    def _check_new(self, fresh: Copy, kept: Copy | None, accept: Callable[[Any, Any], None]) -> None:
        _check(fresh.document, None, accept)
        if kept is None or self.accept_shrunk:
            return
        try:
            _check(fresh.document, kept.document, accept)
        except RefusedError as refusal:  # by itself it is what it should be
            reason = f"{refusal} (if that is right, {ACCEPT_SHRUNK_VARIABLE}=1 accepts it)"
            raise RefusedError(reason) from refusal.__cause__

    def _download(self, url: str, kept: Copy | None) -> Copy:
        import os

        import stamina

        _silence_retries()
        keep_discreet(os.environ)
        deadline = time.monotonic() + self.time_limit
        for attempt in stamina.retry_context(
            on=lambda fault: isinstance(fault, PassingError) and fault.again(deadline),
            attempts=3,
            timeout=self.time_limit,
            wait_initial=self.first_wait,
            wait_max=self.first_wait * 4,
            wait_jitter=self.first_wait / 2,
        ):
            with attempt:
                patience = min(self.patience, deadline - time.monotonic())
                bounds = Bounds(size=self.size_limit, patience=patience, deadline=deadline)
                found = download(url, kept, bounds, self.headers)
        size = f"{len(found.text) / 1e6:.1f} MB" if found is not kept else "not changed"
        self.progress(f"{_shown(url)}: {size}")
        return found


def _acceptable(kept: Copy | None, accept: Callable[[Any, Any], None]) -> Copy | None:
    """A copy, unless it would not be accepted today."""
    try:
        if kept is not None:
            _check(kept.document, None, accept)
    except RefusedError:
        return None
    return kept


def _fetched(copy: Copy, url: str, stale_reason: str = "") -> Fetched:
    return Fetched(
        document=copy.document,
        url=_shown(url),
        fetched_at=copy.fetched_at,
        last_modified=copy.modified_at,
        stale_reason=stale_reason,
    )


def _silence_retries() -> None:
    """Without a handler anywhere, logging would print stamina's note of each retry on the user's terminal."""
    logger = logging.getLogger("stamina")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _check(document: Any, previous: Any, accept: Callable[[Any, Any], None]) -> None:
    try:
        accept(document, previous)
    except ValueError as error:
        raise RefusedError(str(error)) from error


def _shown(url: str) -> str:
    """*url* without the user name, password and query it may carry."""
    try:
        parts = urlsplit(url)
    except ValueError:  # what is no address cannot be told apart, either
        return f"{url.partition('://')[0]}://..."
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
