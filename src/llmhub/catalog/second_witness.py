"""What a model's display name adds to its id, and where it contradicts it. Pure.

Upstream writes ids and display names by hand, each with mistakes of its own. Where both state the same thing it is
sure; where they contradict each other one of them is wrong, and neither counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import evolve, frozen

from llmhub.catalog.identity import Identity, Stem, identify
from llmhub.catalog.snapshot_date import SnapshotDate


@frozen(kw_only=True)
class Witnessed:
    """What an id states, with what only its display name has. `contradiction` says why the two cannot be believed.

    `named` is what the display name states by itself; `dated_by_name`: the date is from there.
    """

    identity: Identity
    named: Identity | None = None
    contradiction: str = ""
    dated_by_name: bool = False


@lru_cache(maxsize=1 << 15)  # a build asks twice, to link and to tell what is not linked
def witnessed(model_id: str, display_name: str | None) -> Witnessed | None:
    """Id and display name held against each other; `None` where the id states no identity."""
    identity = identify(model_id)
    if identity is None:
        return None
    named = identify(_MAKER_BEFORE_IT.sub("", display_name)) if display_name else None
    if named is None:
        return Witnessed(identity=identity)
    if identity.versions and named.versions and not identity.versions & named.versions:
        told = " and ".join(sorted(f"{version:g}" for version in named.versions))
        return Witnessed(
            identity=identity, named=named, contradiction=f"the display name {display_name!r} says version {told}"
        )
    if "base" in named.tokens and "base" not in identity.tokens:
        contradiction = f"the display name {display_name!r} says that it is the base model"
        return Witnessed(identity=identity, named=named, contradiction=contradiction)
    if named.core != identity.core or named.date is None:
        return Witnessed(identity=identity, named=named)
    if identity.date is None:
        return Witnessed(identity=evolve(identity, date=named.date), named=named, dated_by_name=True)
    agree = identity.date.agrees_with(named.date)
    contradiction = "" if agree else f"the display name {display_name!r} says another date"
    return Witnessed(identity=identity, named=named, contradiction=contradiction)


Bridges = Mapping[Stem, tuple[Stem, SnapshotDate]]
"""From a name with a version to the dated name without it that is the same model."""


def bridges(models: Iterable[Witnessed]) -> Bridges:
    """The versions that display names give to dated ids: `mistral-medium-2505` is "Mistral Medium 3".

    Only where all agree: one version to a date, one date to a version.
    """
    dates: dict[Stem, list[tuple[Stem, SnapshotDate]]] = defaultdict(list)
    versions: dict[tuple[Stem, SnapshotDate], set[Stem]] = defaultdict(set)
    for model in models:
        identity, named = model.identity, model.named
        if named is None or model.contradiction or identity.date is None:
            continue
        if named.date is not None and not named.date.agrees_with(identity.date):
            continue
        if named.versions and not identity.versions and _without_versions(named) == identity.core:
            dates[named.core].append((identity.core, identity.date))
            versions[identity.core, identity.date].add(named.core)
    return {
        versioned: found[0]
        for versioned, found in dates.items()
        if len(set(found)) == 1 and len(versions[found[0]]) == 1
    }


_MAKER_BEFORE_IT = re.compile(r"^[\w .-]{2,20}: (?=\S)")  # "Mistral: Mistral Medium 3"
_VERSION = re.compile(r"^v?\d+(\.\d+)?$")


def _without_versions(identity: Identity) -> Stem:
    maker, tokens = identity.core
    return maker, tuple(token for token in tokens if not _VERSION.match(token))
