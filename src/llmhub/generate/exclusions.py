"""Models that the spec excludes and that no catalog knows: a slip of the pen excludes nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from llmhub.errors import nearest
from llmhub.records.model import CanonicalModel
from llmhub.records.spec import HubSpec

_JOKERS = frozenset("*?[")


def exclusion_warnings(spec: HubSpec, models: Collection[CanonicalModel]) -> tuple[str, ...]:
    """One sentence for each pattern among `exclude_models` of *spec* that meets none of *models*.

    A name that was retired is known to a catalog, so a pattern that once met something goes on doing so.
    """
    stated = dict.fromkeys(spec.defaults.preferences.exclude_models)
    for role in spec.roles.values():
        stated |= dict.fromkeys(role.preferences.exclude_models)
    return tuple(_warning(pattern, models) for pattern in stated if not _meets_any(pattern, models))


def _meets_any(pattern: str, models: Collection[CanonicalModel]) -> bool:
    return any(fnmatchcase(one.model_id, pattern) or fnmatchcase(one.canonical_id, pattern) for one in models)


def _warning(pattern: str, models: Collection[CanonicalModel]) -> str:
    names = [name for one in models for name in (one.model_id, one.canonical_id)]
    close = None if _JOKERS & set(pattern) else nearest(pattern, names)
    meant = f". Did you mean {close!r}?" if close else ""
    return f"`exclude_models: {pattern}` meets no model that the catalog knows{meant}"
