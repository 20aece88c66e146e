"""What `llmhub generate` would write, for commands: plugins that failed meanwhile are told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.measurements import Measurements
    from llmhub.records.selection import Assistance
    from llmhub.records.spec import HubSpec
    from llmhub.workspace import Proposal


def propose(
    session: Session,
    assistance: Assistance | None,
    *,
    spec: HubSpec | None = None,
    catalog: Catalog | None = None,
    measurements: Measurements | None = None,
    strict: bool = False,
) -> Proposal:
    """As `Workspace.propose`."""
    try:
        return session.workspace.propose(
            spec, assistance=assistance, catalog=catalog, measurements=measurements, strict=strict
        )
    finally:
        session.report_failures()
