"""The socket that a server listens on, shared by all its workers."""

from __future__ import annotations

import socket
import sys

from llmhub.errors import HubError

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    One socket for all workers, and not one each with SO_REUSEPORT: the kernel deals connections out to the sockets
    there are, and those that wait at a worker which ends would be reset.

    Raises:
        HubError: the address is taken, not of this machine, or none.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise HubError(f"--host {host!r} is no address of this machine. 127.0.0.1 is for programs here.") from None
    # The protocol is named because asyncio sets TCP_NODELAY only on sockets that name it.
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise HubError(f"cannot listen on {host} port {port}: {reason}. `--port 0` takes a free port.") from error
    listener.settimeout(0)
    return listener


def address_of(listener: socket.socket) -> str:
    """Its origin, `http://HOST:PORT`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_room_for_connections() -> None:
    """Allow this process as many open files as it may have: the usual 1,024 are too few for 1,000 calls."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections(asked: int) -> int:
    """*asked*, or as many connections as fit into the files a process may open: each may need one to a provider."""
    if sys.platform == "win32":
        return asked
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return asked if soft == resource.RLIM_INFINITY else max(16, min(asked, (soft - 200) // 2))
