"""The body of a request, taken in whole before anything works on it: within a size, a time, and the room there is.

A call is made with the whole body in any case. Taking it in here keeps whoever sends slowly from occupying one of the
places for calls.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
from collections.abc import Mapping

from attrs import define
from starlette.types import Message, Receive  # noqa: TID253

from llmhub_server.access.refusal import NO_ROOM, SLOW_BODY, too_large
from llmhub_server.gateway.problem import ProblemError

UNWANTED = 64 * 1024 * 1024
"""Bytes of a body that are thrown away so that its sender may come to read why; beyond them the connection breaks."""
UNWANTED_SECONDS = 5.0


class ClientLeft(Exception):
    """The client went away before its request was whole."""


@define(eq=False)
class Room:
    """How many bytes of bodies one worker has at once, of `most`."""

    most: int
    taken: int = 0


async def take_in(
    receive: Receive, headers: Mapping[bytes, bytes], room: Room, most: int, seconds: float
) -> tuple[bytes, Receive]:
    """The body, and a way to receive it again. Its bytes are counted in *room*, and are to be given back there.

    Raises:
        ProblemError: it is too large, too slow, or there is no room for it now.
        ClientLeft: it ended before its end.
    """
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared[:20]) > most:
        raise ProblemError(too_large(most))
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise ClientLeft
                piece, more = message.get("body", b""), message.get("more_body", False)
                size += len(piece)
                room.taken += len(piece)
                if size > most:
                    raise ProblemError(too_large(most))
                if room.taken > room.most and more:
                    raise ProblemError(NO_ROOM)
                pieces.append(piece)
    except TimeoutError:
        room.taken -= size
        raise ProblemError(SLOW_BODY) from None
    except (ProblemError, ClientLeft, asyncio.CancelledError):
        room.taken -= size
        raise
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    return body, _again(body, receive)


async def throw_away(receive: Receive) -> None:
    """Read what is left of a body that nobody wants, for a while."""
    left = UNWANTED
    try:
        async with asyncio.timeout(UNWANTED_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
