"""Brings a stored catalog of an earlier format to the present one, a step per version. Pure.

A change to the file that an older reader or an older file could not bear raises `FORMAT` and adds its step here. New
columns need none: a file names its columns, and those it lacks have their defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]

FORMAT = 2


def migrated(document: Document, steps: Mapping[int, Callable[[Document], Document]] | None = None) -> Document:
    """*document* in the present format.

    Raises:
        ValueError: no steps lead from its format to the present one; it is from a later version, or is no catalog.
    """
    known = STEPS if steps is None else steps
    found = document.get("format")
    current = document
    while (version := current.get("format")) != FORMAT:
        step = known.get(version) if isinstance(version, int) and not isinstance(version, bool) else None
        if step is None:
            raise ValueError(f"has format {found!r}; this version of LLM Hub reads {FORMAT} and earlier")
        current = step(current)
    return current


def _count_quarantined(document: Document) -> Document:
    """Format 1 told what a source left out in words only: `3 entries left out, whole or in part; first: ...`."""

    def counted(state: Mapping[str, Any]) -> Mapping[str, Any]:
        number, _, rest = str(state.get("detail", "")).partition(" entries left out")
        return {**state, "quarantined": int(number)} if rest and number.isdigit() else state

    return {**document, "format": 2, "sources": [counted(state) for state in document["sources"]]}


STEPS: Mapping[int, Callable[[Document], Document]] = {1: _count_quarantined}
