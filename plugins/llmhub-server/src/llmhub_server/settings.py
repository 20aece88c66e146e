"""How a server is asked to be."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Settings:
    """Where to listen, and what to bear.

    `max_body` is in bytes; `max_calls` are at work at once in one worker, further ones are refused with 503.
    `serve_defaults`: a model that is no role is served by the file's `defaults`, instead of refused.
    `drain` is in seconds: so long calls under way may take after the server was told to end.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    max_body: int = 16 * 1024 * 1024
    max_calls: int = 1000
    drain: float = 30.0
    serve_defaults: bool = False
