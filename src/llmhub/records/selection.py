"""How a model is chosen for a role: the need made precise, the candidates, the choice with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from llmhub.records.config import HubConfig
from llmhub.records.measurements import Measurements
from llmhub.records.model import CanonicalModel, CatalogStatistics
from llmhub.records.spec import Capability, HubSpec


@frozen(kw_only=True)
class Need:
    """A role's preferences made precise. `weights` say how much each criterion counts; they need not sum to 1."""

    role: str
    mode: str
    providers: tuple[str, ...]
    weights: Mapping[str, float]
    capabilities: tuple[Capability, ...] = ()
    context_min: int | None = None
    max_price_input: float | None = None
    max_price_output: float | None = None
    open_weights: bool | None = None
    exclude_models: tuple[str, ...] = ()
    force_provider: str | None = None
    force_model: str | None = None


@frozen(kw_only=True)
class Rejection:
    """A model that cannot serve a need, and the first reason why; `others` are told of allowed providers' models."""

    canonical_id: str
    reason: str
    others: tuple[str, ...] = ()


@frozen(kw_only=True)
class Contribution:
    """What one criterion added to a candidate's score: `value` (0 to 1) times `weight`. `value` `None`: unknown."""

    criterion: str
    value: float | None
    weight: float
    note: str = ""

    @property
    def points(self) -> float:
        return (self.value or 0.0) * self.weight


@frozen(kw_only=True)
class Candidate:
    """A model that may serve a need, with its score and what the score is made of.

    The score is the weighted mean of the contributions, less 1 for each essential fact that is not known.
    """

    model: CanonicalModel
    score: float
    contributions: tuple[Contribution, ...] = ()


@frozen(kw_only=True)
class PassedOver:
    """A name that many would expect to be chosen, and in one sentence why it was not."""

    canonical_id: str
    why: str


@frozen(kw_only=True)
class Selection:
    """The choice for one role. `ranked` holds all candidates, best first; `chosen` is the first of them.

    `relaxed` tells each rule of the generator's own that was lifted to find any candidate, in order; what the role
    itself asks for is never lifted. `passed_over` explains the best models of each allowed provider that lost.
    """

    need: Need
    chosen: CanonicalModel
    fallbacks: tuple[CanonicalModel, ...] = ()
    ranked: tuple[Candidate, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    relaxed: tuple[str, ...] = ()
    reason: str = ""
    params: Mapping[str, Any] = field(factory=dict)
    passed_over: tuple[PassedOver, ...] = ()


Reach = Literal["anywhere", "this machine", "nowhere"]
"""Which models a generator may call: any, only those that an `api_base` on this machine serves, or none."""


@frozen(kw_only=True)
class Assistance:
    """That a generator may ask a model for help, and how.

    `model` is `PROVIDER:MODEL` as the user named it; without it the generator picks one. Answers kept in `cache_dir`
    (`None`: none are kept) may be used whatever the `reach`. `timeout`: seconds that one call may take in all.
    """

    model: str | None = None
    reach: Reach = "anywhere"
    cache_dir: Path | None = None
    timeout: float = 90.0


@frozen(kw_only=True)
class GenerateRequest:
    """What a generator is given: the spec of one environment, the models it may choose among, their statistics.

    `base` is the default generator, for one that refines its result; `None` when there is none but this one.
    `assistance` `None` means: ask no model. What `measurements` say of a model's latency counts before any estimate.
    `strict` forbids the generator to lift even rules of its own.
    """

    spec: HubSpec
    models: tuple[CanonicalModel, ...]
    statistics: CatalogStatistics
    scorers: Mapping[str, Any] = field(factory=dict)
    base: Callable[[GenerateRequest], Generation] | None = None
    assistance: Assistance | None = None
    measurements: Measurements | None = None
    strict: bool = False


@frozen(kw_only=True)
class Generation:
    """What `llmhub generate` made: the configuration, how each role was decided, and what to tell the user."""

    config: HubConfig
    selections: tuple[Selection, ...]
    warnings: tuple[str, ...] = ()
