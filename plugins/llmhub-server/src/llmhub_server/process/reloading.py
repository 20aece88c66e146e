"""The configuration that a worker runs with, kept up with its files, its `.env` and the keys.

Files are looked at by their times and sizes once a second: it costs microseconds, and works where notices of changes do
not, on network drives and in containers. What has problems changes nothing, and is told in the log with every line.
"""

from __future__ import annotations

import asyncio  # noqa: TID253 - imported by the worker, never at start-up
import logging
import os
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from llmhub.config.env_file import NAME as ENV_FILE
from llmhub.config.env_file import load_env_file
from llmhub.errors import HubError
from llmhub_server.access.budgets import with_budgets
from llmhub_server.access.ring import KeyRing
from llmhub_server.access.store import KeyStore
from llmhub_server.named_models import with_models

if TYPE_CHECKING:
    from llmhub import Hub
    from llmhub.records.config import HubConfig
    from llmhub.workspace import Workspace

FILES_EVERY = 1.0
KEYS_EVERY = 0.25
"""Seconds between two looks. A key that is revoked has to stop working within a second."""

_LOG = logging.getLogger("llmhub.server")


class Reloading:
    """What a worker knows of its files, and its `ring` of keys; with *always* nobody may ask without one.

    *note* hears of each change that came into force ("ok") and of each that could not ("failed"). *models* are served
    beside the roles.

    Raises:
        HubError: the files have problems.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        always: bool,
        environ: MutableMapping[str, str] = os.environ,
        note: Callable[[str], None] = lambda _: None,
        models: Sequence[str] = (),
    ) -> None:
        self._workspace, self._environ, self._note = workspace, environ, note
        self._models = models
        self._from_file: dict[str, str] = {}
        self._path: Path | None = workspace.config_path
        self._mark = self._change_mark()
        self._read = self._files()
        self.ring = KeyRing(KeyStore.of(self._read.project, workspace.environ), always=always)
        # One look at a time: an earlier one that reads for longer would bring back what a later one has replaced.
        self._looking = asyncio.Lock()

    @property
    def config(self) -> HubConfig:
        """The configuration as the files and keys said at the last look."""
        return with_budgets(self._read, self.ring.keys)

    async def look_at_files(self, hub: Hub) -> None:
        """Bring into force what has changed in the files since the last look."""
        async with self._looking:
            mark = self._change_mark()
            if mark != self._mark:
                self._mark = mark
                await self._take_files(hub)

    async def look_at_keys(self, hub: Hub) -> None:
        """The same for the keys."""
        async with self._looking:
            await self._take_keys(hub)

    async def reload(self, hub: Hub) -> None:
        """Read everything again, and bring what it says into force, or leave all as it is."""
        async with self._looking:
            await self._take_keys(hub)
            await self._take_files(hub)

    async def _take_keys(self, hub: Hub) -> None:
        # On a thread: reading waits for whoever writes keys, and calls go on meanwhile.
        if self.ring.outdated and await asyncio.to_thread(self.ring.refresh):
            await self._bring_into_force(hub)

    async def _take_files(self, hub: Hub) -> None:
        path = self._path
        try:
            # On a thread: a thousand roles take half a second.
            fresh = None if path is None else await asyncio.to_thread(self._fresh_environment, path.parent)
            read = await asyncio.to_thread(self._files)
        except HubError as error:
            self._refuse(error)
            return
        if fresh is not None:
            self._apply(fresh)
        self._read = read
        await self._bring_into_force(hub)

    async def _bring_into_force(self, hub: Hub) -> None:
        config = self.config
        if config == hub.config:
            return
        try:
            await asyncio.to_thread(hub.reload, config)
        except HubError as error:
            self._refuse(error)
            return
        self._note("ok")
        _LOG.info("the configuration was read again: %d roles", len(config.roles))

    def _refuse(self, error: HubError) -> None:
        self._note("failed")
        _LOG.error("the configuration stays as it was: %s", error)

    def _files(self) -> HubConfig:
        """Read the files, and remember what `.env` added to the environment."""
        before = set(self._environ)
        try:
            return with_models(self._workspace.config(), self._models)
        finally:  # also where the other file has problems: `.env` is read before it
            self._from_file.update({name: value for name, value in self._environ.items() if name not in before})

    def _fresh_environment(self, folder: Path) -> dict[str, str]:
        """What `.env` says now, without what it said before."""
        base = {name: value for name, value in self._environ.items() if name not in self._from_file}
        added = load_env_file(folder, base)
        return {name: base[name] for name in added}

    def _apply(self, fresh: dict[str, str]) -> None:
        for name in self._from_file.keys() - fresh.keys():
            self._environ.pop(name, None)
        self._environ.update(fresh)
        self._from_file = fresh

    def _change_mark(self) -> object:
        path = self._path
        return None if path is None else (_mark(path), _mark(path.parent / ENV_FILE))


def _mark(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
