"""What somebody may have meant by a name that nothing in the catalog has: for messages, never for a choice. Pure."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["near_ids"]

NEAREST = 5
"""How many ids a message about an unknown name holds."""


def near_ids(name: str, ids: Iterable[str], count: int = NEAREST) -> tuple[str, ...]:
    """At most *count* of the canonical *ids* that are written most like *name*, the nearest first.

    >>> near_ids("gpt4.1", ["openai:gpt-4.1", "anthropic:claude-opus-4-1"])
    ('openai:gpt-4.1',)
    """
    from difflib import get_close_matches

    spellings = _spellings(ids)
    close = get_close_matches(name.lower(), list(spellings), n=count, cutoff=0.6)
    return tuple(dict.fromkeys(spellings[spelling] for spelling in close))


def _spellings(ids: Iterable[str]) -> dict[str, str]:
    """The ways people write an id, to the id; the shortest id of those that share one."""
    spellings: dict[str, str] = {}
    for key in sorted(ids, key=lambda key: (len(key), key)):
        for spelling in (key, key.partition(":")[2], key.rpartition("/")[2]):
            spellings.setdefault(spelling.lower(), key)
    return spellings
