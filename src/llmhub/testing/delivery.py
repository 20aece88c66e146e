"""Sending a reply, or failing to: the faults that are a matter of time and connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from llmhub.testing.counters import Connections, Peer
from llmhub.testing.faults import Fault
from llmhub.testing.wire import Reply

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_EVENTS: Final = ((b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache"))

_FLUSH: Final = 0.01
"""Seconds for what was sent to reach the client before its connection is reset under it."""


async def deliver(
    reply: Reply, fault: Fault, peer: Peer, connections: Connections, receive: Receive, send: Send
) -> None:
    """Send *reply* the way *fault* has it. Ends early when the client leaves."""
    if fault.kind == "hang" and await _client_left(receive, fault.seconds):
        return
    if fault.kind in ("cut", "reset") and fault.chunks == 0:
        await _break_off(fault, peer, connections, receive)
        return
    if reply.events is None and fault.kind not in ("slow", "pace", "cut", "reset"):
        body = reply.body if fault.kind != "bad-json" or reply.status != 200 else reply.body[: len(reply.body) // 2]
        head = [(b"content-type", reply.content_type), (b"content-length", b"%d" % len(body)), *reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": head})
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "http.response.start", "status": reply.status, "headers": _headers(reply)})
    if fault.kind == "slow" and await _client_left(receive, fault.seconds):
        return
    wait = fault.seconds if fault.kind == "pace" else 0.0
    limit = _limit(reply, fault)
    for number, chunk in enumerate(_chunks(reply, fault), start=1):
        if wait and await _client_left(receive, wait):
            return
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if number == limit:
            await _break_off(fault, peer, connections, receive)
            return
    await send({"type": "http.response.body", "body": b""})


def _headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    if reply.events is not None:
        return [*_EVENTS, *reply.headers]
    return [(b"content-type", reply.content_type), (b"content-length", b"%d" % len(reply.body)), *reply.headers]


def _limit(reply: Reply, fault: Fault) -> int | None:
    if fault.kind not in ("cut", "reset"):
        return None
    return 1 if reply.events is None else fault.chunks


def _chunks(reply: Reply, fault: Fault) -> Iterable[bytes]:
    if reply.events is None:
        middle = len(reply.body) // 2
        return (reply.body[:middle], reply.body[middle:])
    if fault.kind == "bad-json":
        return _spoiled(reply.events)
    return reply.events


def _spoiled(events: Iterable[bytes]) -> Iterable[bytes]:
    for number, event in enumerate(events):
        yield event if number else event.rstrip()[:-2] + b"\n\n"


async def _break_off(fault: Fault, peer: Peer, connections: Connections, receive: Receive) -> None:
    import asyncio

    if fault.kind == "reset":
        await asyncio.sleep(_FLUSH)
        connections.reset(peer)
    else:
        connections.close(peer)
    # Until the loss is known here, an unfinished answer would be an error to the server that runs this application.
    await _client_left(receive, 5.0)


async def _client_left(receive: Receive, seconds: float) -> bool:
    """Wait so long, or until the client closes its connection; say whether it did."""
    import asyncio

    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
