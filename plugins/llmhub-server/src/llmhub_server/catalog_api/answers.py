"""Answers that can be kept and asked for again: JSON with a strong ETag, gzip where it is asked for."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request  # noqa: TID253 - imported by the worker, never at start-up
from starlette.responses import Response  # noqa: TID253

from llmhub_server.catalog_api.problems import MEDIA_TYPE, RefusedError, body_of

WORTH_PACKING = 1024
"""Bytes from which on a body is packed."""

# Ask each time, which an ETag makes cheap; and no cache between may serve one reader's answer to another.
KEPT = {"Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
# A name out of the catalog must not be taken for a page, whatever it holds.
PLAIN = {"X-Content-Type-Options": "nosniff"}


def etag(*parts: str) -> str:
    """A strong entity tag, without its quotes, for what *parts* determine."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def not_modified(request: Request, tag: str) -> Response | None:
    """304 when the reader has what *tag* stands for, packed or not; else `None`."""
    if tag not in {known.removesuffix("-gzip") for known in _known(request)} and "*" not in _known(request):
        return None
    return Response(status_code=304, headers={"ETag": f'"{_variant(request, tag)}"', **KEPT})


def answer(request: Request, body: bytes, tag: str, headers: Mapping[str, str] | None = None) -> Response:
    """*body*, which is JSON, under the entity tag *tag*."""
    told = {"ETag": f'"{_variant(request, tag)}"', **KEPT, **PLAIN, **(headers or {})}
    if _takes_gzip(request):
        body = gzip.compress(body, compresslevel=5, mtime=0) if len(body) >= WORTH_PACKING else body
        if body[:2] == b"\x1f\x8b":
            told["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=told)


def encoded(plain: Any) -> bytes:
    """*plain* as JSON. No `NaN`, which is none."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def refused(refusal: RefusedError) -> Response:
    """What is wrong with the request, for programs and for people."""
    return Response(
        encoded(body_of(refusal)),
        status_code=refusal.status,
        media_type=MEDIA_TYPE,
        headers={**PLAIN, "Cache-Control": "no-store"},
    )


def _known(request: Request) -> set[str]:
    stated = ",".join(request.headers.getlist("if-none-match"))
    return {one.strip().removeprefix("W/").strip('"') for one in stated.split(",") if one.strip()}


def _variant(request: Request, tag: str) -> str:
    """A packed answer is other bytes, so it has another strong tag."""
    return f"{tag}-gzip" if _takes_gzip(request) else tag


def _takes_gzip(request: Request) -> bool:
    for one in ",".join(request.headers.getlist("accept-encoding")).split(","):
        coding, _, parameters = one.partition(";")
        if coding.strip().lower() in ("gzip", "*"):
            quality = parameters.replace(" ", "").lower().removeprefix("q=")
            return quality.rstrip("0") not in ("0.", "") or not parameters
    return False
