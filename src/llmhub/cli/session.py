"""What every command works with: the project, the environment, and the rooms below, opened when first needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.records.spec import HubSpec


class Session:
    """One run of the command line. A plain class, since `--help` makes one and attrs takes a while to import."""

    def __init__(
        self, *, project: Path | None = None, env: str | None = None, quiet: bool = False, verbose: bool = False
    ) -> None:
        self.start = project or Path.cwd()
        self.environ: Mapping[str, str] = os.environ
        self.environment = env or self.environ.get("LLMHUB_ENV") or None
        self.quiet = quiet
        self.verbose = verbose

    @cached_property
    def host(self) -> PluginHost:
        from llmhub.host import PluginHost

        return PluginHost.from_environment(self.environ)

    @cached_property
    def spec_path(self) -> Path | None:
        """The nearest spec from the project's folder upward."""
        from llmhub.config.discover import SPEC_NAME, find_upward

        return find_upward(SPEC_NAME, self.start)

    @cached_property
    def config_path(self) -> Path | None:
        """The nearest configuration of the environment in force; `None` when there is none yet."""
        from llmhub.config.discover import find_config
        from llmhub.errors import ConfigNotFoundError

        try:
            return find_config(self.start, self.environment)
        except ConfigNotFoundError:
            return None

    def spec(self) -> HubSpec:
        """The spec, for the environment in force.

        Raises:
            ConfigNotFoundError, InvalidFileError: no spec, or one with problems.
        """
        from llmhub.anyllm.providers import PROVIDER_NAMES
        from llmhub.config.discover import SPEC_NAME
        from llmhub.config.load import load_spec
        from llmhub.errors import ConfigNotFoundError

        if self.spec_path is None:
            where = f"{self.start} or any folder above it"
            raise ConfigNotFoundError(SPEC_NAME, where, "`llmhub init` writes a first one.")
        self.load_env_file(self.spec_path.parent)
        return load_spec(self.spec_path, env=self.environment, known_providers=PROVIDER_NAMES)

    def config(self) -> HubConfig:
        """The configuration of the environment in force.

        Raises:
            ConfigNotFoundError, InvalidFileError: none, or one with problems.
        """
        from llmhub.anyllm.providers import PROVIDER_NAMES
        from llmhub.config.discover import find_config
        from llmhub.config.load import load_config

        path = find_config(self.start, self.environment)
        self.load_env_file(path.parent)
        return load_config(path, known_providers=PROVIDER_NAMES)

    def load_env_file(self, folder: Path) -> None:
        """Read `.env` beside a file into the environment; what is set already stays."""
        from llmhub.config.env_file import load_env_file

        load_env_file(folder, os.environ)

    def catalog(self) -> Catalog:
        """The stored catalog, or one built from what can be reached. A stale one serves while a refresh begins.

        Raises:
            NoCatalogError: nothing stored, nothing reachable, no snapshot.
        """
        from llmhub.catalog import load_catalog
        from llmhub.errors import ConfigError

        try:
            options = self.catalog_options()
        except ConfigError:
            options = {}  # looking at the catalog needs no spec; whoever needs one is told what is wrong with it
        catalog = load_catalog(
            self.environ,
            self.host,
            when_stale="refresh",
            working_dir=self.start,
            progress=self.show_progress,
            **options,
        )
        self.report_failures()
        for warning in catalog.warnings:
            self.say(f"warning: {warning}")
        return catalog

    def catalog_options(self) -> dict[str, Any]:
        """What the spec says of the catalog: `sources` and `price_ratio`; nothing where there is no spec.

        Raises:
            InvalidFileError: the spec has problems.
        """
        if self.spec_path is None:
            return {}
        stated = self.spec().catalog
        return {"sources": stated.sources, "price_ratio": stated.price_ratio}

    def stored_catalog(self) -> Catalog | None:
        """The catalog as stored, without fetching or building anything; `None` when there is none that can be read."""
        from llmhub.catalog.store import read_catalog
        from llmhub.config.paths import catalog_file
        from llmhub.errors import CatalogError

        try:
            return read_catalog(catalog_file(self.environ))
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
