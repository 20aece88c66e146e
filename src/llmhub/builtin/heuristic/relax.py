"""What to do when no model fits: soften our own rules, in this order, and tell it; never what the user asked for.

1. Models made for one task other than chat (search, translation, ...) may serve a chat role.

Providers, needs, context, price limits, licences and exclusions are the user's: they are not touched. The error says
how many models each of them alone keeps away.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.filter import CHECKS, Filtered, admit, is_stated
from llmhub.builtin.heuristic.need import CAPABILITY_WORDS
from llmhub.errors import SelectionError
from llmhub.records.selection import Need

SPECIAL_CHAT = "models made for one task other than chat were let in, since no general one fits"


def admit_relaxing(appraised: Sequence[Appraised], need: Need) -> tuple[Filtered, tuple[str, ...]]:
    """The models that may serve *need*, and what had to be relaxed to find any.

    Raises:
        SelectionError: none is left even so; says what to change and how many candidates that would give.
    """
    filtered = admit(appraised, need)
    if filtered.admitted:
        return filtered, ()
    softened = admit(appraised, need, special=True)
    if softened.admitted:
        return softened, (SPECIAL_CHAT,)
    raise SelectionError(need.role, _advice(appraised, need))


def _advice(appraised: Sequence[Appraised], need: Need) -> str:
    here = [one for one in appraised if one.model.provider in need.providers]
    providers = ", ".join(need.providers)
    absent = [name for name in need.providers if all(one.model.provider != name for one in here)]
    if not here:
        told = f"the catalog knows no model of {providers}"
    else:
        told = f"none of the {len(here)} models of {providers} will do: {_most_common(here, need)}"
        if absent:
            told += f"; the catalog knows no model of {', '.join(absent)}"
    options = [(name, len(admit(appraised, need, without=(name,)).admitted)) for name in _stated(need)]
    helpful = [f"{_spoken(name, need)} ({_candidates(count)})" for name, count in options if count]
    if helpful:
        return f"{told}. To find one, lift any of these: {'; '.join(helpful)}."
    if not options:
        return f"{told}."
    every = len(admit(appraised, need, without=[name for name, _ in options]).admitted)
    if not every:
        return f"{told}. Lifting what the role asks for would not help: no model of this kind is known."
    listed = "; ".join(_spoken(name, need) for name, _ in options)
    return f"{told}. No single change is enough; lifting all of these gives {_candidates(every)}: {listed}."


def _stated(need: Need) -> list[str]:
    """The checks that the user's own words gave rise to."""
    return [name for name in CHECKS if name not in ("kind", "status") and is_stated(name, need)]


def _spoken(name: str, need: Need) -> str:
    if name == "provider":
        return f"allow other providers than {', '.join(need.providers)}"
    if name == "needs":
        return f"needs: {', '.join(CAPABILITY_WORDS[capability] for capability in need.capabilities)}"
    if name == "exclude_models":
        return f"exclude_models: {', '.join(need.exclude_models)}"
    value = getattr(need, name)
    return f"{name}: {str(value).lower()}"


def _most_common(here: Sequence[Appraised], need: Need) -> str:
    counts: dict[str, int] = {}
    for name in CHECKS:
        counts[name] = 0
    for one in here:
        first = next((name for name, check in CHECKS.items() if check(one, need)), None)
        if first:
            counts[first] += 1
    words = {"kind": f"not for {need.mode}", "status": "deprecated or retired", "provider": "not allowed"}
    found = [f"{count} {words.get(name, f'fail {name}')}" for name, count in counts.items() if count]
    return ", ".join(found)


def _candidates(count: int) -> str:
    return f"{count} candidate{'' if count == 1 else 's'}"
