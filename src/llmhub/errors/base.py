"""The root of the tree, and the nearest valid name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class HubError(Exception):
    """Anything that LLM Hub itself raises."""

    exit_code: ClassVar[int] = 1


def nearest(name: str, valid: Sequence[str]) -> str | None:
    """The valid name most like *name*, for "did you mean"; `None` when none is close.

    >>> nearest("opnai", ["openai", "anthropic"])
    'openai'
    """
    from difflib import get_close_matches  # only mistakes need it: 2 ms less at every start

    matches = get_close_matches(name, valid, n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(name: str, valid: Sequence[str]) -> str:
    """What to append to a message about the unknown *name*; nothing where no valid name is close."""
    close = nearest(name, valid)
    return f" Did you mean {close!r}?" if close else ""
