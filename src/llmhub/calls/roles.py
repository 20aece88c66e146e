"""The roles of one configuration, each resolved once."""

from __future__ import annotations

from llmhub.records.calls import ResolvedRole
from llmhub.records.config import HubConfig


class Roles:
    """Role names to targets and policies, under `config`. Safe from any thread."""

    def __init__(self, config: HubConfig) -> None:
        self.config = config
        self._resolved: dict[str, ResolvedRole] = {}

    def resolve(self, role: str) -> ResolvedRole:
        """The targets that serve *role* and the policy around them.

        Raises:
            UnknownRoleError: there is neither the role nor `defaults`; names the nearest role.
        """
        try:
            return self._resolved[role]
        except KeyError:
            from llmhub.calls.resolve import resolve

            resolved = resolve(self.config, role)
            # Names that only `defaults` serve come from the caller, and there may be any number of them.
            return resolved if resolved.from_defaults else self._resolved.setdefault(role, resolved)
