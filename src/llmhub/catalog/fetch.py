"""Fetches JSON documents and keeps the last good copy of each: the only home of httpx.

A copy is replaced only by a document that its reader accepted, in one piece, and is asked for again with the validators
the server gave (ETag, Last-Modified). Whatever goes wrong, the copy serves, and `Fetched.stale_reason` says why.
"""

from __future__ import annotations

import functools
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from attrs import evolve, field, frozen

from llmhub.anyllm.discretion import keep_discreet
from llmhub.catalog.copies import Copies, Copy, parsed
from llmhub.errors import ConfigError, SourceError
from llmhub.records.context import Fetched

if TYPE_CHECKING:
    import ssl

    import httpx

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
        except _RefusedError as refusal:
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
            raise _RefusedError(f"is no address: {str(error).lower()}") from error
        if address.scheme == "file":
            return _copy(_read_file(url, self.size_limit), kept)
        if address.scheme not in ("http", "https"):
            raise _RefusedError("its address must begin with https://, http:// or file://")
        if self.offline:
            raise _RefusedError("offline (LLMHUB_OFFLINE)")
        if address.netloc in self._silent:
            raise _RefusedError(self._silent[address.netloc])
        try:
            return self._download(url, kept)
        except _SilentError as silence:
            self._silent[address.netloc] = str(silence)
            raise

    def _check_new(self, fresh: Copy, kept: Copy | None, accept: Callable[[Any, Any], None]) -> None:
        _check(fresh.document, None, accept)
        if kept is None or self.accept_shrunk:
            return
        try:
            _check(fresh.document, kept.document, accept)
        except _RefusedError as refusal:  # by itself it is what it should be
            reason = f"{refusal} (if that is right, {ACCEPT_SHRUNK_VARIABLE}=1 accepts it)"
            raise _RefusedError(reason) from refusal.__cause__

    def _download(self, url: str, kept: Copy | None) -> Copy:
        import os

        import stamina

        _silence_retries()
        keep_discreet(os.environ)
        deadline = time.monotonic() + self.time_limit
        for attempt in stamina.retry_context(
            on=lambda fault: isinstance(fault, _PassingError) and fault.again(deadline),
            attempts=3,
            timeout=self.time_limit,
            wait_initial=self.first_wait,
            wait_max=self.first_wait * 4,
            wait_jitter=self.first_wait / 2,
        ):
            with attempt:
                patience = min(self.patience, deadline - time.monotonic())
                found = _request(url, kept, self.size_limit, patience, deadline, self.headers)
        size = f"{len(found.text) / 1e6:.1f} MB" if found is not kept else "not changed"
        self.progress(f"{_shown(url)}: {size}")
        return found


NEVER = float("inf")
"""Seconds after which to ask again one who was given all the time there was."""


class _RefusedError(Exception):
    """Why a document cannot be had, or not be used."""


class _PassingError(_RefusedError):
    """What may be over with the next time, after *wait* seconds where the server says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait

    def again(self, deadline: float) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if self.wait is None:
            return True
        return self.wait if time.monotonic() + self.wait < deadline else False


class _SilentError(_PassingError):
    """Nobody answers at this address, or not us for now, whatever the document."""


def _acceptable(kept: Copy | None, accept: Callable[[Any, Any], None]) -> Copy | None:
    """A copy, unless it would not be accepted today."""
    try:
        if kept is not None:
            _check(kept.document, None, accept)
    except _RefusedError:
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


def _request(
    url: str, kept: Copy | None, size_limit: int, patience: float, deadline: float, more: Mapping[str, str]
) -> Copy:
    import httpx

    from llmhub import __version__

    headers = {"Accept": "application/json", "User-Agent": f"llmhub/{__version__}", **more}
    if kept and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    patience = max(0.01, patience)
    timeout = httpx.Timeout(patience, connect=min(5.0, patience))
    try:
        with (
            httpx.Client(follow_redirects=True, max_redirects=5, timeout=timeout, verify=_trusted()) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            if kept and response.status_code == httpx.codes.NOT_MODIFIED:
                return kept
            _check_status(response)
            return _copy(
                _bounded(response, size_limit, deadline),
                kept,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
            )
    except httpx.TimeoutException as error:
        raise _SilentError("no answer in time", wait=NEVER) from error
    except (httpx.ConnectError, httpx.ProxyError) as error:
        raise _SilentError(f"cannot be reached: {error}") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise _PassingError(f"the answer broke off: {error}") from error
    except httpx.DecodingError as error:
        raise _RefusedError(f"is damaged: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _RefusedError(f"cannot be reached: {error}") from error


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates to trust, read once: that takes 25 ms, and some sources fetch a hundred documents."""
    import httpx

    return httpx.create_ssl_context()


def _check_status(response: httpx.Response) -> None:
    code = response.status_code
    if code >= 500:
        raise _PassingError(f"the server failed (HTTP {code})", _retry_after(response.headers.get("Retry-After")))
    if code == 429:
        raise _SilentError("the server is busy (HTTP 429)", _retry_after(response.headers.get("Retry-After")))
    if code != 200:
        raise _RefusedError(f"the server answered HTTP {code}")


def _retry_after(stated: str | None) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, 10.2.3)."""
    if stated is None:
        return None
    if stated.strip().isdecimal():
        return float(stated)
    try:
        return max(0.0, (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _bounded(response: httpx.Response, size_limit: int, deadline: float) -> bytes:
    def chunks() -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            _check_size(size, size_limit)
            if time.monotonic() > deadline:  # each chunk came in time, and yet there is no end to them
                raise _SilentError("no answer in time", wait=NEVER)
            yield chunk

    return b"".join(chunks())


def _read_file(url: str, size_limit: int) -> bytes:
    path = Path(url2pathname(urlsplit(url).path))
    try:
        _check_size(path.stat().st_size, size_limit)
        return path.read_bytes()
    except OSError as error:
        raise _RefusedError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error


def _check_size(size: int, size_limit: int) -> None:
    if size > size_limit:
        raise _RefusedError(f"is larger than {size_limit / 1024 / 1024:g} MB")


def _copy(content: bytes, kept: Copy | None, etag: str | None = None, last_modified: str | None = None) -> Copy:
    """What came, parsed, unless it is what is kept already."""
    try:
        text = content.decode(json.detect_encoding(content))
        document = kept.document if kept is not None and kept.text == text else parsed(text)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(f"is not JSON: {error}") from error
    return Copy(text=text, document=document, etag=etag, last_modified=last_modified)


def _check(document: Any, previous: Any, accept: Callable[[Any, Any], None]) -> None:
    try:
        accept(document, previous)
    except ValueError as error:
        raise _RefusedError(str(error)) from error


def _shown(url: str) -> str:
    """*url* without the user name, password and query it may carry."""
    try:
        parts = urlsplit(url)
    except ValueError:  # what is no address cannot be told apart, either
        return f"{url.partition('://')[0]}://..."
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
