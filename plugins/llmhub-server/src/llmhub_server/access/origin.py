"""Which browsers may ask a server that needs no key. Pure.

A page of any site can make the browser of whoever looks at it send requests to 127.0.0.1. So a server without keys
answers only under names of this machine, since a stranger's name can be pointed here (DNS rebinding), and nothing that
a browser marks as coming from elsewhere. With keys neither matters: the page would need one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping

from llmhub_server.access.refusal import FOREIGN_HOST, FOREIGN_SITE
from llmhub_server.gateway.problem import Problem


def refusal(headers: Mapping[bytes, bytes], allowed: Collection[str]) -> Problem | None:
    """Why a request with these *headers* is turned away; `None` when it is not. *allowed* are origins that may ask."""
    host = headers.get(b"host", b"").decode("latin-1").strip().lower()
    if not is_this_machine(_name(host)):
        return FOREIGN_HOST
    origin = headers.get(b"origin")
    if origin is not None:
        stated = origin.decode("latin-1").strip().lower()
        return None if stated == f"http://{host}" or stated in allowed else FOREIGN_SITE
    if headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin"):
        return None
    return FOREIGN_SITE


def is_this_machine(name: str) -> bool:
    """Whether *name* can mean nothing but this machine.

    >>> [is_this_machine(name) for name in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "localhost.evil.example")]
    [True, True, True, False, False]
    """
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """A Host header without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host
