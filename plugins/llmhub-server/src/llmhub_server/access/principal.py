"""Who asks: found in a request's scope under `llmhub.principal`."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from attrs import field, frozen

from llmhub_server.access.permission import PERMISSIONS, Permission

SCOPE = "llmhub.principal"
"""Where a request's scope has its `Principal`."""


@frozen(kw_only=True)
class Principal:
    """The holder of the key `name`, or, without one, anybody on this machine.

    `permissions` are what may be asked for, `roles` names or globs of those that may be called. `labels` are put on
    every call, over those of the request: ledger and budgets tell keys apart by them.
    """

    name: str | None = None
    permissions: tuple[Permission, ...] = PERMISSIONS
    roles: tuple[str, ...] = ("*",)
    labels: Mapping[str, str] = field(factory=dict)

    def may_use(self, role: str) -> bool:
        """Whether calls of *role* are allowed."""
        return any(fnmatchcase(role, pattern) for pattern in self.roles)


ANYBODY = Principal()
"""Who asks a server that needs no key."""
