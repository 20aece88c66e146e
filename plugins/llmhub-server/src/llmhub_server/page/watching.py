"""Looking again and again, for as long as somebody sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui  # noqa: TID253 - imported by `llmhub ui`, never at start-up


def every(seconds: float, look: Callable[[], Awaitable[None]], *, at_once: bool = False) -> None:
    """Call *look* every so many *seconds*, or *at_once* and then so, while a browser shows the page.

    One that is gone for a moment finds its page again, which is why the page outlives it; nothing is asked meanwhile.
    """
    client = ui.context.client

    async def seen() -> None:
        if client.has_socket_connection:
            await look()

    ui.timer(seconds, seen, immediate=at_once)
