"""From a spec and a catalog to what `llmhub generate` would write, with the generator that the spec names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.generate.pins import Pins
    from llmhub.generate.present import PresentFile
    from llmhub.records.measurements import Measurements
    from llmhub.records.selection import Assistance, Generation
    from llmhub.records.spec import HubSpec
    from llmhub.workspace.workspace import Workspace

__all__ = ["choose", "stored_measurements"]

OLD_CATALOG = 30
"""From so many days on a catalog is warned of: models are renamed, repriced and withdrawn by the week."""
OLD_MEASUREMENTS = 90


@frozen(kw_only=True)
class Proposal:
    """What a generation gives for one file: its `text`, and the plain `values` that the text says.

    `path` is where the file belongs, `present` what stands there now (`None`: nothing). `generation` has the
    configuration as a record, and how each role was decided.
    """

    spec: HubSpec
    path: Path
    present: PresentFile | None = field(repr=False)
    catalog: Catalog = field(repr=False)
    measurements: Measurements | None = field(repr=False)
    generation: Generation = field(repr=False)
    text: str = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)


def propose(
    workspace: Workspace,
    *,
    spec: HubSpec | None = None,
    assistance: Assistance | None = None,
    catalog: Catalog | None = None,
    measurements: Measurements | None = None,
    strict: bool = False,
) -> Proposal:
    """As `Workspace.propose` says."""
    from llmhub.config.converter import unstructure
    from llmhub.generate.carry import carry
    from llmhub.generate.emit import render_values

    spec = spec or workspace.spec()
    path = config_file(workspace)
    present = present_file(path)
    catalog = workspace.catalog() if catalog is None else catalog
    refuse_empty(catalog)
    warn_of_age(workspace, catalog)
    measured = measurements or stored_measurements(workspace)
    generation = choose(
        workspace, spec, catalog, assistance, pins=pins_in(present, path), measurements=measured, strict=strict
    )
    document: Mapping[str, Any] = unstructure(generation.config)
    values = carry(document, present.values) if present else document
    return Proposal(
        spec=spec,
        path=path,
        present=present,
        catalog=catalog,
        measurements=measured,
        generation=generation,
        text=render_values(values, present),
        values=values,
    )


def choose(
    workspace: Workspace,
    spec: HubSpec,
    catalog: Catalog,
    assistance: Assistance | None = None,
    *,
    pins: Pins | None = None,
    measurements: Measurements | None = None,
    strict: bool = False,
) -> Generation:
    """Run the spec's generator over the catalog, for all roles but those of *pins*; it asks as *assistance* allows.

    Raises:
        SelectionError, PluginError: as `Workspace.propose` says.
    """
    from llmhub.generate.run import generate

    return generate(
        spec,
        catalog.models.values(),
        catalog.statistics,
        generators=workspace.host.generators(),
        scorers=workspace.host.scorers(),
        catalog_fingerprint=catalog.fingerprint,
        assistance=assistance,
        pins=pins,
        measurements=measurements,
        strict=strict,
    )


def write_proposal(workspace: Workspace, proposal: Proposal, before: str | None) -> None:
    """As `Workspace.write` says."""
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import structure_config
    from llmhub.errors import InvalidFileError
    from llmhub.generate.write import write
    from llmhub.workspace.schemas import write_schemas

    try:
        structure_config(proposal.values, known_providers=PROVIDER_NAMES)
    except InvalidFileError as error:
        told = f"nothing written, {proposal.path.name} would be faulty by what is kept of it"
        raise InvalidFileError(told, error.problems) from error
    keep_measurements(workspace, proposal.measurements)
    write(proposal.path, before, proposal.text)
    write_schemas(proposal.path.parent)


def keep_measurements(workspace: Workspace, found: Measurements | None) -> None:
    """Write *found* to `llmhub.measured.yaml`, where it says another thing now."""
    from llmhub.generate.measured import render
    from llmhub.generate.write import present_text, write

    path = measured_file(workspace)
    if found is not None and write(path, present_text(path), render(found)):
        models = len(found.latency)
        workspace.tell(f"Wrote {path.name}: {models} model{'' if models == 1 else 's'} measured.")


def config_file(workspace: Workspace) -> Path:
    """Where the configuration of the environment in force belongs, beside the spec.

    Raises:
        ConfigNotFoundError: there is no spec.
    """
    from llmhub.config.discover import Project
    from llmhub.config.environments import own_environment
    from llmhub.config.files import read_text
    from llmhub.config.yaml import read_document

    spec_path = workspace.needed_spec_path()
    project = Project(directory=spec_path.parent)
    if workspace.environment is None:
        return project.config_path()
    document = read_document(read_text(spec_path, ""), spec_path.name)
    return project.config_path(workspace.environment, own_environment(document))


def present_file(path: Path) -> PresentFile | None:
    """The file at *path* as it stands; `None` when there is none, or nothing in it."""
    from llmhub.config.files import read_text
    from llmhub.generate.present import read_present

    return read_present(read_text(path, ""), path.name) if path.exists() else None


def measured_file(workspace: Workspace) -> Path:
    """Where the measurements of the project belong: beside the spec, whatever the environment.

    Raises:
        ConfigNotFoundError: there is no spec.
    """
    from llmhub.config.discover import Project

    return Project(directory=workspace.needed_spec_path().parent).measured_path


def stored_measurements(workspace: Workspace) -> Measurements | None:
    """What `llmhub.measured.yaml` beside the spec says; `None` where there is none. An old one is told of.

    Raises:
        InvalidFileError, ConfigError: it has problems, or cannot be read.
    """
    from llmhub.config.load import load_measurements

    path = measured_file(workspace)
    if not path.exists():
        return None
    found = load_measurements(path)
    age = (datetime.now(UTC).date() - date.fromisoformat(found.until)).days
    if age > OLD_MEASUREMENTS:
        workspace.tell(
            f"warning: {path.name} is {age} days old (to {found.until}): models may answer faster or slower by now. "
            "`llmhub generate --measure` renews it."
        )
    return found


def refuse_empty(catalog: Catalog) -> None:
    """Raises `CatalogError` for a catalog of no models: no role could say what to relax."""
    from llmhub.errors import CatalogError

    if not len(catalog):
        raise CatalogError(
            "the catalog is empty: it knows no model to choose from. `llmhub catalog refresh` fetches facts, "
            "`llmhub catalog sources` says what became of each source."
        )


def warn_of_age(workspace: Workspace, catalog: Catalog) -> None:
    """Tell when the catalog is older than 30 days, and what to do."""
    days = catalog.age(datetime.now(UTC)).days if catalog.built_at else 0
    if days > OLD_CATALOG:
        workspace.tell(
            f"warning: the catalog is {days} days old (built {catalog.built_at[:10]}): prices may have changed, models "
            "may have come and gone. `llmhub catalog refresh` fetches fresh facts."
        )


def pins_in(present: PresentFile | None, path: Path) -> Pins:
    """What the file at *path* pins.

    Raises:
        InvalidFileError: it pins something, and has problems.
    """
    from llmhub.anyllm.providers import PROVIDER_NAMES
    from llmhub.config.load import load_config
    from llmhub.generate.decided import is_pinned, pinned_roles
    from llmhub.generate.pins import Pins, pins_of

    if present is None or not (pinned_roles(present.values) or is_pinned(present.values.get("defaults"))):
        return Pins()
    return pins_of(load_config(path, known_providers=PROVIDER_NAMES))
