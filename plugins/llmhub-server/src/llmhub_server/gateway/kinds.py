"""The kinds of values that a field of a request may have, as JSON tells them apart."""

from __future__ import annotations

from collections.abc import Mapping

Kind = tuple[type, ...]

TEXT: Kind = (str,)
INTEGER: Kind = (int,)
NUMBER: Kind = (int, float)
FLAG: Kind = (bool,)
LIST: Kind = (list,)
OBJECT: Kind = (dict,)
TEXT_OR_LIST: Kind = (str, list)
TEXT_OR_OBJECT: Kind = (str, dict)
FILE: Kind = (bytes,)

NAMES: Mapping[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    list: "an array",
    dict: "an object",
    bytes: "a file",
    type(None): "null",
}


def named(kind: Kind) -> str:
    """*kind* in words.

    >>> named(TEXT_OR_LIST), named(NUMBER)
    ('a string or an array', 'a number')
    """
    return NAMES[float] if float in kind else " or ".join(NAMES[each] for each in kind)
