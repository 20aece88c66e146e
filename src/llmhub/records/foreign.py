"""Values that somebody else wrote, in a document of any shape: read as a number, or shown in a fault. Pure."""

from __future__ import annotations

import math
import re
from reprlib import Repr
from typing import Any


def number(value: Any) -> float | None:
    """*value* as a float; `None` where it is no finite number: text, `true`, NaN, or an integer too large for a float.

    >>> number(3), number(True), number("3"), number(float("nan")), number(10**400)
    (3.0, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def amount(value: Any) -> float | None:
    """*value* as a price or a count: a `number` that is not below zero."""
    found = number(value)
    return found if found is not None and found >= 0 else None


HIGHEST_PRICE = 10_000.0
"""Dollars per million tokens, and sixteen times the highest ever asked: beyond it somebody mistook a unit. In
December 2025 models.dev did so for all models of one host, by a factor of a million."""


def price(value: Any) -> float | None:
    """*value* as US dollars per million tokens: an `amount` that somebody might ask."""
    found = amount(value)
    return found if found is not None and found <= HIGHEST_PRICE else None


def well_formed(text: str) -> str:
    """*text* with U+FFFD for what no file or database takes: halves of characters, and null bytes.

    >>> well_formed("a" + chr(0xD83D) + chr(0))
    'a\ufffd\ufffd'
    """
    return _NOWHERE.sub("\ufffd", text)


_NOWHERE = re.compile("[\0\ud800-\udfff]")


def shown(value: Any) -> str:
    """*value* for a message, as Python writes it: cut short, however long or deep it is.

    >>> shown({"a": [1, "b"]})
    "{'a': [1, 'b']}"
    """
    return _SHORT.repr(value)


_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong = 4, 80, 80, 40
