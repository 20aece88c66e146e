"""Plain words of YAML 1.2: which are text, which are not (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from __future__ import annotations

import json
import re
from typing import Any

_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")
_MAY_START_A_NUMBER = frozenset("+-.0123456789")


def resolved(word: str) -> Any:
    """The value an unquoted *word* stands for. Dates and `yes`/`no` stay text, as YAML 1.2 has it.

    Raises:
        ValueError: an integer of more digits than Python will read.
    """
    if word in _WORDS:
        return _WORDS[word]
    if word[0] not in _MAY_START_A_NUMBER:
        return word
    if _INTEGER.fullmatch(word):
        return int(word)
    if _OTHER_BASE.fullmatch(word):
        number = int(word[2:], 8 if word[1] == "o" else 16)
        str(number)  # in these bases Python reads what it then refuses to show
        return number
    if _FLOAT.fullmatch(word):
        return float(word)
    if _INFINITE.fullmatch(word):
        return float(word.replace(".", ""))
    return float("nan") if _NOT_A_NUMBER.fullmatch(word) else word


def joined(text: str) -> str:
    """*text* with every character that JSON would write as two escapes (`\\ud83d\\ude00`) as the one it is.

    Raises:
        ValueError: half of such a character stands there alone; it can be neither written nor shown.
    """
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


# Without the characters that end a word inside [ ] and { }; `:` ends it there, too, for older parsers.
_SAFE_WORD = re.compile(
    r"[A-Za-z0-9_./$(][A-Za-z0-9_./$()@%+*=~^<>;'-]*(( |:(?=[A-Za-z0-9/]))[A-Za-z0-9_./$()@%+*=~^<>;'-]+)*"
)
# Words that YAML 1.1 parsers, which are still common, take for something other than text.
_OLD_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
_OLD_NUMBER = re.compile(r"[-+.]?[0-9][0-9_:.,eExXoOT+-]*Z?|0[xX][0-9a-fA-F_]+")
_NOT_PRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def written(value: Any) -> str:
    """*value* as one word of YAML, quoted only where it must be.

    Raises:
        TypeError: the value is no text, number, boolean or `None`.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _needs_no_quotes(value) else quoted(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _written_float(float(value))
    raise TypeError(f"a {type(value).__name__} cannot be written to YAML")


def _needs_no_quotes(text: str) -> bool:
    return (
        _SAFE_WORD.fullmatch(text) is not None
        and text not in _WORDS
        and text.lower() not in _OLD_WORDS
        and _OLD_NUMBER.fullmatch(text) is None
        and isinstance(resolved(text), str)
    )


def quoted(text: str) -> str:
    """*text* in double quotes."""
    # A JSON string is a YAML string, but for characters that JSON lets stand and YAML does not.
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _written_float(number: float) -> str:
    if number != number:
        return ".nan"
    if number in (float("inf"), float("-inf")):
        return ".inf" if number > 0 else "-.inf"
    return repr(number)
