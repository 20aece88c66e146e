"""Tools over a project: its roles, and how one of them is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

from attrs import frozen
from mcp.server.mcpserver.exceptions import ToolError  # noqa: TID253 - imported by `llmhub mcp`, never at start-up
from pydantic import Field  # noqa: TID253

from llmhub_server.catalog_api.shelf import Shelf
from llmhub_server.mcp_server.refusing import refusing
from llmhub_server.mcp_server.results import ExplainedRole, Recommended, Role, Roles

if TYPE_CHECKING:
    from llmhub.records.config import HubConfig, RoleConfig
    from llmhub.workspace import Workspace

SHOWN = 6


@frozen(eq=False)
class RoleTools:
    """The tools, over one project."""

    shelf: Shelf
    workspace: Workspace

    def list_roles(self) -> Roles:
        """The roles that this project's programs call, and the model that serves each."""
        with refusing():
            config = self.workspace.config()
        return {
            "project": config.project,
            "environment": config.env,
            "roles": [_told(name, role) for name, role in config.roles.items()],
        }

    def explain_role(self, role: Annotated[str, Field(description="The name of a role.")]) -> ExplainedRole:
        """Why a role is served by its model: the candidates with their scores, and why others lost, as of now."""
        from llmhub_server.catalog_api.credit import credited, heading
        from llmhub_server.catalog_api.recommendation import plain_selection

        with refusing():
            config = self._config()
            spec = self.workspace.spec() if self.workspace.spec_path is not None else None
            known = [*(spec.roles if spec else ()), *(config.roles if config else ())]
            if role not in known:
                raise ToolError(_unknown(role, known))
            configured = _told(role, config.roles[role]) if config and role in config.roles else None
            if spec is None or role not in spec.roles:
                note = "There is no spec that asks for this role: llmhub.yaml alone says what serves it."
                return _undecided(configured, note)
            kept = self.shelf.current()
            proposal = self.workspace.propose(catalog=kept.catalog)
        selection = next((one for one in proposal.generation.selections if one.need.role == role), None)
        if selection is None:
            return _undecided(configured, "It is pinned in llmhub.yaml, so nothing is decided for it.")
        told = [selection.chosen, *(one.model for one in selection.ranked[:SHOWN])]
        decision: Any = {
            "catalog": heading(kept.catalog),
            "providers": list(selection.need.providers),
            "providers_from": "project",
            **plain_selection(selection, SHOWN),
            "warnings": list(proposal.generation.warnings),
            "attribution": credited(kept.catalog, told),
        }
        chosen = selection.chosen.canonical_id
        return {
            "configured": configured,
            "would_choose": chosen,
            "unchanged": None if configured is None else configured["model"] == chosen,
            "note": "" if configured else "llmhub.yaml has no such role yet: `llmhub generate` writes it.",
            "decision": cast(Recommended, decision),
        }

    def _config(self) -> HubConfig | None:
        return self.workspace.config() if self.workspace.config_path is not None else None


def _told(name: str, role: RoleConfig) -> Role:
    return {
        "role": name,
        "mode": role.mode,
        "model": f"{role.provider}:{role.model}",
        "fallbacks": [f"{one.provider or role.provider}:{one.model or role.model}" for one in role.fallbacks],
        "variants": [f"{one.provider or role.provider}:{one.model or role.model}" for one in role.variants],
        "reason": role.reason,
    }


def _undecided(configured: Role | None, note: str) -> ExplainedRole:
    return {"configured": configured, "would_choose": None, "unchanged": None, "note": note, "decision": None}


def _unknown(role: str, known: list[str]) -> str:
    from llmhub.errors import nearest

    close = nearest(role, known)
    meant = f" Did you mean {close!r}?" if close else ""
    return f"no role {role!r}.{meant} There are: {', '.join(dict.fromkeys(known)) or 'none'}."
