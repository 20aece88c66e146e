"""any-llm clients, made once and used again.

A client holds connections, and connections belong to one event loop of one process. So clients are kept per loop, and
within a loop per endpoint and key. Making one costs about 20 ms, nearly all of it for loading certificates: clients
over different loops share that TLS context.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from attrs import define, field

from llmhub.anyllm import arrival
from llmhub.anyllm.discretion import keep_discreet
from llmhub.anyllm.endpoints import Endpoint, fingerprint

if TYPE_CHECKING:
    import asyncio
    import ssl

    from any_llm import AnyLLM

__all__ = ["import_any_llm"]


KEEP_ALIVE_SECONDS = 30.0
"""How long an idle connection is kept. The SDKs' 5 s would cost every caller with a few calls a minute a TLS handshake
for each; a connection that the provider closed meanwhile is noticed before it is used."""

CONNECT_SECONDS = 15.0
"""How long a connection may take to come about. After the SDKs' 5 s a process with more threads than processors, whose
handshakes wait for their turn, would take a sound provider for a dead one."""


class ClientPool:
    """Hands out the client for an endpoint on the running event loop.

    Clients close by themselves when their loop shuts down, as `asyncio.run` and `asyncio.Runner` do it; for a loop run
    by hand there is `close_here`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopClients] = WeakKeyDictionary()
        self._tls = _SharedTls()
        self._inherited: list[Any] = []

    def at_hand(self, loop: asyncio.AbstractEventLoop, endpoint: Endpoint, key: str | None) -> AnyLLM | None:
        """The client for *endpoint* with *key* on *loop*, if there is one already: the way of nearly every call."""
        here = self._by_loop.get(loop)
        return None if here is None else here.clients.get((endpoint, fingerprint(key)))

    async def get(self, loop: asyncio.AbstractEventLoop, endpoint: Endpoint, key: str | None) -> AnyLLM:
        """The client for *endpoint* with *key* on *loop*, which must be the running one.

        Raises:
            ImportError: the provider's package is not installed.
        """
        here = self._by_loop.get(loop)
        if here is None:
            here = await self._begin(loop)
        slot = (endpoint, fingerprint(key))
        if slot not in here.clients:
            here.clients[slot] = _make(endpoint, key, self._tls)
        return here.clients[slot]

    async def close_here(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close the clients of *loop*, which must be the running one."""
        with self._lock:
            here = self._by_loop.pop(loop, None)
        if here is not None and here.farewell is not None:
            await here.farewell.aclose()

    def forget_inherited(self) -> None:
        """Let go of what a parent process had open, without touching its connections.

        The objects are kept on purpose: collecting them would close what the parent still uses.
        """
        self._inherited.append(list(self._by_loop.items()))
        self._lock = threading.Lock()
        self._by_loop = WeakKeyDictionary()

    async def _begin(self, loop: asyncio.AbstractEventLoop) -> _LoopClients:
        here = _LoopClients()
        with self._lock:
            # A client refers to its loop, so an entry never dies by itself once its loop was closed without a farewell.
            for closed in [other for other in self._by_loop if other.is_closed()]:
                del self._by_loop[closed]
            self._by_loop[loop] = here
        here.farewell = _farewell(here)
        await anext(here.farewell)
        return here


@define(eq=False)
class _LoopClients:
    clients: dict[tuple[Endpoint, int], AnyLLM] = field(factory=dict)
    farewell: AsyncGenerator[None, None] | None = None


async def _farewell(here: _LoopClients) -> AsyncGenerator[None, None]:
    """Closes the clients when its loop shuts down: a loop closes the async generators begun on it before itself."""
    try:
        yield
    finally:
        for client in here.clients.values():
            inner = getattr(client, "client", None)
            close = getattr(inner, "close", None) or getattr(inner, "aclose", None) or _leave(inner)
            if close is None:
                continue
            with contextlib.suppress(Exception):
                closing = close()
                if inspect.isawaitable(closing):
                    await closing
        here.clients.clear()


def _leave(client: Any) -> Callable[[], Any] | None:
    """The end of a client that can only be left, as cohere's: an `async with` without `close`."""
    leave = getattr(client, "__aexit__", None)
    return None if leave is None else functools.partial(leave, None, None, None)


def _make(endpoint: Endpoint, key: str | None, tls: _SharedTls) -> AnyLLM:
    import os

    from any_llm import AnyLLM

    keep_discreet(os.environ)
    arguments = endpoint.constructor_arguments(os.environ)
    if endpoint.takes_a_client:
        arguments = {**tls.http_client(endpoint), **arguments}
    if endpoint.any_llm_provider is None:
        base = arguments.pop("api_base")
        return AnyLLM.create_openai_compatible(
            endpoint.provider, base, key, unified_exceptions=True, max_retries=0, **arguments
        )
    provider_class = AnyLLM.get_provider_class(endpoint.any_llm_provider)
    # Retrying is the plan's business. SDKs that cannot be told so raise when asked.
    if provider_class.MAX_RETRIES_SUPPORT != "unsupported":
        arguments["max_retries"] = 0
    return AnyLLM.create(endpoint.any_llm_provider, key, unified_exceptions=True, **arguments)


class _SharedTls:
    """One TLS context per HTTP library, lent to every client of the SDKs that let us hand in an HTTP client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def http_client(self, endpoint: Endpoint) -> dict[str, Any]:
        """Constructor arguments: an HTTP client with the shared TLS context, and how long it waits."""
        import importlib

        wire = endpoint.facts.wire

        # Their own default client class keeps the SDK's timeouts and the size of its pool as they are.
        sdk = importlib.import_module(wire)
        client_class, limits = sdk.DefaultAsyncHttpxClient, sdk.DEFAULT_CONNECTION_LIMITS
        # The HTTP library behind it has changed once already (httpx, httpx2); contexts follow the one in use.
        library = next(cls.__module__.partition(".")[0] for cls in client_class.__mro__ if "httpx" in cls.__module__)
        with self._lock:
            context = self._contexts.get(library)
            if context is None:
                context = self._contexts[library] = importlib.import_module(library).create_ssl_context()
        patient = type(limits)(
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
        )
        usual = sdk.DEFAULT_TIMEOUT
        waits = type(usual)(connect=CONNECT_SECONDS, read=usual.read, write=usual.write, pool=usual.pool)
        hooks = {"response": [arrival.tell]}
        return {"http_client": client_class(verify=context, limits=patient, event_hooks=hooks), "timeout": waits}


def import_any_llm() -> None:
    """Pay for the import of any_llm (about a second, once per process) at a moment of the caller's choosing."""
    import any_llm  # noqa: F401
