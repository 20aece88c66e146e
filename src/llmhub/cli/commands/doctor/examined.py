"""What there is to look at in a project, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from llmhub.cli.session import Session
from llmhub.errors import ConfigNotFoundError, HubError

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.config import HubConfig
    from llmhub.records.spec import HubSpec


@frozen(kw_only=True)
class Examined:
    """A project's files and the stored catalog, each `None` where there is none or it cannot be read.

    `faults` are the errors met in reading the files. `outside` is the environment before `.env` was read into it.
    """

    folder: Path
    spec_path: Path | None = None
    config_path: Path | None = None
    spec: HubSpec | None = field(default=None, repr=False)
    config: HubConfig | None = field(default=None, repr=False)
    catalog: Catalog | None = field(default=None, repr=False)
    faults: tuple[HubError, ...] = ()
    environ: Mapping[str, str] = field(repr=False)
    outside: Mapping[str, str] = field(repr=False)
    network: bool = False

    @property
    def env_path(self) -> Path:
        """The `.env` that is read beside the files; it need not exist."""
        return self.folder / ".env"


def look(session: Session, *, network: bool) -> Examined:
    """All that can be loaded of the session's project; what cannot is among `faults`."""
    outside = dict(session.environ)
    faults: list[HubError] = []
    config_path = _found(session, faults)
    spec = config = None
    if session.spec_path is not None:
        try:
            spec = session.spec()
        except HubError as fault:
            faults.append(fault)
    if config_path is not None:
        try:
            config = session.config()
        except HubError as fault:
            faults.append(fault)
    path = config_path or session.spec_path
    return Examined(
        folder=path.parent if path else session.start.absolute(),
        spec_path=session.spec_path,
        config_path=config_path,
        spec=spec,
        config=config,
        catalog=session.stored_catalog(),
        faults=tuple(faults),
        environ=dict(session.environ),
        outside=outside,
        network=network,
    )


def _found(session: Session, faults: list[HubError]) -> Path | None:
    from llmhub.config.discover import find_config

    try:
        return find_config(session.start, session.environment)
    except ConfigNotFoundError:
        return None
    except HubError as fault:
        faults.append(fault)
        return None
