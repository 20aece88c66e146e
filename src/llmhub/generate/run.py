"""Runs the generator that a spec names."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping

from attrs import evolve

from llmhub.errors import HubError, PluginLoadError, SelectionError, UnknownContributionError
from llmhub.generate import DEFAULT_GENERATOR
from llmhub.generate.complete import complete
from llmhub.generate.emit import stamped
from llmhub.generate.exclusions import exclusion_warnings
from llmhub.generate.pins import Pins, pin_warnings
from llmhub.generate.refusals import with_refusals
from llmhub.generate.windows import with_windows
from llmhub.host.registry import Registry
from llmhub.records.config import HubConfig
from llmhub.records.contributions import Generator, Scorer
from llmhub.records.measurements import Measurements
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.plugins import PluginFailure
from llmhub.records.selection import Assistance, GenerateRequest, Generation, Selection
from llmhub.records.spec import HubSpec


def generate(
    spec: HubSpec,
    models: Iterable[CanonicalModel],
    statistics: CatalogStatistics,
    *,
    generators: Mapping[str, Generator],
    scorers: Mapping[str, Scorer],
    catalog_fingerprint: str,
    assistance: Assistance | None = None,
    pins: Pins | None = None,
    measurements: Measurements | None = None,
    strict: bool = False,
) -> Generation:
    """The configuration for *spec*, made from the *models* of a catalog by the generator that the spec names.

    The same spec, catalog, *measurements* and version of LLM Hub give the same configuration. *assistance* allows a
    generator to ask a model; without it none does. Of roles that are pinned the generator hears nothing: *pins*
    stay as they are, with a warning where their model is deprecated or gone. *strict* refuses a choice for which a
    rule had to be relaxed.

    Raises:
        UnknownContributionError, PluginLoadError: no plugin offers that generator, or it failed.
        SelectionError: roles that no model satisfies, that only a relaxed rule lets one satisfy (under *strict*), or
            that the generator left out.
    """
    generator = _picked(spec.generator, generators)
    known, pins = tuple(models), pins or Pins()
    asked = {name: role for name, role in spec.roles.items() if name not in pins.roles}
    default = generators.get(DEFAULT_GENERATOR) if spec.generator != DEFAULT_GENERATOR else None
    request = GenerateRequest(
        spec=evolve(spec, roles=asked),
        models=known,
        statistics=statistics,
        scorers=dict(scorers),
        base=default.generate if default else None,
        assistance=assistance,
        measurements=measurements,
        strict=strict,
    )
    try:
        # A spec of which nothing is left to choose is no generator's business.
        nothing = Generation(config=HubConfig(project=spec.project), selections=())
        generation = generator.generate(request) if asked or not pins.roles else nothing
    except HubError:
        raise
    except Exception as error:
        raise PluginLoadError([_failure(spec.generator, generators, error)]) from error
    if strict:
        _refuse_relaxed(generation.selections)
    by_id = {model.canonical_id: model for model in known}
    chosen = with_refusals(with_windows(generation.config, by_id), by_id)
    config = stamped(complete(chosen, spec, catalog_fingerprint, pins, measurements))
    more = (*pin_warnings(pins, spec, by_id), *(exclusion_warnings(spec, known) if known else ()))
    return evolve(generation, config=config, warnings=(*generation.warnings, *more))


def _picked(name: str, generators: Mapping[str, Generator]) -> Generator:
    if isinstance(generators, Registry):
        picked: Generator = generators.pick(name)
        return picked
    if name not in generators:
        raise UnknownContributionError("generator", name, list(generators))
    return generators[name]


def _refuse_relaxed(selections: Iterable[Selection]) -> None:
    """Raises for roles that a rule was relaxed for: not every generator minds `strict` itself."""
    told = [(one.need.role, f"{'; '.join(one.relaxed)}, which --strict forbids") for one in selections if one.relaxed]
    if told:
        (role, reason), *others = told
        raise SelectionError(role, "\n".join([reason, *(f"role {name!r}: {why}" for name, why in others)]))


def _failure(name: str, generators: Mapping[str, Generator], error: Exception) -> PluginFailure:
    owner = generators.owner(name) if isinstance(generators, Registry) else None
    return PluginFailure(
        plugin=owner.name if owner else name,
        distribution=owner.distribution if owner else "given by the program",
        phase="run",
        error=f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ").removesuffix("."),
        traceback="".join(traceback.format_exception(error)),
    )
