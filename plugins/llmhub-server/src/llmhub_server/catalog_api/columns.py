"""What can be told of a model in a list, by name: its value, and how models are ordered by it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from llmhub.catalog.export import COLUMNS as EXPORTED
from llmhub.catalog.export import LINK_KEYS
from llmhub.records.measures import blended_price, lower_bound, plain_scores
from llmhub.records.model import CanonicalModel, Link, Score

if TYPE_CHECKING:
    from llmhub_server.catalog_api.shelf import Kept

LARGE = ("price", "scores", "links", "provenance", "tier_reasons")
"""Columns that are left out of a list unless they are asked for: records, longer than all the rest."""

COLUMNS = (*EXPORTED, "callable_detail", "blended_price", "arena_as_of")
"""Every column, in its order: all fields of a model, and what is worked out from them."""

USUAL = tuple(name for name in COLUMNS if name not in LARGE)
"""The columns of a list, where none are named."""


def told(column: str, model: CanonicalModel, kept: Kept) -> Any:
    """The value of *column* as plain values; `None` is unknown, and empty where several values could stand."""
    if column in _WORKED_OUT:
        return _WORKED_OUT[column](model, kept)
    return plain(getattr(model, column))


def measured(column: str, model: CanonicalModel, kept: Kept) -> Any:
    """What models are ordered by in *column*; `None` is unknown. Words by the alphabet, records by their number."""
    value = _WORKED_OUT[column](model, kept) if column in _WORKED_OUT else getattr(model, column)
    if column == "scores":
        overall = plain_scores(model).get("overall")
        return None if overall is None else lower_bound(overall)
    if column == "price":
        return model.price_input_per_million
    if isinstance(value, tuple | list | Mapping):
        words = all(isinstance(one, str) for one in value) and not isinstance(value, Mapping)
        return (" ".join(value) if words else len(value)) if value else None
    return value or None if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """*value* of a record's field as JSON has it."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Link):
        return {key: getattr(value, key) for key in LINK_KEYS}
    if isinstance(value, Score):
        return attrs.asdict(value, recurse=False)
    if attrs.has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def arena_date(model: CanonicalModel) -> str | None:
    """The date of the ratings of the plain model; `None` where it has none, or their date is unknown."""
    return next((origin.as_of for origin in model.provenance if origin.field == "scores"), None)


def _availability(name: str) -> Callable[[CanonicalModel, Kept], Any]:
    def value(model: CanonicalModel, kept: Kept) -> Any:
        from llmhub.catalog.availability import availability

        return getattr(availability(model, kept.listings), name)

    return value


_WORKED_OUT: Mapping[str, Callable[[CanonicalModel, Kept], Any]] = {
    "callable": _availability("callable"),
    "callable_reason": _availability("reason"),
    "callable_detail": _availability("detail"),
    "blended_price": lambda model, kept: blended_price(model, kept.catalog.statistics.price_ratio),
    "arena_as_of": lambda model, _: arena_date(model),
}
