"""What follows on a model that is deprecated or retired: an inference from names and dates, told as one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen

from llmhub.catalog.identity import Identity, identify
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel

__all__ = ["Successor", "successor"]


@frozen(kw_only=True)
class Successor:
    """The model that seems to have taken another's place, and by which inference."""

    model: CanonicalModel
    inference: str


def successor(model: CanonicalModel, models: Mapping[str, CanonicalModel]) -> Successor | None:
    """The newest live model of the same line at the same provider, released after *model*; `None` when none is known.

    A line is what a maker keeps naming alike from version to version: `claude opus`, `gemini flash`. No provider
    states it, so it is an inference.
    """
    identity = identify(model.model_id)
    if identity is None or model.release_date is None:
        return None
    line = _line(identity)
    later = [
        other
        for key in models
        if key.partition(":")[0] == model.provider and _is_of_line(key.partition(":")[2], identity, line)
        for other in (models[key],)
        if is_live(other) and other.release_date is not None and other.release_date > model.release_date
    ]
    if not later:
        return None
    # Of ids released on one day the shortest is the plain one, without a date or a region.
    newest = max(later, key=lambda other: (other.release_date or "", -len(other.model_id), other.model_id))
    return Successor(
        model=newest,
        inference=f"inferred: same line ({' '.join(line)}) at {model.provider}, "
        f"released {newest.release_date}, after {model.release_date}",
    )


_VERSION = re.compile(r"^(?P<series>[vkmro]?)\d+(\.\d+)?[a-z]?$")
_STAGES = frozenset({"preview", "beta", "exp", "experimental", "latest"})


def _line(identity: Identity) -> tuple[str, ...]:
    words = []
    for token in identity.tokens:
        version = _VERSION.match(token)
        word = version["series"] if version else token  # DeepSeek R1 and V3 are two lines
        if word and word not in _STAGES:
            words.append(word)
    return tuple(sorted(words))


def _is_of_line(model_id: str, identity: Identity, line: tuple[str, ...]) -> bool:
    other = identify(model_id)
    return (
        other is not None
        and (other.maker, other.mode) == (identity.maker, identity.mode)
        and _line(other) == line
        # A preview is no successor of a finished model.
        and _STAGES & set(other.tokens) <= _STAGES & set(identity.tokens)
    )
