"""Fetches JSON documents and keeps the last good copy of each: the only home of httpx.

A copy is replaced only by a document that its reader accepted, in one piece, and is asked for again with the validators
the server gave (ETag, Last-Modified). Whatever goes wrong, the copy serves, and `Fetched.stale_reason` says why.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from attrs import field, frozen

from llmhub.config.files import write_atomically
from llmhub.errors import ConfigError, SourceError
from llmhub.records.context import Fetched

if TYPE_CHECKING:
    import httpx

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a document, unpacked. The largest we know has 2.5 million."""

ACCEPT_SHRUNK_VARIABLE = "LLMHUB_ACCEPT_SHRUNK"


@frozen(kw_only=True)
class CachingFetch:
    """A `FetchJson` that keeps its copies in *folder*.

    `offline`: files are read, the network is left alone. `first_wait` is the wait in seconds before the first of two
    retries, which are made when no connection came about or the server failed (5xx); `time_limit`, in seconds, bounds
    them all together, so that a source has time left to serve its copy. `accept_shrunk`: a document need not hold
    against the copy before it. `tell` hears of copies that could not be kept.
    """

    folder: Path
    now: Callable[[], datetime]
    offline: bool = False
    accept_shrunk: bool = False
    first_wait: float = 0.5
    time_limit: float = 40.0
    size_limit: int = SIZE_LIMIT
    tell: Callable[[str], None] = field(default=lambda _: None)

    def __call__(self, url: str, *, accept: Callable[[Any, Any], None]) -> Fetched:
        """The document at *url* (http, https, file, or a path), or the last good copy of it.

        Raises:
            SourceError: it cannot be had, or is not what it should be, and there is no copy.
        """
        if "://" not in url:
            url = Path(url).expanduser().absolute().as_uri()
        kept = self._kept(url, accept)
        try:
            fresh = self._get(url, kept)
            if fresh is not kept:
                self._check_new(fresh, kept, accept)
        except _RefusedError as refusal:
            if kept is None:
                raise SourceError(_shown(url), str(refusal)) from refusal.__cause__
            reason = f"{refusal}; using the copy of {kept.fetched_at} ({self._file(url)})"
            return kept.fetched(url, stale_reason=reason)
        stamped = fresh.stamped(self.now().isoformat(timespec="seconds"))
        self._keep(url, stamped)
        return stamped.fetched(url)

    def _get(self, url: str, kept: _Copy | None) -> _Copy:
        scheme = urlsplit(url).scheme
        if scheme == "file":
            return _read_file(url, self.size_limit)
        if scheme not in ("http", "https"):
            raise _RefusedError("its address must begin with https://, http:// or file://")
        if self.offline:
            raise _RefusedError("offline (LLMHUB_OFFLINE)")
        return self._download(url, kept)

    def _check_new(self, fresh: _Copy, kept: _Copy | None, accept: Callable[[Any, Any], None]) -> None:
        _check(fresh.document, None, accept)
        if kept is None or self.accept_shrunk:
            return
        try:
            _check(fresh.document, kept.document, accept)
        except _RefusedError as refusal:  # by itself it is what it should be
            reason = f"{refusal} (if that is right, {ACCEPT_SHRUNK_VARIABLE}=1 accepts it)"
            raise _RefusedError(reason) from refusal.__cause__

    def _download(self, url: str, kept: _Copy | None) -> _Copy:
        import httpx
        import stamina

        _silence_retries()
        deadline = time.monotonic() + self.time_limit
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _ServerError),
                attempts=3,
                timeout=self.time_limit,
                wait_initial=self.first_wait,
                wait_max=self.first_wait * 4,
                wait_jitter=self.first_wait / 2,
            ):
                with attempt:
                    return _request(url, kept, self.size_limit, deadline)
        except httpx.TimeoutException as error:
            raise _RefusedError("no answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _RefusedError(f"cannot be reached: {error}") from error
        raise AssertionError("stamina yields at least one attempt")

    def _file(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:20]}.json"

    def _kept(self, url: str, accept: Callable[[Any, Any], None]) -> _Copy | None:
        """The copy of *url*, unless it is damaged or would not be accepted today."""
        try:
            stored = json.loads(self._file(url).read_bytes())
            copy = _Copy(
                document=stored["document"],
                fetched_at=str(stored["fetched_at"]),
                etag=stored["etag"],
                last_modified=stored["last_modified"],
            )
            _check(copy.document, None, accept)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, _RefusedError):
            return None
        return copy

    def _keep(self, url: str, copy: _Copy) -> None:
        text = json.dumps(
            {
                "fetched_at": copy.fetched_at,
                "etag": copy.etag,
                "last_modified": copy.last_modified,
                "document": copy.document,
            },
            separators=(",", ":"),
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file(url), text)
        except (OSError, ConfigError) as error:
            self.tell(f"could not keep a copy of {_shown(url)}: {error}")


@frozen(kw_only=True)
class _Copy:
    """A document with what its server said of it."""

    document: Any = field(repr=False)
    fetched_at: str = ""
    etag: str | None = None
    last_modified: str | None = None

    def stamped(self, fetched_at: str) -> _Copy:
        return _Copy(document=self.document, fetched_at=fetched_at, etag=self.etag, last_modified=self.last_modified)

    def fetched(self, url: str, stale_reason: str = "") -> Fetched:
        return Fetched(
            document=self.document,
            url=_shown(url),
            fetched_at=self.fetched_at,
            last_modified=_iso(self.last_modified),
            stale_reason=stale_reason,
        )


class _RefusedError(Exception):
    """Why a document cannot be had, or not be used."""


class _ServerError(_RefusedError):
    """The server failed; it may not the next time."""


def _silence_retries() -> None:
    """Without a handler anywhere, logging would print stamina's note of each retry on the user's terminal."""
    logger = logging.getLogger("stamina")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _request(url: str, kept: _Copy | None, size_limit: int, deadline: float) -> _Copy:
    import httpx

    from llmhub import __version__

    headers = {"Accept": "application/json", "User-Agent": f"llmhub/{__version__}"}
    if kept and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    left = max(0.01, deadline - time.monotonic())
    timeout = httpx.Timeout(min(20.0, left), connect=min(5.0, left))
    with (
        httpx.Client(follow_redirects=True, max_redirects=5, timeout=timeout) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if kept and response.status_code == httpx.codes.NOT_MODIFIED:
            return kept
        if response.status_code >= 500:
            raise _ServerError(f"the server failed (HTTP {response.status_code})")
        if response.status_code != httpx.codes.OK:
            raise _RefusedError(f"the server answered HTTP {response.status_code}")
        return _Copy(
            document=_parsed(_bounded(response, size_limit, deadline)),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )


def _bounded(response: httpx.Response, size_limit: int, deadline: float) -> bytes:
    def chunks() -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            _check_size(size, size_limit)
            if time.monotonic() > deadline:  # each chunk came in time, and yet there is no end to them
                raise _RefusedError("no answer in time")
            yield chunk

    return b"".join(chunks())


def _read_file(url: str, size_limit: int) -> _Copy:
    path = Path(url2pathname(urlsplit(url).path))
    try:
        _check_size(path.stat().st_size, size_limit)
        return _Copy(document=_parsed(path.read_bytes()))
    except OSError as error:
        raise _RefusedError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error


def _check_size(size: int, size_limit: int) -> None:
    if size > size_limit:
        raise _RefusedError(f"is larger than {size_limit / 1024 / 1024:g} MB")


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(f"is not JSON: {error}") from error


def _check(document: Any, previous: Any, accept: Callable[[Any, Any], None]) -> None:
    try:
        accept(document, previous)
    except ValueError as error:
        raise _RefusedError(str(error)) from error


def _shown(url: str) -> str:
    """*url* without the user name, password and query it may carry."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _iso(http_date: str | None) -> str | None:
    try:
        return parsedate_to_datetime(http_date).astimezone(UTC).isoformat() if http_date else None
    except ValueError:
        return None
