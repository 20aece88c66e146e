"""The columns of the catalog, and a model as a row of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from attrs import asdict, frozen

from llmhub.catalog.availability import availability
from llmhub.records.measures import blended_price
from llmhub.records.model import CanonicalModel, ProviderListing

Kind = Literal["text", "words", "number", "dollars", "score", "tier", "date"]


@frozen(kw_only=True)
class Column:
    """One column: the `name` of its value in a row, what stands at its top, and how its values are written.

    Those not `shown` at first can be chosen; `explanation` says what a value means.
    """

    name: str
    title: str
    kind: Kind = "text"
    shown: bool = True
    width: int = 110
    explanation: str = ""


COLUMNS = (
    Column(name="id", title="Model", width=300, explanation="Provider and the id of the model there"),
    Column(name="name", title="Name", width=190, shown=False),
    Column(name="score", title="Score", kind="score", width=112, explanation="Arena rating with its 95 % interval"),
    Column(
        name="price",
        title="Blended $/M",
        kind="dollars",
        width=118,
        explanation="US dollars per million tokens at the catalog's ratio of input to output",
    ),
    Column(name="input", title="In $/M", kind="dollars", width=92, explanation="US dollars per million input tokens"),
    Column(
        name="output", title="Out $/M", kind="dollars", width=96, explanation="US dollars per million output tokens"
    ),
    Column(name="context", title="Context", kind="number", width=108, explanation="Longest context, in tokens"),
    Column(name="longest", title="Longest answer", kind="number", width=130, shown=False, explanation="In tokens"),
    Column(name="quality", title="Quality", kind="tier", width=88, explanation="Tier 1 (best) to 5"),
    Column(name="cost", title="Cost", kind="tier", width=76, explanation="Tier 1 (cheapest) to 5"),
    Column(name="reasoning", title="Reasoning", kind="tier", width=104, shown=False, explanation="Tier 1 (best) to 5"),
    Column(name="creative", title="Creative", kind="tier", width=96, shown=False, explanation="Tier 1 (best) to 5"),
    Column(name="released", title="Released", kind="date", width=108),
    Column(name="cutoff", title="Knowledge until", kind="date", width=130, shown=False),
    Column(name="weights", title="Open weights", width=112, shown=False),
    Column(
        name="here", title="Callable here", width=116, shown=False, explanation="Whether it can be called from here"
    ),
    Column(name="status", title="Status", width=104, shown=False),
    Column(name="tags", title="Tags", kind="words", width=300),
)

NAMES = tuple(column.name for column in COLUMNS)
DEFAULT = tuple(column.name for column in COLUMNS if column.shown)

Row = tuple[Any, ...]
"""The values of one model in the order of `COLUMNS`, and last the state of its price."""


def row(model: CanonicalModel, price_ratio: float, listings: Mapping[str, ProviderListing]) -> Row:
    """*model* as a row; `None` is unknown. A price that a plan pays for is none that could be compared."""
    known = model.price_state == "known"
    here = availability(model, listings)
    return (
        model.canonical_id,
        model.display_name,
        _score(model),
        blended_price(model, price_ratio),
        model.price_input_per_million if known else None,
        model.price_output_per_million if known else None,
        model.context_tokens,
        model.max_output_tokens,
        model.quality_tier,
        model.cost_tier,
        model.reasoning_tier,
        model.creative_tier,
        model.release_date,
        model.knowledge_cutoff,
        None if model.open_weights is None else ("yes" if model.open_weights else "no"),
        "yes" if here.callable else here.reason.replace("_", " "),
        model.status,
        " ".join(model.tags) or None,
        model.price_state,
    )


def _score(model: CanonicalModel) -> Sequence[float] | None:
    """The rating, and half of its interval where that is known."""
    if model.arena_score is None:
        return None
    if model.arena_ci_low is None or model.arena_ci_high is None:
        return (model.arena_score,)
    return (model.arena_score, (model.arena_ci_high - model.arena_ci_low) / 2)


def grid_columns(shown: Iterable[str]) -> list[dict[str, Any]]:
    """All columns as the grid takes them; those in *shown* are visible."""
    visible = set(shown)
    return [{**asdict(column), "shown": column.name in visible} for column in COLUMNS]


def order(text: str | None) -> str:
    """The order that *text* names: a column, behind a `-` where the greatest is first; the usual one else."""
    return text if text is not None and text.removeprefix("-") in NAMES else "-score"


def chosen(text: str | None) -> tuple[str, ...]:
    """The columns that *text* names, as `name.name`; the usual ones where it names none that there is."""
    wanted = (text or "").split(".")
    return tuple(name for name in NAMES if name in wanted) or DEFAULT
