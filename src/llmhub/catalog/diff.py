"""What changed between two catalogs: models added, removed, repriced, and changed in what else matters. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import fields, frozen

from llmhub.catalog.catalog import Catalog
from llmhub.records.model import CanonicalModel, Price

__all__ = ["CatalogDiff", "FieldChange", "ModelChange", "diff"]

WATCHED = (
    "status",
    "price_state",
    "context_tokens",
    "max_input_tokens",
    "max_output_tokens",
    "supports_tool_call",
    "supports_reasoning",
    "supports_structured_output",
    "supports_temperature",
    "input_modalities",
    "output_modalities",
    "open_weights",
    "arena_score",
)
"""Fields whose change is told. Tiers are not among them: they move with every cut, though the model stays the same."""


@frozen(kw_only=True)
class FieldChange:
    """One field with its value in the older catalog and in the newer; `None` is unknown."""

    field: str
    before: Any
    after: Any


@frozen(kw_only=True)
class ModelChange:
    """One model with every field that changed, in the order of the record's fields."""

    canonical_id: str
    fields: tuple[FieldChange, ...]


@frozen(kw_only=True)
class CatalogDiff:
    """Canonical ids and changes, each in the order of the ids.

    `removed` are models that vanished, whether or not the newer catalog still remembers them; `added` those that came,
    or came back. `repriced` are models in both whose known price changed, came to be known, or is known no longer;
    `changed` those with another limit, status, ability, score, or reason for having no price. A model can be both.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    repriced: tuple[ModelChange, ...] = ()
    changed: tuple[ModelChange, ...] = ()

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.repriced, self.changed))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many models each of the four lists holds, by its name."""
        return {attribute.name: len(getattr(self, attribute.name)) for attribute in fields(CatalogDiff)}


def diff(older: Catalog, newer: Catalog) -> CatalogDiff:
    """What became of the models of *older* in *newer*. Dates, sources and provenance do not count."""
    before = {model.canonical_id: model for model in older if model.retired_on is None}
    after = {model.canonical_id: model for model in newer if model.retired_on is None}
    both = [(before[key], after[key]) for key in sorted(before.keys() & after.keys())]
    return CatalogDiff(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        repriced=_changes((old, _rates(old), _rates(new)) for old, new in both),
        changed=_changes((old, _watched(old), _watched(new)) for old, new in both),
    )


def _changes(
    compared: Iterator[tuple[CanonicalModel, Mapping[str, Any], Mapping[str, Any]]],
) -> tuple[ModelChange, ...]:
    found = []
    for model, before, after in compared:
        names = dict.fromkeys((*before, *after))
        differing = tuple(
            FieldChange(field=name, before=before.get(name), after=after.get(name))
            for name in names
            if before.get(name) != after.get(name)
        )
        if differing:
            found.append(ModelChange(canonical_id=model.canonical_id, fields=differing))
    return tuple(found)


def _watched(model: CanonicalModel) -> Mapping[str, Any]:
    found = {name: getattr(model, name) for name in WATCHED}
    if model.price_state == "known":  # told as a price
        del found["price_state"]
    return found


def _rates(model: CanonicalModel) -> Mapping[str, Any]:
    """Every rate of a known price by its name: `input`, `output`, ..., `input above 200000`."""
    if model.price_state != "known" or model.price is None:
        return {}
    rates = {attribute.name: getattr(model.price, attribute.name) for attribute in fields(Price)}
    for tier in rates.pop("tiers"):
        rates |= {
            f"{attribute.name} above {tier.above_tokens}": getattr(tier, attribute.name)
            for attribute in fields(type(tier))
            if attribute.name != "above_tokens"
        }
    return rates
