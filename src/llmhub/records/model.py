"""What the catalog knows of a model: facts from sources, and the canonical model they are fused into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from attrs import field, frozen

from llmhub.records.shape import Between

PriceState = Literal["known", "unknown", "included"]
"""`included`: listed as zero because a plan pays for it, while the same model costs money elsewhere. Never "free"."""

Relation = Literal["exact", "alias", "mode", "serving"]
"""How a name at one source stands to a model: the same; an undated name documented to be that snapshot; a reasoning
mode of the same weights; another speed tier of the same weights."""

ListingOutcome = Literal["listed", "no_key", "no_extra", "unsupported", "unreachable", "refused"]
"""What came of asking a provider which models it serves here."""

Tier = Annotated[int, Between(1, 5)]
"""1 is the best, or the cheapest."""

Tokens = Annotated[int, Between(0)]
DollarsPerMillion = Annotated[float, Between(0)]
"""US dollars per million tokens."""


@frozen(kw_only=True)
class PriceTier:
    """Prices that hold for prompts longer than `above_tokens`, in US dollars per million tokens."""

    above_tokens: Tokens
    input: DollarsPerMillion | None = None
    output: DollarsPerMillion | None = None
    cache_read: DollarsPerMillion | None = None
    cache_write: DollarsPerMillion | None = None


@frozen(kw_only=True)
class Price:
    """A price in US dollars per million tokens. `None` is unknown, which is not zero and not free."""

    input: DollarsPerMillion | None = None
    output: DollarsPerMillion | None = None
    reasoning: DollarsPerMillion | None = None
    cache_read: DollarsPerMillion | None = None
    cache_write: DollarsPerMillion | None = None
    input_audio: DollarsPerMillion | None = None
    output_audio: DollarsPerMillion | None = None
    tiers: tuple[PriceTier, ...] = ()


@frozen(kw_only=True)
class Score:
    """One rating of one model: `low` and `high` bound its 95 % interval. `mode` is "" for the plain model."""

    board: str
    category: str
    rating: float
    low: float | None = None
    high: float | None = None
    votes: int | None = None
    mode: str = ""


@frozen(kw_only=True)
class ModelFacts:
    """Facts one source states of one model. `None` and empty mean: this source does not say."""

    display_name: str | None = None
    family: str | None = None
    context_tokens: Tokens | None = None
    max_input_tokens: Tokens | None = None
    max_output_tokens: Tokens | None = None
    supports_tool_call: bool | None = None
    supports_reasoning: bool | None = None
    supports_structured_output: bool | None = None
    supports_temperature: bool | None = None
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    knowledge_cutoff: str | None = None
    release_date: str | None = None
    last_updated: str | None = None
    open_weights: bool | None = None
    status: str | None = None
    price: Price | None = None


@frozen(kw_only=True)
class Override:
    """What a user decides of one model, over all sources and rules.

    `alias`: the names on leaderboards that are this model. `tiers`: field name (`cost_tier`, ...) to tier. `hide`
    leaves the model out of the catalog; `pin` keeps it there though no source lists it. `origin`: file and line.
    """

    origin: str
    alias: tuple[str, ...] = ()
    tiers: Mapping[str, int] = field(factory=dict)
    hide: bool = False
    pin: bool = False


@frozen(kw_only=True)
class ModelRecord:
    """What one source says of one model.

    `provider` is the any-llm provider name under which the model can be called, or `None` for a source that rates
    models without serving them (a leaderboard). `model_id` is the id at that provider, or the board's name.
    """

    source: str
    provider: str | None
    model_id: str
    facts: ModelFacts = field(factory=ModelFacts)
    scores: tuple[Score, ...] = ()
    override: Override | None = None


@frozen(kw_only=True)
class ProviderListing:
    """Whether a provider can be called from here, and what it says it serves."""

    provider: str
    outcome: ListingOutcome
    detail: str = ""
    models: tuple[str, ...] = ()


@frozen(kw_only=True)
class SourceLoad:
    """All that one source gave. `as_of` is the date of the data itself (ISO), `fetched_at` that of the download.

    `quarantined` names each entry that was left out, whole or in part, with the reason; `warnings` what else is amiss.
    """

    records: tuple[ModelRecord, ...] = ()
    as_of: str | None = None
    fetched_at: str | None = None
    listings: tuple[ProviderListing, ...] = ()
    quarantined: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@frozen(kw_only=True)
class Provenance:
    """Where the value of one field came from."""

    field: str
    source: str
    as_of: str | None = None
    rule: str = ""


@frozen(kw_only=True)
class Link:
    """A name at another source that is this model, by which rule it was recognised, and the `reason` in words."""

    source: str
    name: str
    relation: Relation
    rule: str
    mode: str = ""
    reason: str = ""


@frozen(kw_only=True)
class CanonicalModel:
    """One callable provider:model with all facts fused.

    Prices are US dollars per million tokens. Tiers run from 1 (best, or cheapest) to 5; `None` means unknown, which is
    never turned into an average. `arena_*` are ratings of the plain model, not of a reasoning mode of it. `retired_on`
    is the day (ISO) on which its sources were first found to list it no longer; its `status` is then "retired".
    """

    canonical_id: str
    provider: str
    model_id: str
    family: str | None = None
    display_name: str | None = None
    cost_tier: Tier | None = None
    quality_tier: Tier | None = None
    reasoning_tier: Tier | None = None
    creative_tier: Tier | None = None
    arena_score: float | None = None
    arena_ci_low: float | None = None
    arena_ci_high: float | None = None
    price_state: PriceState = "unknown"
    price_input_per_million: DollarsPerMillion | None = None
    price_output_per_million: DollarsPerMillion | None = None
    price_reasoning_per_million: DollarsPerMillion | None = None
    price: Price | None = None
    context_tokens: Tokens | None = None
    max_input_tokens: Tokens | None = None
    max_output_tokens: Tokens | None = None
    supports_tool_call: bool | None = None
    supports_reasoning: bool | None = None
    supports_structured_output: bool | None = None
    supports_temperature: bool | None = None
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    knowledge_cutoff: str | None = None
    release_date: str | None = None
    last_updated: str | None = None
    open_weights: bool | None = None
    status: str | None = None
    retired_on: str | None = None
    tags: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    links: tuple[Link, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    tier_reasons: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Tiers:
    """What a tier deriver says of one model: field name (`cost_tier`, ...) to tier 1-5 or `None`, and why."""

    values: Mapping[str, int | None]
    reasons: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class CatalogStatistics:
    """Cuts over the live models of one catalog, so that tiers mean the same for every model in it.

    `quantiles` maps a measure ("blended_price", "overall", "math", ...) to its 20, 40, 60 and 80 % points, ascending.
    `price_ratio` is the input:output mix of tokens behind the blended price.
    """

    quantiles: Mapping[str, tuple[float, float, float, float]]
    price_ratio: float = 3.0


@frozen(kw_only=True)
class SourceState:
    """How one source stood when a catalog was built; part of the catalog, so that a reader can judge its age.

    `records` counts the models it spoke of, `quarantined` the entries that were left out, whole or in part.
    """

    name: str
    ok: bool
    records: int = 0
    as_of: str | None = None
    fetched_at: str | None = None
    detail: str = ""
    attribution: str = ""
    quarantined: int = 0
