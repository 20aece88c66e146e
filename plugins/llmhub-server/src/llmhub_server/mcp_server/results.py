"""What tools answer with: the SDK makes the schemas of their results of these."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class CatalogHeading(TypedDict):
    """The catalog that an answer is from. Prices are blended at `price_ratio` input tokens to one output token."""

    built_at: str
    fingerprint: str
    models: int
    price_ratio: float
    through: str | None


class Attribution(TypedDict):
    """Whose data an answer shows, and of which date. To be told with them."""

    source: str
    attribution: str
    as_of: str | None
    fetched_at: str | None


class Found(TypedDict):
    """Models of a search: `total` that fit, `models` the first of them. What is null is unknown, never zero."""

    catalog: CatalogHeading
    total: int
    models: list[dict[str, Any]]
    notes: list[str]
    attribution: list[Attribution]


class Successor(TypedDict):
    """What seems to have taken a model's place, and by which inference."""

    canonical_id: str
    inference: str


class WholeModel(TypedDict):
    """All that is known of a model: `provenance` says for each field where it is from."""

    catalog: CatalogHeading
    model: dict[str, Any]
    offers: list[dict[str, Any]]
    cheaper: list[dict[str, Any]]
    better: list[dict[str, Any]]
    alternatives_note: str
    successor: Successor | None
    attribution: list[Attribution]


class Compared(TypedDict):
    """One model of a comparison. `workload_dollars` is null where its price is not known, which is not free."""

    canonical_id: str
    workload_dollars: float | None
    price_note: str
    facts: dict[str, Any]


class Comparison(TypedDict):
    """Models side by side; `differing` names the facts that are not the same for all."""

    catalog: CatalogHeading
    workload: str
    models: list[Compared]
    differing: list[str]
    cheapest: str | None
    attribution: list[Attribution]


class Contribution(TypedDict):
    """What one criterion adds to a score; `value` null is unknown."""

    criterion: str
    value: float | None
    weight: float
    points: float
    note: str


class Candidate(TypedDict):
    """One model that could serve, with its score and what the score is made of."""

    place: int
    model: str
    score: float
    price_input_per_million: float | None
    price_output_per_million: float | None
    context_tokens: int | None
    arena_score: float | None
    arena_as_of: str | None
    contributions: list[Contribution]


class Ruled(TypedDict):
    """So many models were ruled out for one reason."""

    reason: str
    models: int


class PassedOver(TypedDict):
    """A model that many would expect, and why it was not chosen."""

    model: str
    why: str


class Recommended(TypedDict):
    """The model to take, and why; `model` null: none fits, and `reason` says what stands in the way."""

    catalog: CatalogHeading
    providers: list[str]
    providers_from: str
    model: str | None
    reason: str
    fallbacks: list[str]
    params: dict[str, Any]
    weights: dict[str, float]
    relaxed: list[str]
    candidates: list[Candidate]
    candidate_count: int
    rejected_count: int
    rejected: list[Ruled]
    passed_over: list[PassedOver]
    warnings: list[str]
    attribution: list[Attribution]


class FieldChange(TypedDict):
    """One field before and after."""

    field: str
    before: Any
    after: Any


class ModelChange(TypedDict):
    """One model with every field that changed."""

    canonical_id: str
    fields: list[FieldChange]


class Difference(TypedDict):
    """What changed between two catalogs; `counts` are those of the whole lists, which may be cut."""

    older: CatalogHeading
    newer: CatalogHeading
    counts: dict[str, int]
    added: list[str]
    removed: list[str]
    repriced: list[ModelChange]
    changed: list[ModelChange]
    attribution: list[Attribution]


class Role(TypedDict):
    """A role of the project and what serves it; `reason` is why it was chosen."""

    role: str
    mode: str
    model: str
    fallbacks: list[str]
    variants: list[str]
    reason: str | None


class Roles(TypedDict):
    """All roles of the project."""

    project: str
    environment: str
    roles: list[Role]


class ExplainedRole(TypedDict):
    """A role, and how it would be decided now. `decision` is null where there is no spec to decide by."""

    configured: Role | None
    would_choose: str | None
    unchanged: bool | None
    note: str
    decision: Recommended | None
