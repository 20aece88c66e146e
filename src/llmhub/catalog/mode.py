"""The mode of reasoning that a name states, and whether a mode is a setting or a model of its own. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from llmhub.catalog.naming import CLOSED_PRODUCTS

EFFORTS = frozenset({"minimal", "low", "medium", "high", "xhigh"})
ALL_EFFORTS = EFFORTS | {"max", "none"}

_EFFORTS_BY_MAKER = {
    # Only makers whose names carry an effort: qwen-max, mistral-medium, phi-3-medium and codex-max are models.
    "anthropic": EFFORTS | {"max"},
    "deepseek": EFFORTS | {"max"},
    "google": EFFORTS,
    "openai": EFFORTS | {"none"},
    "xai": EFFORTS,
}


class Mode(NamedTuple):
    """`name` is "", "thinking", "no-thinking" or an effort; `label` is what the name wrote of it."""

    name: str = ""
    label: str = ""


def take_mode(tokens: Sequence[str], family: str, maker: str) -> tuple[list[str], Mode]:
    """*tokens* without those that state a mode, and the mode."""
    for position, word in enumerate(tokens):
        if word in ("thinking", "reasoning", "nothinking") or (word == "instant" and family == "kimi"):
            return _worded(tokens, position)
    efforts = _EFFORTS_BY_MAKER.get(maker, frozenset())
    if len(tokens) > 1 and tokens[-1] in efforts:
        return list(tokens[:-1]), Mode(tokens[-1], tokens[-1])
    if len(tokens) > 2 and tokens[-2] in efforts and _BUDGET.match(tokens[-1]):  # the budget says how it thinks
        return list(tokens[:-2]), Mode("thinking", f"{tokens[-2]}-{tokens[-1]}")
    return list(tokens), Mode()


def stated_mode(words: str) -> Mode | None:
    """The mode that *words* in brackets after a name state, of whatever maker: `(thinking-minimal)`, `(high)`."""
    tokens = [word for word in re.split(r"[-\s,]+", words) if word]
    if len(tokens) == 1 and tokens[0] in ALL_EFFORTS:
        return Mode(tokens[0], tokens[0])
    rest, mode = take_mode(tokens, "", "")
    return mode if mode.name and not rest else None


_BUDGET = re.compile(r"^\d+k?$")


def _worded(tokens: Sequence[str], position: int) -> tuple[list[str], Mode]:
    start, end = position, position + 1
    negated = tokens[position] in ("instant", "nothinking")
    if position and tokens[position - 1] in ("no", "non"):
        start, negated = position - 1, True
    following = tokens[end] if end < len(tokens) else ""
    if negated:
        mode = Mode("no-thinking", "no-thinking")
    elif _BUDGET.match(following):
        mode, end = Mode("thinking", f"thinking-{following}"), end + 1
    elif following in ALL_EFFORTS:
        mode, end = Mode(following, f"thinking-{following}"), end + 1
    else:
        mode = Mode("thinking", "thinking")
    return [*tokens[:start], *tokens[end:]], mode


# --- setting, or a model of its own ---------------------------------------------------------------------------------

_ONE_SET_OF_WEIGHTS = frozenset({"claude", "gemini", "glm", "gpt", "grok", "o1", "o3", "o4"})
_ONE_SET_PER_MODE = frozenset(
    {"command", "longcat", "magistral", "ministral", "olmo", "phi", "trinity", "ring", "ling"}
)


def is_setting(family: str, tokens: Sequence[str], versions: frozenset[float], *, dated: bool) -> bool | None:
    """Whether a mode of this model is a setting of the same weights; `None` where the family alone does not tell."""
    if family in _ONE_SET_OF_WEIGHTS:
        return True
    if family in _ONE_SET_PER_MODE:
        return False
    if family == "deepseek":
        return any(version >= 3.1 for version in versions)
    if family == "kimi":
        return "k2" not in tokens
    if family == "qwen":  # in Qwen 3 from 2507 on, thinking and instruct are different weights; since 3.5 not
        first = not dated and not {"next", "vl", "coder", "omni", *CLOSED_PRODUCTS} & set(tokens)
        return any(version >= 3.5 or (version == 3 and first) for version in versions)
    return None
