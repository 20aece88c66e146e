"""What is wrong with a value, before anyone has looked up where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import frozen

__all__ = ["looks_like_a_secret", "without_secrets"]

Path: TypeAlias = tuple[str | int, ...]


@frozen
class Fault:
    """One thing wrong. `at_key`: the key is at fault and not its value. The words are those of `Problem`."""

    message: str
    expected: str | None = None
    suggestion: str | None = None
    found: str | None = None
    at_key: bool = False


Located: TypeAlias = tuple[Path, Fault]


class Faults(Exception):
    """All faults of one value, each with its path below that value."""

    def __init__(self, located: Sequence[Located]) -> None:
        self.located = tuple(located)
        super().__init__(f"{len(self.located)} faults")


def unexpected(value: Any, expected: str, suggestion: str | None = None) -> Fault:
    """*value* is of the wrong type, or not among the valid ones."""
    found = shown(value)
    return Fault(f"found {found}", expected=expected, suggestion=suggestion, found=found)


def shown(value: Any) -> str:
    """*value* for an error message: short, and never a secret."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        if looks_like_a_secret(value):
            return "text that looks like a key (not shown)"
        return f"the text {value if len(value) <= 60 else value[:57] + '...'!r}"
    if isinstance(value, int | float):
        digits = repr(value) if abs(value) < 1e30 or value != value else "a very large number"
        return f"the number {digits}"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"a {type(value).__name__}"


def named(name: str) -> str:
    """*name* in quotes, for the middle of a sentence; not when it looks like a key."""
    return "(not shown, it looks like a key)" if looks_like_a_secret(name) else repr(name)


def without_secrets(text: str) -> str:
    """*text* with every word that looks like a key taken out."""
    return _WORD.sub(lambda word: "(not shown)" if looks_like_a_secret(word[0]) else word[0], text)


_WORD = re.compile(r"[^\s\"'{}\[\],=:]+")
_KNOWN_PREFIX = re.compile(
    r"(sk|pk|rk|csk|tgp|xai|pplx|nvapi|fw|gsk|hf|r8|gh[opsu]|github_pat)[-_][A-Za-z0-9_-]{8,}"
    r"|AIza[\w-]{10,}|AKIA[0-9A-Z]{12,}|eyJ[\w-]{10,}|(Bearer|Basic) +\S"
)
_PLAIN_KEY = re.compile(
    r"(?<![A-Za-z0-9])((sk|pk|rk|csk|tgp|xai|pplx|nvapi|gsk|hf|r8|gh[opsu]|github_pat)[-_][A-Za-z0-9_-]{16,}"
    r"|AIza[\w-]{30,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{20,}\.[\w-]+)"
)
_LONG_RUN = re.compile(r"[A-Za-z0-9]{24,}")


def looks_like_a_secret(text: str) -> bool:
    """Whether *text* has the shape of an API key: a known prefix, or a long run of mixed letters and digits."""
    if _KNOWN_PREFIX.match(text.strip()) or holds_a_key(text):
        return True
    return any(
        re.search(r"[0-9]", run) is not None and re.search(r"[A-Za-z]", run) is not None
        for run in _LONG_RUN.findall(text)
    )


def holds_a_key(text: str) -> bool:
    """Whether an API key stands in *text* beyond doubt: a provider's own prefix, and long enough to be one.

    Unlike what merely looks like a key, as a commit or the name of a quantised model may.
    """
    return any(len(re.findall(r"[0-9]", found[0])) > 1 for found in _PLAIN_KEY.finditer(text))
