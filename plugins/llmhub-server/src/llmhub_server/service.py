"""What the parts of a server share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from llmhub_server.settings import Settings

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.workspace import Workspace
    from llmhub_server.access.ring import KeyRing


@frozen(kw_only=True, eq=False)
class Service:
    """One worker's: the hub that makes the calls, the project it is for, and how the server is asked to be.

    `ring` tells who asks; without one anybody may, which is for programs that have the application to themselves.
    """

    hub: Hub
    workspace: Workspace
    settings: Settings
    ring: KeyRing | None = None


def serving_hub(config: HubConfig | Mapping[str, Any], plugins: PluginHost) -> Hub:
    """A hub that tells the requests behind its calls what came of them: the headers of responses are made of it."""
    from llmhub import Hub
    from llmhub_server.gateway import witness

    plugins.register(witness, witness.PLUGIN_NAME, "call")
    return Hub(config=config, plugins=plugins)
