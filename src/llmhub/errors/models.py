"""Errors of the catalog, and of choosing from it."""

from __future__ import annotations

from llmhub.errors.base import HubError


class CatalogError(HubError):
    """The catalog could not be built, read or written."""


class NoCatalogError(CatalogError):
    """No source gave a model and nothing is stored from before."""

    exit_code = 3


class SourceError(CatalogError):
    """One source could not be read, or what it gave makes no sense."""

    exit_code = 3

    def __init__(self, source: str, reason: str) -> None:
        self.source, self.reason = source, reason
        super().__init__(f"{source}: {reason}")


class SelectionError(HubError):
    """No model satisfies a role; the message says what stood in the way and what to relax."""

    def __init__(self, role: str, reason: str) -> None:
        self.role, self.reason = role, reason
        super().__init__(f"role {role!r}: {reason}")
