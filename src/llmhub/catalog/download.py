"""One document of one address, asked for once: the only home of httpx."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from attrs import frozen

from llmhub.catalog.copies import Copy, parsed

if TYPE_CHECKING:
    import ssl

    import httpx

NEVER = float("inf")
"""Seconds after which to ask again one who was given all the time there was."""


class RefusedError(Exception):
    """Why a document cannot be had, or not be used."""


class PassingError(RefusedError):
    """What may be over with the next time, after *wait* seconds where the server says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait

    def again(self, deadline: float) -> bool | float:
        """Whether to ask again, or after how many seconds."""
        if self.wait is None:
            return True
        return self.wait if time.monotonic() + self.wait < deadline else False


class SilentError(PassingError):
    """Nobody answers at this address, or not us for now, whatever the document."""


@frozen(kw_only=True)
class Bounds:
    """What a download may take: bytes, seconds of silence, and the monotonic time at which it ends."""

    size: int
    patience: float
    deadline: float


def download(url: str, kept: Copy | None, bounds: Bounds, more: Mapping[str, str]) -> Copy:
    """What a server has at *url* now, with the headers *more*; *kept* itself where that has not changed.

    Raises:
        RefusedError: it cannot be had, or is no JSON; `PassingError` or `SilentError` where that may pass.
    """
    import httpx

    from llmhub import __version__

    headers = {"Accept": "application/json", "User-Agent": f"llmhub/{__version__}", **more}
    if kept and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    patience = max(0.01, bounds.patience)
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
                _bounded(response, bounds),
                kept,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
            )
    except httpx.TimeoutException as error:
        raise SilentError("no answer in time", wait=NEVER) from error
    except (httpx.ConnectError, httpx.ProxyError) as error:
        raise SilentError(f"cannot be reached: {error}") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise PassingError(f"the answer broke off: {error}") from error
    except httpx.DecodingError as error:
        raise RefusedError(f"is damaged: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RefusedError(f"cannot be reached: {error}") from error


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates to trust, read once: that takes 25 ms, and some sources fetch a hundred documents."""
    import httpx

    return httpx.create_ssl_context()


def _check_status(response: httpx.Response) -> None:
    code = response.status_code
    if code >= 500:
        raise PassingError(f"the server failed (HTTP {code})", _retry_after(response.headers.get("Retry-After")))
    if code == 429:
        raise SilentError("the server is busy (HTTP 429)", _retry_after(response.headers.get("Retry-After")))
    if code != 200:
        raise RefusedError(f"the server answered HTTP {code}")


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


def _bounded(response: httpx.Response, bounds: Bounds) -> bytes:
    def chunks() -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            _check_size(size, bounds.size)
            if time.monotonic() > bounds.deadline:  # each chunk came in time, and yet there is no end to them
                raise SilentError("no answer in time", wait=NEVER)
            yield chunk

    return b"".join(chunks())


def read_file(url: str, kept: Copy | None, size_limit: int) -> Copy:
    """What the file at *url* says now.

    Raises:
        RefusedError: it cannot be read, or is no JSON.
    """
    path = Path(url2pathname(urlsplit(url).path))
    try:
        _check_size(path.stat().st_size, size_limit)
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    return _copy(content, kept)


def _check_size(size: int, size_limit: int) -> None:
    if size > size_limit:
        raise RefusedError(f"is larger than {size_limit / 1024 / 1024:g} MB")


def _copy(content: bytes, kept: Copy | None, etag: str | None = None, last_modified: str | None = None) -> Copy:
    """What came, parsed, unless it is what is kept already."""
    try:
        text = content.decode(json.detect_encoding(content))
        document = kept.document if kept is not None and kept.text == text else parsed(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"is not JSON: {error}") from error
    return Copy(text=text, document=document, etag=etag, last_modified=last_modified)
