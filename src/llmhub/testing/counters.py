"""What a provider server has seen: requests per path and model, the last of them in full, and TCP connections."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

if TYPE_CHECKING:
    import asyncio

Peer = tuple[str, int]

_SECRET_HEADERS: Final = frozenset(
    {b"authorization", b"proxy-authorization", b"x-api-key", b"api-key", b"x-goog-api-key", b"cookie"}
)


@frozen(kw_only=True)
class Counts:
    """Totals since the server started or was reset; `connections_open` is how many are open now."""

    requests: int
    by_path: Mapping[str, int]
    by_model: Mapping[str, int]
    connections_accepted: int
    connections_open: int


@frozen(kw_only=True)
class RecordedRequest:
    """One request as it came. Header names are in lower case; of a header with a key only a fingerprint is kept."""

    method: str
    path: str
    model: str | None
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Counters:
    """Counts requests and connections, and keeps the last *keep* requests."""

    def __init__(self, *, keep: int) -> None:
        self.connections = Connections()
        self._requests = 0
        self._by_path: dict[str, int] = {}
        self._by_model: dict[str, int] = {}
        self._recorded: deque[tuple[str, str, str | None, list[tuple[bytes, bytes]], bytes]] = deque(maxlen=keep)

    def count(
        self, method: str, path: str, model: str | None, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """Count one request. Called on the server's loop only."""
        self._requests += 1
        self._by_path[path] = self._by_path.get(path, 0) + 1
        if model is not None:
            self._by_model[model] = self._by_model.get(model, 0) + 1
        kept = [(name, fingerprint(value) if name in _SECRET_HEADERS else value) for name, value in headers]
        self._recorded.append((method, path, model, kept, body))

    def counts(self) -> Counts:
        return Counts(
            requests=self._requests,
            by_path=self._by_path.copy(),
            by_model=self._by_model.copy(),
            connections_accepted=self.connections.accepted,
            connections_open=self.connections.open,
        )

    def recorded(self) -> tuple[RecordedRequest, ...]:
        return tuple(
            RecordedRequest(
                method=method,
                path=path,
                model=model,
                headers={name.decode("latin-1"): value.decode("latin-1") for name, value in headers},
                body=body,
            )
            for method, path, model, headers, body in self._recorded.copy()
        )

    def reset(self) -> None:
        """Count from zero again; connections that are open stay open."""
        self._requests = 0
        self._by_path.clear()
        self._by_model.clear()
        self._recorded.clear()
        self.connections.accepted = 0


class Connections:
    """The TCP connections of one server, by the client's address. Used on the server's loop only."""

    def __init__(self) -> None:
        self.accepted = 0
        self._transports: dict[Peer, asyncio.Transport] = {}

    @property
    def open(self) -> int:
        return len(self._transports)

    def made(self, transport: asyncio.Transport) -> Peer | None:
        """Count a new connection and say by what it is known."""
        self.accepted += 1
        name = transport.get_extra_info("peername")
        if not name:  # gone before it was accepted
            return None
        peer: Peer = (name[0], name[1])
        self._transports[peer] = transport
        return peer

    def lost(self, peer: Peer | None) -> None:
        if peer is not None:
            self._transports.pop(peer, None)

    def close(self, peer: Peer) -> None:
        """Send what is buffered, then end the connection."""
        if transport := self._transports.get(peer):
            transport.close()

    def reset(self, peer: Peer) -> None:
        """Break the connection with a TCP reset."""
        import socket
        import struct

        if transport := self._transports.get(peer):
            # Closing with "linger for 0 seconds" is what makes the kernel send RST in place of FIN.
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()

    def abort_all(self) -> None:
        for transport in list(self._transports.values()):
            transport.abort()


def fingerprint(secret: bytes) -> bytes:
    """A short digest by which two requests with the same key can be told; not the key."""
    return b"sha256:" + hashlib.sha256(secret).hexdigest()[:12].encode()
