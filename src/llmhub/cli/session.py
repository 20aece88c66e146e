"""What every command works with: the project, the environment, and the rooms below, opened when first needed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmhub.workspace.workspace import Workspace

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.records.spec import HubSpec

__all__ = ["Session"]


class Session:
    """One run of the command line. A plain class, since `--help` makes one and attrs takes a while to import."""

    def __init__(
        self, *, project: Path | None = None, env: str | None = None, quiet: bool = False, verbose: bool = False
    ) -> None:
        self.workspace = Workspace(project, env=env, tell=self.say, progress=self.show_progress)
        self.quiet = quiet
        self.verbose = verbose

    @property
    def start(self) -> Path:
        """The folder from which files are looked for."""
        return self.workspace.start

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables."""
        return self.workspace.environ

    @property
    def environment(self) -> str | None:
        """The environment in force; `None`: the spec's own."""
        return self.workspace.environment

    @property
    def host(self) -> PluginHost:
        """The installed plugins."""
        return self.workspace.host

    @property
    def spec_path(self) -> Path | None:
        """The nearest spec from the project's folder upward."""
        return self.workspace.spec_path

    @property
    def config_path(self) -> Path | None:
        """The nearest configuration of the environment in force; `None` when there is none yet."""
        return self.workspace.config_path

    def spec(self) -> HubSpec:
        """As `Workspace.spec`."""
        return self.workspace.spec()

    def config(self) -> HubConfig:
        """As `Workspace.config`."""
        return self.workspace.config()

    def load_env_file(self, folder: Path) -> None:
        """As `Workspace.load_env_file`."""
        self.workspace.load_env_file(folder)

    def catalog(self) -> Catalog:
        """As `Workspace.catalog`; plugins that failed meanwhile are told of."""
        catalog = self.workspace.catalog()
        self.report_failures()
        return catalog

    def catalog_options(self) -> dict[str, Any]:
        """As `Workspace.catalog_options`."""
        return self.workspace.catalog_options()

    def stored_catalog(self) -> Catalog | None:
        """The catalog as stored, without fetching or building anything; `None` when there is none that can be read."""
        from llmhub.catalog.store import read_catalog
        from llmhub.errors import CatalogError

        try:
            return read_catalog(self.workspace.catalog_path)
        except CatalogError:
            return None

    def report_failures(self) -> None:
        """One line on stderr for each plugin that failed since the last report."""
        self.host.report(sys.stderr)

    def say(self, text: str) -> None:
        """Tell the user something beside the result; silent under --quiet, and never mixed into a pipe."""
        if not self.quiet:
            # In one piece: progress comes from several threads.
            sys.stderr.write(f"{text}\n")

    def show_progress(self, text: str) -> None:
        """Tell how far a longer work is; only on a terminal."""
        if sys.stderr.isatty():
            self.say(text)
