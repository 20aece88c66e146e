"""Watches that nothing leaves this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def this_machine_only() -> Iterator[None]:
    """Refuse every connection and every look-up of a name beyond this machine; fail the test if one was tried."""
    tried: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            tried.append(f"{address[0]}:{address[1]}")
            raise OSError(f"this test lets nothing reach {address[0]}")
        connect(self, address)

    def guarded_look_up(host: Any, *given: Any, **named: Any) -> Any:
        if not _is_here(host):
            tried.append(str(host))
            raise socket.gaierror(f"this test lets nothing look up {host}")
        return look_up(host, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
    assert not tried, f"it tried to reach {', '.join(dict.fromkeys(tried))}"


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name is None or name in ("", "localhost", "::1") or str(name).startswith("127.")
