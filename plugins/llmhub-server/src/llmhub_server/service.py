"""What the parts of a server share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from llmhub_server.observation.calls import PLUGIN_NAME as METERS
from llmhub_server.observation.state import State
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
    `state` is what the worker tells of itself; of calls only what a hub does that was made with it.
    """

    hub: Hub
    workspace: Workspace
    settings: Settings
    ring: KeyRing | None = None
    state: State = field(factory=State)


def keep_to_catalog(workspace: Workspace) -> None:
    """Have the hubs of this process price by the catalog of *workspace*, wherever the process was started."""
    from llmhub.config.paths import CATALOG_VARIABLE

    if place := workspace.catalog_environ.get(CATALOG_VARIABLE):
        os.environ[CATALOG_VARIABLE] = place


def serving_hub(config: HubConfig | Mapping[str, Any], plugins: PluginHost, state: State | None = None) -> Hub:
    """A hub that tells the requests behind its calls what came of them: the headers of responses are made of it.

    Its calls are counted in *state*, where there is one.
    """
    from llmhub import Hub
    from llmhub_server.gateway import witness

    plugins.register(witness, witness.PLUGIN_NAME, "call")
    if state is not None:
        plugins.register(state.calls, METERS, "call")
    hub = Hub(config=config, plugins=plugins)
    if state is not None:
        state.calls.hub = hub
    return hub
