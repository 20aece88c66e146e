"""What the host knows of a plugin, and how one can fail."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

PluginKind = Literal["catalog", "generate", "call", "commands", "doctor"]
"""One kind per entry-point group `llmhub.<kind>`: a call never loads a catalog source."""

Phase = Literal["import", "register", "collect", "run", "call"]
"""Where a plugin failed: importing its module, registering its hooks, asking it for contributions, running one of
them, or a hook during a call."""

PluginStatus = Literal["available", "loaded", "failed", "disabled"]


@frozen(kw_only=True)
class PluginFailure:
    """One failure of one plugin, kept so that `llmhub plugins show NAME` can tell it in full.

    `remedy` is what the user can do; empty means what helps with any installed plugin.
    """

    plugin: str
    distribution: str
    phase: Phase
    error: str
    traceback: str = field(default="", repr=False)
    remedy: str = ""

    def __str__(self) -> str:
        remedy = self.remedy or (
            f"See `llmhub plugins show {self.plugin}`, or set LLMHUB_DISABLE_PLUGINS={self.plugin} to go without it."
        )
        stop = "" if self.error.endswith("?") else "."
        return (
            f"plugin {self.plugin!r} ({self.distribution}) failed to {_VERB[self.phase]}: {self.error}{stop} {remedy}"
        )


_VERB: dict[str, str] = {
    "import": "import",
    "register": "register",
    "collect": "say what it offers",
    "run": "run",
    "call": "handle a call",
}


@frozen(kw_only=True)
class PluginInfo:
    """One plugin as `llmhub plugins` lists it."""

    name: str
    distribution: str
    version: str
    module: str
    kinds: tuple[PluginKind, ...]
    status: PluginStatus
    failures: tuple[PluginFailure, ...] = ()
