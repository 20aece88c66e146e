"""`Workspace`: the files, the catalog and the ledger of one project, opened when first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.host import PluginHost
    from llmhub.records.config import HubConfig
    from llmhub.records.contributions import LedgerStore
    from llmhub.records.measurements import Measurements
    from llmhub.records.selection import Assistance
    from llmhub.records.spec import HubSpec
    from llmhub.records.spending import BudgetState
    from llmhub.workspace.proposal import Proposal


def _nothing(_text: str) -> None:
    return None


class Workspace:
    """The project that *start* lies in (the working directory unless given), for one environment.

    Args:
        start: a folder; the nearest spec and configuration from there upward are meant.
        env: the environment, else `LLMHUB_ENV`, else the spec's own.
        environ: the process's own environment variables unless given. A `.env` beside a file is read into them.
        host: the plugins; those installed unless given. Whoever uses a workspace reports their failures.
        tell: called with each warning, in words.
        progress: called with how far a longer work is.
    """

    def __init__(
        self,
        start: Path | None = None,
        *,
        env: str | None = None,
        environ: MutableMapping[str, str] | None = None,
        host: PluginHost | None = None,
        tell: Callable[[str], None] = _nothing,
        progress: Callable[[str], None] = _nothing,
    ) -> None:
        self.start = start or Path.cwd()
        self.environ: MutableMapping[str, str] = os.environ if environ is None else environ
        self.environment = env or self.environ.get("LLMHUB_ENV") or None
        self.tell = tell
        self.progress = progress
        if host is not None:
            self.host = host

    @cached_property
    def host(self) -> PluginHost:
        """The plugins that are used."""
        from llmhub.host import PluginHost

        return PluginHost.from_environment(self.environ)

    # --- the files --------------------------------------------------------------------------------------------------

    @property
    def spec_path(self) -> Path | None:
        """The nearest spec; `None` when there is none."""
        from llmhub.config.discover import SPEC_NAME, find_upward

        return find_upward(SPEC_NAME, self.start)

    @property
    def config_path(self) -> Path | None:
        """The nearest configuration of the environment in force; `None` when there is none."""
        from llmhub.config.discover import find_config
        from llmhub.errors import ConfigNotFoundError

        try:
            return find_config(self.start, self.environment)
        except ConfigNotFoundError:
            return None

    def needed_spec_path(self) -> Path:
        """The nearest spec.

        Raises:
            ConfigNotFoundError: there is none.
        """
        from llmhub.config.discover import SPEC_NAME
        from llmhub.errors import ConfigNotFoundError

        if self.spec_path is None:
            where = f"{self.start} or any folder above it"
            raise ConfigNotFoundError(SPEC_NAME, where, "`llmhub init` writes a first one.")
        return self.spec_path

    def spec(self) -> HubSpec:
        """The spec, for the environment in force.

        Raises:
            ConfigNotFoundError, InvalidFileError: no spec, or one with problems.
        """
        from llmhub.anyllm.providers import PROVIDER_NAMES
        from llmhub.config.load import load_spec

        path = self.needed_spec_path()
        self.load_env_file(path.parent)
        return load_spec(path, env=self.environment, known_providers=PROVIDER_NAMES)

    def spec_text(self) -> str:
        """The text of the spec, as it is on disk.

        Raises:
            ConfigNotFoundError, ConfigError: there is none, or it cannot be read.
        """
        from llmhub.config.files import read_text

        return read_text(self.needed_spec_path(), "`llmhub init` writes a first one.")

    def save_spec(self, before: str, after: str) -> None:
        """Put *after* in the place of the spec that read *before*, whole or not at all.

        Raises:
            ConfigNotFoundError: there is none.
            ConfigError: somebody else changed it meanwhile, or it may not be written.
        """
        from llmhub.config.files import replace_text

        replace_text(self.needed_spec_path(), before, after)

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
        """Read `.env` beside a file into `environ`; what is set already stays."""
        from llmhub.config.env_file import load_env_file

        load_env_file(folder, self.environ)

    # --- the catalog ------------------------------------------------------------------------------------------------

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
            progress=self.progress,
            **options,
        )
        for warning in catalog.warnings:
            self.tell(f"warning: {warning}")
        return catalog

    @property
    def catalog_environ(self) -> Mapping[str, str]:
        """The environment variables for whoever looks into the stored catalog, or those before it: they say where."""
        from llmhub.catalog.own import catalog_environ

        return catalog_environ(self.environ, self.start)

    @property
    def catalog_path(self) -> Path:
        """Where the stored catalog is, or would be. Whoever keeps a catalog in memory looks whether it was replaced."""
        from llmhub.config.paths import catalog_file

        return catalog_file(self.catalog_environ)

    def catalog_options(self) -> dict[str, Any]:
        """What the spec says of the catalog: `sources` and `price_ratio`; nothing where there is no spec.

        Raises:
            InvalidFileError: the spec has problems.
        """
        if self.spec_path is None:
            return {}
        stated = self.spec().catalog
        return {"sources": stated.sources, "price_ratio": stated.price_ratio}

    # --- the choice -------------------------------------------------------------------------------------------------

    def propose(
        self,
        spec: HubSpec | None = None,
        *,
        assistance: Assistance | None = None,
        catalog: Catalog | None = None,
        measurements: Measurements | None = None,
        strict: bool = False,
    ) -> Proposal:
        """What `llmhub generate` would write for the environment in force, from what is stored.

        *spec*, *catalog* and *measurements* stand in for those on disk; without *assistance* no model is asked.

        Raises:
            SelectionError: roles that no model satisfies.
            PluginError: the generator that the spec names is not to be had.
            InvalidFileError: the spec has problems, the present file cannot be read, or it pins a role and has
                problems; or `llmhub.measured.yaml` has.
        """
        from llmhub.workspace.proposal import propose

        return propose(
            self, spec=spec, assistance=assistance, catalog=catalog, measurements=measurements, strict=strict
        )

    def write(self, proposal: Proposal, before: str | None) -> None:
        """Write *proposal* where it belongs, if it would load again, and the schema that its first line names.

        *before* is the text that stood there when the change was shown; `None`: no file. What was measured for the
        proposal is written, too.

        Raises:
            InvalidFileError: what was kept of the present file has problems.
            ConfigError: somebody changed the file since *before* was read, or it may not be written.
        """
        from llmhub.workspace.proposal import write_proposal

        write_proposal(self, proposal, before)

    # --- money ------------------------------------------------------------------------------------------------------

    @contextmanager
    def ledger(self, config: HubConfig | None = None) -> Iterator[LedgerStore]:
        """The ledger that *config* (or the one on disk) names, open to be read.

        Raises:
            LedgerError: it keeps no record, or cannot be opened.
        """
        from llmhub.errors import LedgerError
        from llmhub.spend.opening import chosen_ledger, ledger_context

        config = config or self.config()
        ledger = chosen_ledger(self.host, config)
        if ledger is None:
            raise LedgerError(
                "no record of calls is kept here: llmhub.yaml says `ledger: none`, or no ledger is installed"
            )
        store = ledger.open(ledger_context(config, self.environ))
        try:
            yield store
        finally:
            store.close()

    def budgets(self, config: HubConfig | None = None) -> tuple[BudgetState, ...]:
        """How the budgets of *config* (or the one on disk) stand; empty where it has none.

        Raises:
            LedgerError: their counters cannot be reached.
        """
        from llmhub.spend.opening import open_account
        from llmhub.spend.pricing import no_catalog, only_equal_names

        account = open_account(self.host, config or self.config(), self.environ, no_catalog, only_equal_names)
        if account is None:
            return ()
        try:
            return tuple(account.states())
        finally:
            account.close()
