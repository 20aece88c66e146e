"""Which models may serve a need at all, and for every other one the reasons why not.

What is not known does not satisfy: a model of unknown price is under no price limit, one of unknown abilities has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fnmatch import fnmatchcase

from attrs import frozen

from llmhub.builtin.heuristic.appraise import Appraised
from llmhub.builtin.heuristic.need import CAPABILITY_WORDS
from llmhub.builtin.heuristic.purpose import CHAT_MODES, SPECIAL, wrong_kind
from llmhub.records.measures import is_live
from llmhub.records.model import CanonicalModel
from llmhub.records.selection import Need, Rejection
from llmhub.records.spec import Capability


@frozen
class Filtered:
    """What passed, and what did not."""

    admitted: tuple[Appraised, ...]
    rejected: tuple[Rejection, ...]


Check = Callable[[Appraised, Need], str | None]
"""The reason to reject a model, or `None`."""


class Admission:
    """Filters the same models for any number of needs; needs that ask for the same are filtered once."""

    def __init__(self, appraised: Iterable[Appraised]) -> None:
        self.appraised = tuple(appraised)
        self._known: dict[object, Filtered] = {}

    def admit(self, need: Need, *, without: Collection[str] = ()) -> Filtered:
        """As `admit` below."""
        asked = tuple(getattr(need, name) for name in _READ)
        key = asked, need.weights.get("coding", 0.0) > 0, frozenset(without)
        if key not in self._known:
            self._known[key] = admit(self.appraised, need, without=without)
        return self._known[key]


def admit(appraised: Iterable[Appraised], need: Need, *, without: Collection[str] = ()) -> Filtered:
    """The models that may serve *need*. *without* names checks (keys of `CHECKS`) to leave out."""
    checks = [check for name, check in CHECKS.items() if name not in without and is_stated(name, need)]
    anywhere = "provider" in without
    allowed = frozenset(need.providers)
    admitted: list[Appraised] = []
    rejected: list[Rejection] = []
    for one in appraised:
        if not anywhere and one.model.provider not in allowed:
            # Most of a catalog is of other providers; what else speaks against those is of no interest.
            rejected.append(one.elsewhere)
        elif reasons := [found for check in checks if (found := check(one, need))]:
            first, *others = reasons
            rejected.append(Rejection(canonical_id=one.model.canonical_id, reason=first, others=tuple(others)))
        else:
            admitted.append(one)
    return Filtered(tuple(admitted), tuple(rejected))


def objections(one: Appraised, need: Need, *, without: Collection[str] = ()) -> tuple[str, ...]:
    """Everything that speaks against *one* serving *need*."""
    found = (check(one, need) for name, check in CHECKS.items() if name not in without and is_stated(name, need))
    return tuple(reason for reason in found if reason)


def is_stated(check: str, need: Need) -> bool:
    """Whether *need* says anything that the *check* of this name could hold against a model."""
    return getattr(need, _FIELDS.get(check, "role")) not in (None, ())


# --- the checks, in the order they are made -------------------------------------------------------------------------


def _provider(one: Appraised, need: Need) -> str | None:
    return None if one.model.provider in need.providers else one.elsewhere.reason


def _kind(one: Appraised, need: Need) -> str | None:
    return wrong_kind(one.purpose, need.mode, listening="audio" in need.capabilities)


def _status(one: Appraised, _: Need) -> str | None:
    return None if is_live(one.model) else f"{one.model.status}"


def _withdrawn(one: Appraised, _: Need) -> str | None:
    """A closed model that its maker takes back will go at every host, sooner or later."""
    by = one.kin.withdrawn_by
    return f"deprecated by its maker ({by})" if by and is_live(one.model) else None


def _moving(one: Appraised, _: Need) -> str | None:
    """What such a name means and costs today may not be what the catalog knows, and changes under a running program."""
    return "a name that means another model every few months, beside others that stay" if one.moves else None


def _special(one: Appraised, need: Need) -> str | None:
    if need.mode not in CHAT_MODES or one.purpose not in SPECIAL:
        return None
    wanted = {
        "code": need.weights.get("coding", 0.0) > 0,
        "seeing": "vision" in need.capabilities,
        "hearing": "audio" in need.capabilities,
    }
    return None if wanted.get(one.purpose) else SPECIAL[one.purpose]


def _exclusion(one: Appraised, need: Need) -> str | None:
    model = one.model
    for pattern in need.exclude_models:
        if fnmatchcase(model.model_id, pattern) or fnmatchcase(model.canonical_id, pattern):
            return f"excluded by {pattern!r}"
    return None


def _capabilities(one: Appraised, need: Need) -> str | None:
    for capability in need.capabilities:
        able = _able(one.model, capability)
        if not able:
            return f"{'no' if able is False else 'not known to have'} {CAPABILITY_WORDS[capability]}"
    return None


def _context(one: Appraised, need: Need) -> str | None:
    if need.context_min is None:
        return None
    window = one.model.context_tokens
    if window is None:
        return "context window not known"
    return None if window >= need.context_min else f"context of {window:,} tokens is under {need.context_min:,}"


def _price_input(one: Appraised, need: Need) -> str | None:
    return _over("input", one.model, one.model.price_input_per_million, need.max_price_input)


def _price_output(one: Appraised, need: Need) -> str | None:
    price = one.model.price_output_per_million
    if price is None and one.purpose == "embedding":
        price = 0.0  # an embedding puts out no tokens
    return _over("output", one.model, price, need.max_price_output)


def _licence(one: Appraised, need: Need) -> str | None:
    if need.open_weights is None or one.model.open_weights is need.open_weights:
        return None
    if one.model.open_weights is None:
        return "not known whether its weights are open"
    return "weights are not open" if need.open_weights else "weights are open"


CHECKS: Mapping[str, Check] = {
    "provider": _provider,
    "kind": _kind,
    "status": _status,
    "exclude_models": _exclusion,
    "needs": _capabilities,
    "context_min": _context,
    "max_price_input": _price_input,
    "max_price_output": _price_output,
    "open_weights": _licence,
    "special": _special,
    "moving": _moving,
    "withdrawn": _withdrawn,
}

OWN_RULES: Mapping[str, str] = {
    "special": "models made for one task were let in",
    "moving": "names that mean another model every few months were let in",
    "withdrawn": "models that their maker has deprecated were let in",
}
"""Checks that are ours and not the user's, in the order in which they are lifted when nothing else is left."""


_READ = (
    *("mode", "providers", "exclude_models", "capabilities", "context_min"),
    *("max_price_input", "max_price_output", "open_weights"),
)
"""What of a `Need` the checks read, beside whether it weighs coding."""

_FIELDS: Mapping[str, str] = {
    "exclude_models": "exclude_models",
    "needs": "capabilities",
    "context_min": "context_min",
    "max_price_input": "max_price_input",
    "max_price_output": "max_price_output",
    "open_weights": "open_weights",
}
"""Checks that are made only when the role states something, and the field of `Need` that holds it."""


def _over(side: str, model: CanonicalModel, price: float | None, limit: float | None) -> str | None:
    if limit is None:
        return None
    if model.price_state != "known" or price is None:
        return f"{side} price {'included in a plan' if model.price_state == 'included' else 'not known'}"
    return None if price <= limit else f"{side} price ${price:g} is over ${limit:g}"


def _able(model: CanonicalModel, capability: Capability) -> bool | None:
    if capability in _INPUTS:
        return _INPUTS[capability] in model.input_modalities if model.input_modalities else None
    stated = {
        "tools": model.supports_tool_call,
        "structured_output": model.supports_structured_output,
        "reasoning": model.supports_reasoning,
    }
    return stated[capability]


_INPUTS: Mapping[Capability, str] = {"vision": "image", "pdf": "pdf", "audio": "audio"}
