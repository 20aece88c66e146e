"""Runs the generator that a spec names."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping

from attrs import evolve

from llmhub.errors import HubError, PluginLoadError, UnknownContributionError
from llmhub.generate.complete import complete
from llmhub.host.registry import Registry
from llmhub.records.contributions import Generator, Scorer
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.plugins import PluginFailure
from llmhub.records.selection import Assistance, GenerateRequest, Generation
from llmhub.records.spec import HubSpec

DEFAULT_GENERATOR = "heuristic"
"""The generator that others may build upon: `GenerateRequest.base`."""


def generate(
    spec: HubSpec,
    models: Iterable[CanonicalModel],
    statistics: CatalogStatistics,
    *,
    generators: Mapping[str, Generator],
    scorers: Mapping[str, Scorer],
    catalog_fingerprint: str,
    assistance: Assistance | None = None,
) -> Generation:
    """The configuration for *spec*, made from the *models* of a catalog by the generator that the spec names.

    The same spec, catalog and version of LLM Hub give the same configuration. *assistance* allows a generator to ask a
    model; without it none does.

    Raises:
        UnknownContributionError, PluginLoadError: no plugin offers that generator, or it failed.
        SelectionError: roles that no model satisfies, or that the generator left out.
    """
    generator = _picked(spec.generator, generators)
    default = generators.get(DEFAULT_GENERATOR) if spec.generator != DEFAULT_GENERATOR else None
    request = GenerateRequest(
        spec=spec,
        models=tuple(models),
        statistics=statistics,
        scorers=dict(scorers),
        base=default.generate if default else None,
        assistance=assistance,
    )
    try:
        generation = generator.generate(request)
    except HubError:
        raise
    except Exception as error:
        raise PluginLoadError([_failure(spec.generator, generators, error)]) from error
    return evolve(generation, config=complete(generation.config, spec, catalog_fingerprint))


def _picked(name: str, generators: Mapping[str, Generator]) -> Generator:
    if isinstance(generators, Registry):
        picked: Generator = generators.pick(name)
        return picked
    if name not in generators:
        raise UnknownContributionError("generator", name, list(generators))
    return generators[name]


def _failure(name: str, generators: Mapping[str, Generator], error: Exception) -> PluginFailure:
    owner = generators.owner(name) if isinstance(generators, Registry) else None
    return PluginFailure(
        plugin=owner.name if owner else name,
        distribution=owner.distribution if owner else "given by the program",
        phase="run",
        error=f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ").removesuffix("."),
        traceback="".join(traceback.format_exception(error)),
    )
