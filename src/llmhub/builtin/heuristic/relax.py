"""What to do when no model fits: lift our own rules, in this order, and tell it; never what the user asked for.

1. `special`: models made for one task other than chat (search, translation, code, ...) may serve a chat role.
2. `moving`: so may names that mean another model every few months, though others of their line stay.
3. `withdrawn`: so may closed models that their maker has deprecated and a host still lists.

Under `strict` not even these are lifted. Providers, needs, context, price limits, licences and exclusions are the
user's: they are not touched. The error says how many models giving up each of them alone would let in, and the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.filter import CHECKS, OWN_RULES, Admission, Filtered, is_stated
from llmhub.builtin.heuristic.need import CAPABILITY_WORDS
from llmhub.errors import SelectionError
from llmhub.records.selection import Candidate, Need

Rank = Callable[[Iterable[Appraised], Need], Sequence[Candidate]]


def admit_relaxing(
    admission: Admission, need: Need, rank: Rank, *, strict: bool = False
) -> tuple[Filtered, tuple[str, ...]]:
    """The models that may serve *need*, and what had to be relaxed to find any, in order.

    Raises:
        SelectionError: none is left even so; says what to change, how many candidates that would give, and the best of
            them as *rank* has it.
    """
    filtered = admission.admit(need)
    if filtered.admitted:
        return filtered, ()
    rules = list(OWN_RULES)
    for count in range(1, len(rules) + 1):
        softened = admission.admit(need, without=rules[:count])
        if softened.admitted:
            lifted = [OWN_RULES[rule] for rule in rules[:count] if _lets_in(rule, softened.admitted, need)]
            relaxed = tuple(f"{what}, since nothing else is left" for what in lifted)
            if strict:
                told = f"nothing is left unless {'; and '.join(what.replace(' were ', ' are ') for what in lifted)}"
                raise SelectionError(need.role, f"{told}, which --strict forbids. {_advice(admission, need, rank)}")
            return softened, relaxed
    raise SelectionError(need.role, _advice(admission, need, rank))


def _lets_in(rule: str, admitted: Iterable[Appraised], need: Need) -> bool:
    return any(CHECKS[rule](one, need) for one in admitted)


def _advice(admission: Admission, need: Need, rank: Rank) -> str:
    here = [one for one in admission.appraised if one.model.provider in need.providers]
    providers = ", ".join(need.providers)
    absent = [name for name in need.providers if all(one.model.provider != name for one in here)]
    if not here:
        told = f"the catalog knows no model of {providers}"
    else:
        told = f"none of the {len(here)} models of {providers} will do: {_most_common(here, need)}"
        if absent:
            told += f"; the catalog knows no model of {', '.join(absent)}"
    options = [(name, admission.admit(need, without=(name,)).admitted) for name in _stated(need)]
    helpful = [f"{_spoken(name, need)} ({_candidates(found, need, rank)})" for name, found in options if found]
    if helpful:
        return f"{told}. To find one, lift any of these: {'; '.join(helpful)}."
    if not options:
        return f"{told}."
    every = admission.admit(need, without=[name for name, _ in options]).admitted
    if not every:
        return f"{told}. Lifting what the role asks for would not help: no model of this kind ({need.mode}) is known."
    listed = "; ".join(_spoken(name, need) for name, _ in options)
    told += f". No single change is enough; lifting all of these gives {_candidates(every, need, rank)}"
    return f"{told}: {listed}."


def _stated(need: Need) -> list[str]:
    """The checks that the user's own words gave rise to."""
    ours = {"kind", "status", *OWN_RULES}
    return [name for name in CHECKS if name not in ours and is_stated(name, need)]


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
    words = {
        "kind": f"not for {need.mode}",
        "status": "deprecated or retired",
        "provider": "not allowed",
        "special": "made for one task",
        "moving": "of a moving name",
        "withdrawn": "deprecated by their maker",
    }
    found = [f"{count} {words.get(name, f'fail {name}')}" for name, count in counts.items() if count]
    return ", ".join(found)


def _candidates(found: Sequence[Appraised], need: Need, rank: Rank) -> str:
    best = rank(found, need)[0].model
    price = ""
    if best.price_state == "known" and best.price_input_per_million is not None:
        price = f" at ${best.price_input_per_million:g} in"
        if best.price_output_per_million:
            price += f" / ${best.price_output_per_million:g} out"
    if len(found) == 1:
        return f"1 candidate: {best.canonical_id}{price}"
    return f"{len(found)} candidates, the best {best.canonical_id}{price}"
