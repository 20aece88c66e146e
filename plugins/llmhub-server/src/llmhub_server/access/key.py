"""A key, without its secret."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from attrs import frozen

from llmhub_server.access.permission import USUAL, Permission
from llmhub_server.access.principal import Principal

LABEL = "key"
"""The label that calls made with a key carry; its value is the key's name."""

Window = Literal["hour", "day", "month", "total"]


@frozen(kw_only=True)
class AccessKey:
    """What a server knows of a key. Times are whole seconds since 1970, UTC.

    `key_id` stands in the key itself and finds it here; `digest` is the SHA-256 of its secret. `allows` is what may be
    asked for with it, `roles` which roles may be called. `budget` is in US dollars per `window`; `None`: no limit.
    """

    name: str
    key_id: str
    digest: bytes
    roles: tuple[str, ...]
    created_at: int
    allows: tuple[Permission, ...] = USUAL
    budget: Decimal | None = None
    window: Window = "month"
    expires_at: int | None = None
    revoked_at: int | None = None

    def state(self, now: float) -> Literal["active", "expired", "revoked"]:
        """Whether it opens the server at the time *now*."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and now >= self.expires_at else "active"

    @property
    def principal(self) -> Principal:
        """Who asks with this key."""
        return Principal(name=self.name, permissions=self.allows, roles=self.roles, labels={LABEL: self.name})
