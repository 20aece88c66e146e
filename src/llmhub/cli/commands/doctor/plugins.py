"""Plugins that could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from llmhub.records.contributions import Finding

if TYPE_CHECKING:
    from llmhub.host import PluginHost


def check(host: PluginHost) -> Iterator[Finding]:
    """Every failure of every installed plugin; all of them are loaded for it."""
    host.load_all()
    found = host.plugins()
    failures = [failure for plugin in found for failure in plugin.failures]
    for failure in failures:
        yield Finding(
            check="plugins",
            severity="warning",
            message=f"plugin {failure.plugin!r} ({failure.distribution}) failed at {failure.phase}: {failure.error}",
            remedy=f"`llmhub plugins show {failure.plugin}` has the traceback.",
        )
    if not failures:
        yield Finding(check="plugins", severity="ok", message=f"{len(found)} plugins, none failed")
