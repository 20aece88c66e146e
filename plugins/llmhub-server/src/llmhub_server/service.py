"""What the parts of a server share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from llmhub_server.settings import Settings

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.workspace import Workspace


@frozen(kw_only=True, eq=False)
class Service:
    """One worker's: the hub that makes the calls, the project it is for, and how the server is asked to be."""

    hub: Hub
    workspace: Workspace
    settings: Settings
