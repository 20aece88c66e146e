"""What `llmhub generate` would choose for a text, role by role, and what that changes. Pure, but for the asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from llmhub.errors import SelectionError

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.generate.changes import RoleChange
    from llmhub.generate.effects import Effect
    from llmhub.records.selection import Selection
    from llmhub.records.spec import HubSpec
    from llmhub.workspace import Proposal, Workspace

SHOWN = 5
"""So many candidates are shown of each role."""


@frozen(kw_only=True)
class RolePreview:
    """What one role would get. `selection` is `None` for a role that is pinned, and stays as it is.

    `change` is `None` where the file says the same already, `effect` where the model stays.
    """

    role: str
    model: str
    price_input: float | None
    price_output: float | None
    price_state: str
    fallbacks: tuple[str, ...]
    reason: str
    selection: Selection | None = field(default=None, repr=False)
    change: RoleChange | None = field(default=None, repr=False)
    effect: Effect | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Preview:
    """All roles in the order of the spec; `refused` are those that no model satisfies, each with what to relax.

    `gone` are roles of the present file that the spec has no more.
    """

    roles: tuple[RolePreview, ...]
    refused: Mapping[str, str]
    gone: tuple[RoleChange, ...]
    warnings: tuple[str, ...]

    @property
    def changed(self) -> tuple[RolePreview, ...]:
        """The roles that a call would notice."""
        return tuple(one for one in self.roles if one.change is not None and not one.change.only_reason)


def preview(workspace: Workspace, spec: HubSpec, catalog: Catalog) -> Preview:
    """What would be chosen for *spec*. Takes as long as a generation; asks no model.

    Raises:
        HubError: nothing can be chosen at all: no catalog, no such generator, a present file that cannot be read.
    """
    refused: dict[str, str] = {}
    asked = spec
    while True:
        try:
            return _preview(workspace.propose(asked, catalog=catalog), spec, refused)
        except SelectionError as error:
            if error.role not in asked.roles:
                raise
            # The others are shown all the same.
            refused[error.role] = error.reason
            asked = evolve(asked, roles={name: role for name, role in asked.roles.items() if name != error.role})
            if not asked.roles:
                return Preview(roles=(), refused=refused, gone=(), warnings=())


def _preview(proposal: Proposal, spec: HubSpec, refused: Mapping[str, str]) -> Preview:
    from llmhub.generate.changes import changes
    from llmhub.generate.effects import effects_of

    before = proposal.present.values if proposal.present else {}
    found = effects_of(changes(before, proposal.values), proposal.catalog.models, spec.catalog.price_ratio)
    by_role = {change.role: (change, effect) for change, effect in found}
    selections = {one.need.role: one for one in proposal.generation.selections}
    written: Mapping[str, Mapping[str, Any]] = proposal.values.get("roles") or {}
    return Preview(
        roles=tuple(
            _role(name, written[name], proposal, selections.get(name), by_role.get(name, (None, None)))
            for name in spec.roles
            if name in written and name not in refused
        ),
        refused=dict(refused),
        gone=tuple(change for change, _ in found if change.kind == "removed" and change.role not in refused),
        warnings=proposal.generation.warnings,
    )


def _role(
    name: str,
    written: Mapping[str, Any],
    proposal: Proposal,
    selection: Selection | None,
    differing: tuple[RoleChange | None, Effect | None],
) -> RolePreview:
    target = f"{written.get('provider')}:{written.get('model')}"
    model = proposal.catalog.models.get(target)
    fallbacks: Sequence[Mapping[str, Any]] = written.get("fallbacks") or ()
    return RolePreview(
        role=name,
        model=target,
        price_input=model.price_input_per_million if model else None,
        price_output=model.price_output_per_million if model else None,
        price_state=model.price_state if model else "unknown",
        fallbacks=tuple(f"{one.get('provider')}:{one.get('model')}" for one in fallbacks),
        reason=selection.reason if selection else str(written.get("reason") or ""),
        selection=selection,
        change=differing[0],
        effect=differing[1],
    )
