"""From a spec and a catalog to a configuration, with the generator that the spec names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmhub.cli.session import Session

if TYPE_CHECKING:
    from llmhub.catalog import Catalog
    from llmhub.records.selection import Assistance, Generation
    from llmhub.records.spec import HubSpec


def choose(session: Session, spec: HubSpec, catalog: Catalog) -> Generation:
    """Run the spec's generator over the catalog. It may use what a model answered before, but asks none.

    Raises:
        SelectionError: roles that no model satisfies.
        PluginError: the generator that the spec names is not to be had.
    """
    from llmhub.cli.assistance import kept_answers

    return choose_assisted(session, spec, catalog, kept_answers(session))


def choose_assisted(session: Session, spec: HubSpec, catalog: Catalog, assistance: Assistance | None) -> Generation:
    """`choose` with a generator that may ask a model, as *assistance* says."""
    from llmhub.generate.run import generate

    generation = generate(
        spec,
        catalog.models.values(),
        catalog.statistics,
        generators=session.host.generators(),
        scorers=session.host.scorers(),
        catalog_fingerprint=catalog.fingerprint,
        assistance=assistance,
    )
    session.report_failures()
    return generation
