"""Which models a name means: ids, leaderboards' names, display names, and the same identity written otherwise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from llmhub.catalog.identity import identify
from llmhub.catalog.offers import are_equal
from llmhub.records.model import CanonicalModel


def matching_ids(name: str, models: Mapping[str, CanonicalModel]) -> Sequence[str]:
    """The canonical ids *name* means, by the first way of reading it that finds any."""
    wanted = name.strip().lower()
    if not wanted:
        return ()
    ways: tuple[Callable[[str], bool], ...] = (
        lambda key: wanted in (key.lower(), key.replace(":", "/", 1).lower()),
        lambda key: wanted in (key.partition(":")[2].lower(), key.rpartition("/")[2].lower()),
        lambda key: any(link.name.lower() == wanted for link in models[key].links),
        lambda key: (models[key].display_name or "").lower() == wanted,
        _is_identity_of(wanted),
    )
    for is_meant in ways:
        if found := [key for key in models if is_meant(key)]:
            return found
    return ()


def _is_identity_of(name: str) -> Callable[[str], bool]:
    """Whether an id states the identity that *name* states; of one provider, where *name* begins with it."""
    provider, colon, model_id = name.partition(":")
    identity = identify(model_id if colon else name)
    if identity is None:
        return lambda key: False

    def is_meant(key: str) -> bool:
        of, _, other = key.partition(":")
        if identity.family not in key.lower() or (colon and of != provider):
            return False
        theirs = identify(other)
        return theirs is not None and are_equal(identity, theirs)

    return is_meant
