"""Product lines: which models are generations of one another, which are one model under two names, and how big."""

from __future__ import annotations

import re
from datetime import date

from llmhub.records.model import CanonicalModel

Line = tuple[str, tuple[str, ...]]

_NOISE = frozenset({"latest", "preview", "beta", "exp", "default"})
_SIZE = re.compile(r"^(?:[a-z]|\d+x)?\d+[bm]$")
_GENERATION = re.compile(r"^([a-z]*?)\d+(?:o|([a-z]))?$")


def line_of(model: CanonicalModel) -> Line:
    """The provider and the words of the id without numbers, dates and stages of release.

    `gpt-4.1-mini` and `gpt-5.4-mini` are one line, `gpt-5.4` and `gpt-5.4-pro` are two. Sizes such as 70b stay: a small
    model is no heir of a large one.
    """
    words = []
    for token in re.split(r"[^a-z0-9]+", model.model_id.lower()):
        word = token
        if not _SIZE.match(token) and (generation := _GENERATION.match(token)):
            word = generation[1] + (generation[2] or "")  # glm-4.6v sees, glm-4.6 does not; the o of gpt-4o is a name
        if word and word not in _NOISE:
            words.append(word)
    return model.provider, tuple(words)


def base_name(model: CanonicalModel) -> str:
    """The id without folders, date and `latest`: equal for a model and its dated snapshot, and across hosts."""
    return _DATE.sub("", model.model_id.lower().rpartition("/")[2])


_DATE = re.compile(r"[-@](?:20\d\d-?[01]\d-?[0-3]\d|[01]\d-20\d\d|latest|default)(?=$|[-:])")


def released(model: CanonicalModel) -> date | None:
    """The day of release; the first of the month where only that is known. `None` when unknown or no date."""
    stated = model.release_date or ""
    try:
        found = date.fromisoformat(f"{stated}-01" if len(stated) == 7 else stated)
    except ValueError:
        return None
    return found if found.year > 1970 else None


def size_class(model: CanonicalModel) -> str | None:
    """`tiny`, `small`, `medium` or `large` by a word or a number of parameters in the id; `None` when it has neither.

    With several such words the smallest counts: flash-lite is lite.
    """
    name = model.model_id.lower()
    words = set(re.split(r"[^a-z]+", name))
    for size, known in _SIZE_WORDS:
        if words & known:
            return size
    billions = [float(found) for found in re.findall(r"(?<![\d.])(?<![a-z])(\d+(?:\.\d+)?)b(?![a-z0-9])", name)]
    if not billions:
        return None
    return next((size for size, limit in _SIZE_LIMITS if max(billions) <= limit), "large")


_SIZE_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("tiny", frozenset({"nano", "micro", "tiny", "lite", "instant", "xs", "edge"})),
    ("small", frozenset({"mini", "flash", "haiku", "small", "air", "fast", "spark", "highspeed"})),
    ("medium", frozenset({"medium", "sonnet", "plus", "scout"})),
    ("large", frozenset({"large", "opus", "pro", "max", "ultra", "premier", "maverick"})),
)

_SIZE_LIMITS = (("tiny", 9.0), ("small", 35.0), ("medium", 110.0))
"""Billions of parameters up to which a model is of this size."""
