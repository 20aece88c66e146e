"""Inputs with a few words exchanged for odd ones. Pure: hypothesis and atheris choose, this carries out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

TOKENS = re.compile(rb'"[^"\n]*"|[\w.+-]+|\s+|.', re.DOTALL)

Choose = Callable[[int], int]
"""A number from 0 up to and without the one given."""


def damaged(content: bytes, words: Sequence[bytes], choose: Choose) -> bytes:
    """*content* with up to four of its words exchanged, left out, said twice, or cut off with all that follows."""
    tokens = TOKENS.findall(content)
    for _ in range(1 + choose(4)):
        if not tokens:
            break
        at, how = choose(len(tokens)), choose(8)
        if how < 5:
            tokens[at] = words[choose(len(words))]
        elif how == 5:
            del tokens[at]
        elif how == 6:
            tokens.insert(choose(len(tokens)), tokens[at])
        else:
            tokens = tokens[:at] if choose(4) == 0 else tokens[:at] + tokens[at + 1 + choose(8) :]
    return b"".join(tokens)
