"""Models side by side: a line for each field, and which lines differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from llmhub.records.model import CanonicalModel
from llmhub_server.page.facts import FIELDS, UNKNOWN, blended, value

MOST = 4
"""So many models fit beside each other."""

_OWN = frozenset({"display_name", "provider", "model_id", "price_state"})
"""Fields that say which model it is, or are told by others."""


@frozen(kw_only=True)
class Line:
    """One field of all models: its `name`, the `values` in their order, and whether they differ."""

    name: str
    values: tuple[str, ...]
    differs: bool


def compared(models: Sequence[CanonicalModel], price_ratio: float) -> list[Line]:
    """A line for each field of which something is known. Known and unknown differ."""
    prices = tuple(blended(model, price_ratio) for model in models)
    lines = [_line(f"Blended, {price_ratio:g}:1", prices)]
    for name, title in FIELDS.items():
        if name not in _OWN:
            lines.append(_line(title, tuple(value(model, name) for model in models)))
    return [line for line in lines if any(told != UNKNOWN for told in line.values)]


def named(query: Mapping[str, str]) -> tuple[str, ...]:
    """The models that an address names, each once and no more than fit."""
    return tuple(dict.fromkeys(name for name in query.get("models", "").split(",") if name))[:MOST]


def _line(name: str, values: tuple[str, ...]) -> Line:
    return Line(name=name, values=values, differs=len(set(values)) > 1)
