"""How a server is asked to be."""

from __future__ import annotations

from attrs import frozen

MIB = 1024 * 1024


@frozen(kw_only=True)
class Settings:
    """Where to listen, and what to bear.

    `max_body` is in bytes; `max_calls` are at work at once in one worker, further ones are refused with 503.
    `max_bodies`: bytes of the bodies of all requests that one worker has at once. `max_connections` are open at once in
    one worker. `serve_defaults`: a model that is no role is served by the file's `defaults`, instead of refused.
    `models` may be asked for by their own names, `provider:model`, beside the roles.
    `cors_origins` are those of web pages that may ask. `reload`: changes of the files come into force by
    themselves; those of keys always do.

    Seconds: `drain` that calls under way may take after the server was told to end; `head_timeout` and `body_timeout`
    for a request to arrive; `read_timeout` that a client may take nothing of its answer; `keep_alive` that an idle
    connection is kept.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    max_body: int = 16 * MIB
    max_bodies: int = 256 * MIB
    max_calls: int = 1000
    max_connections: int = 4000
    serve_defaults: bool = False
    models: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    reload: bool = True
    access_log: bool = False
    drain: float = 30.0
    head_timeout: float = 10.0
    body_timeout: float = 60.0
    read_timeout: float = 60.0
    keep_alive: float = 75.0
