"""Who may ask: a browser on this machine that shows this page, and nobody through it.

The page can write files. So it answers only under names of this machine (a stranger's name may be pointed here: DNS
rebinding), only what comes from itself (another site may ask through the same browser), and its content security policy
lets the browser load nothing from elsewhere and run no program but those that the page names.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Literal

from starlette.datastructures import Headers, MutableHeaders  # noqa: TID253 - imported by `llmhub ui`, never at start-up
from starlette.responses import PlainTextResponse  # noqa: TID253
from starlette.types import ASGIApp, Message, Receive, Scope, Send  # noqa: TID253

NAMES = ("127.0.0.1", "localhost")


def refusal(kind: Literal["http", "websocket"], method: str, headers: Mapping[str, str], port: int) -> str | None:
    """Why a request may not be answered; `None` when it may. Names of *headers* are in lower case."""
    hosts = {f"{name}:{port}" for name in NAMES}
    if headers.get("host", "").lower() not in hosts:
        return "This page answers on this machine only, as 127.0.0.1 or localhost."
    origin = headers.get("origin")
    if origin is None and kind == "websocket":
        return "A connection has to say which page it comes from."
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        return "Another site may not ask this page."
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return None
    followed_link = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    if followed_link and headers.get("sec-fetch-dest") == "document":
        return None
    return "Another site may not ask this page."


def policy(nonce: str, port: int) -> str:
    """The content security policy. NiceGUI makes functions from text, which is why `unsafe-eval` stands there."""
    sockets = " ".join(f"ws://{name}:{port}" for name in NAMES)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "img-src 'self' data: blob:",
            f"connect-src 'self' {sockets}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Guard:
    """Refuses what `refusal` refuses, and puts the policy on all that is answered."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        why = refusal(scope["type"], scope.get("method", "GET"), Headers(scope=scope), self._port)
        if why is None:
            await self._app(scope, receive, _Answer(send, self._port) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            await PlainTextResponse(why, status_code=403)(scope, receive, send)


class _Answer:
    """Sends on what is answered, with the policy; the scripts of a page carry the number that it allows."""

    def __init__(self, send: Send, port: int) -> None:
        self._send, self._port = send, port
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers["content-security-policy"] = policy(self._nonce, self._port)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
            headers["cross-origin-resource-policy"] = "same-origin"
            message = {**message, "headers": headers.raw}
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            await self._page(message)
            return
        await self._send(message)

    async def _page(self, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body", False) or self._start is None:
            return
        body = self._body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
        headers = MutableHeaders(raw=self._start["headers"])
        headers["content-length"] = str(len(body))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})
