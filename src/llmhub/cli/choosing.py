"""From a spec and a catalog to what `llmhub generate` would write, with the generator that the spec names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from llmhub.cli.measuring import stored_measurements
from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.generate.pins import Pins
    from llmhub.generate.present import PresentFile
    from llmhub.records.measurements import Measurements
    from llmhub.records.selection import Assistance, Generation
    from llmhub.records.spec import HubSpec

OLD_DAYS = 30
"""From this age on a catalog is warned of: models are renamed, repriced and withdrawn by the week."""


@frozen(kw_only=True)
class Proposal:
    """What a generation gives for one file: its `text`, and the plain `values` that the text says."""

    spec: HubSpec
    path: Path
    present: PresentFile | None = field(repr=False)
    catalog: Catalog = field(repr=False)
    measurements: Measurements | None = field(repr=False)
    generation: Generation = field(repr=False)
    text: str = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)


def propose(
    session: Session,
    assistance: Assistance | None,
    *,
    spec: HubSpec | None = None,
    catalog: Catalog | None = None,
    measurements: Measurements | None = None,
    strict: bool = False,
) -> Proposal:
    """What `llmhub generate` would write for the environment in force, from what is stored; *spec*, *catalog* and
    *measurements* where they were read.

    Raises:
        SelectionError: roles that no model satisfies.
        PluginError: the generator that the spec names is not to be had.
        InvalidFileError: the spec has problems, the present file cannot be read, or it pins a role and has problems; or
            `llmhub.measured.yaml` has.
    """
    from llmhub.config.converter import unstructure
    from llmhub.generate.carry import carry
    from llmhub.generate.emit import render_values

    spec = spec or session.spec()
    path = config_file(session)
    present = present_file(path)
    catalog = catalog_to_choose_from(session, catalog)
    measured = measurements or stored_measurements(session)
    generation = choose(
        session,
        spec,
        catalog,
        assistance,
        pins=pins_in(present, path),
        measurements=measured,
        strict=strict,
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
    session: Session,
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
        SelectionError, PluginError: as `propose` says.
    """
    from llmhub.generate.run import generate

    generation = generate(
        spec,
        catalog.models.values(),
        catalog.statistics,
        generators=session.host.generators(),
        scorers=session.host.scorers(),
        catalog_fingerprint=catalog.fingerprint,
        assistance=assistance,
        pins=pins,
        measurements=measurements,
        strict=strict,
    )
    session.report_failures()
    return generation


def config_file(session: Session) -> Path:
    """Where the configuration of the environment in force belongs, beside the spec.

    Raises:
        ConfigNotFoundError: there is no spec.
    """
    from llmhub.config.discover import Project
    from llmhub.config.environments import own_environment
    from llmhub.config.files import read_text
    from llmhub.config.yaml import read_document

    if session.spec_path is None:
        session.spec()
    assert session.spec_path is not None
    project = Project(directory=session.spec_path.parent)
    if session.environment is None:
        return project.config_path()
    document = read_document(read_text(session.spec_path, ""), session.spec_path.name)
    return project.config_path(session.environment, own_environment(document))


def present_file(path: Path) -> PresentFile | None:
    """The file at *path* as it stands; `None` when there is none, or nothing in it."""
    from llmhub.config.files import read_text
    from llmhub.generate.present import read_present

    return read_present(read_text(path, ""), path.name) if path.exists() else None


def catalog_to_choose_from(session: Session, catalog: Catalog | None = None) -> Catalog:
    """*catalog*, or that of this machine, with a warning when it is old.

    Raises:
        CatalogError: it knows no model.
    """
    catalog = session.catalog() if catalog is None else catalog
    refuse_empty(catalog)
    warn_of_age(session, catalog)
    return catalog


def refuse_empty(catalog: Catalog) -> None:
    """Raises `CatalogError` for a catalog of no models: no role could say what to relax."""
    from llmhub.errors import CatalogError

    if not len(catalog):
        raise CatalogError(
            "the catalog is empty: it knows no model to choose from. `llmhub catalog refresh` fetches facts, "
            "`llmhub catalog sources` says what became of each source."
        )


def warn_of_age(session: Session, catalog: Catalog) -> None:
    """Tell when the catalog is older than 30 days, and what to do."""
    days = catalog.age(datetime.now(UTC)).days if catalog.built_at else 0
    if days > OLD_DAYS:
        session.say(
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
