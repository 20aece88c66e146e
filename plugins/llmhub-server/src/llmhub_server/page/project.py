"""The project that the page shows."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from llmhub.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from llmhub.host import PluginHost
    from llmhub_server.page.gateways import Gateway
    from llmhub_server.page.shown_catalog import ShownCatalog


class OpenProject:
    """The project that *start* lies in, for the environment *env*, with the plugins of *host*.

    *gateways* run elsewhere and are asked how they do. *tell* is called with each warning, *progress* with how far a
    longer work is. Its files may change while the page is open: each visit has a workspace of its own. Safe from any
    thread.
    """

    def __init__(
        self,
        start: Path,
        *,
        env: str | None,
        host: PluginHost,
        gateways: Sequence[Gateway] = (),
        tell: Callable[[str], None] = lambda _: None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._start, self._env, self._host = start, env, host
        self.gateways = tuple(gateways)
        self._tell, self._progress = tell, progress
        self._lock = threading.Lock()
        self._catalog: tuple[object, ShownCatalog] | None = None

    def workspace(self) -> Workspace:
        """The project's files as they are now."""
        return Workspace(self._start, env=self._env, host=self._host, tell=self._tell, progress=self._progress)

    def catalog(self) -> ShownCatalog:
        """The stored catalog, read again only when its file has changed.

        Raises:
            NoCatalogError: nothing is stored, and none can be built.
        """
        from llmhub_server.page.shown_catalog import ShownCatalog

        with self._lock:
            stamp = self._stamp()  # before it is read: what is written meanwhile is read the next time
            if self._catalog is None or self._catalog[0] != stamp:
                found = ShownCatalog(self.workspace().catalog())
                self._catalog = (stamp or self._stamp(), found)
            return self._catalog[1]

    def _stamp(self) -> object:
        try:
            status = self.workspace().catalog_path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
