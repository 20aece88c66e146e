"""What a model said about one role, believed only when all of it passes. Pure.

Within these bounds even an answer that someone else has dictated can do little: it may order models that satisfy the
role anyway, and ask for more. It cannot bring in a model, lift a limit, or change what the spec states.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

from attrs import field, frozen

from llmhub.builtin.llm_assisted.question import LEVELS, Question
from llmhub.records.spec import Capability, Level

LONGEST_ANSWER = 20_000
LONGEST_REASON = 300
LARGEST_CONTEXT = 10_000_000


class RefusedAnswerError(ValueError):
    """An answer that is not to be used; the message lists all that is wrong with it."""


@frozen(kw_only=True)
class Advice:
    """An answer that passed: an order among the shortlist, what to add to the needs, and the model's own reason."""

    order: tuple[str, ...]
    reason: str
    levels: Mapping[str, Level] = field(factory=dict)
    context_min: int | None = None
    capabilities: tuple[Capability, ...] = ()

    @property
    def adds_needs(self) -> bool:
        return bool(self.levels or self.context_min or self.capabilities)


def advice_from(text: str, question: Question) -> Advice:
    """The advice that *text* gives on *question*.

    Raises:
        RefusedAnswerError: it is malformed, or says anything that it may not.
    """
    document = _parsed(text)
    faults = list(_faults(document, question))
    if faults:
        raise RefusedAnswerError("; ".join(faults))
    needs = document.get("needs") or {}
    context_min = needs.get("context_min")
    advice = Advice(
        order=tuple(document["order"]),
        reason=one_line(document["reason"])[:LONGEST_REASON],
        levels={name: needs[name] for name in LEVELS if needs.get(name) and name not in question.stated},
        context_min=context_min if context_min != question.need.context_min else None,
        capabilities=tuple(
            one for one in dict.fromkeys(needs.get("capabilities") or ()) if one not in question.need.capabilities
        ),
    )
    if not advice.order and not advice.adds_needs:
        raise RefusedAnswerError("it names no model and no need")
    return advice


def one_line(text: str) -> str:
    """*text* fit for a line of a file or a terminal: no control characters, line breaks or double quotes."""
    spaced = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return re.sub('["“”]', "'", " ".join(spaced.split()))


def _parsed(text: str) -> Mapping[str, Any]:
    if not text.strip():
        raise RefusedAnswerError("it is empty")
    if len(text) > LONGEST_ANSWER:
        raise RefusedAnswerError(f"it is longer than {LONGEST_ANSWER:,} characters")
    fenced = _FENCED.fullmatch(text.strip())
    try:
        document = json.loads(
            fenced[1] if fenced else text, object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except RefusedAnswerError:
        raise
    except (ValueError, RecursionError) as error:
        raise RefusedAnswerError(f"it is not JSON ({one_line(str(error))})") from error
    if not isinstance(document, dict):
        raise RefusedAnswerError("it is not a JSON object")
    return document


_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise RefusedAnswerError("a key stands twice in it")
    return values


def _no_constant(name: str) -> None:
    raise RefusedAnswerError(f"{name} is no number")


# --- what is wrong with it ------------------------------------------------------------------------------------------


def _faults(document: Mapping[str, Any], question: Question) -> Iterator[str]:
    yield from _unknown("key", document, ("order", "needs", "reason"))
    yield from _order_faults(document.get("order"), question)
    reason = document.get("reason")
    if not isinstance(reason, str) or not one_line(reason):
        yield "it gives no reason"
    needs = document.get("needs")
    if isinstance(needs, dict):
        yield from _needs_faults(needs, question)
    elif needs is not None:
        yield "`needs` is not an object"


def _order_faults(order: Any, question: Question) -> Iterator[str]:
    if not isinstance(order, list) or not all(isinstance(one, str) for one in order):
        yield "`order` is not a list of model ids"
        return
    yield from _unknown("model outside the shortlist:", order, question.shortlist)
    if len(set(order)) != len(order):
        yield "`order` names a model twice"


def _needs_faults(needs: Mapping[str, Any], question: Question) -> Iterator[str]:
    yield from _unknown("need", needs, (*LEVELS, "context_min", "capabilities"))
    for name in LEVELS:
        level = needs.get(name)
        if level is not None and level not in get_args(Level):
            yield f"`{name}` is not low, medium or high"
        elif level is not None and question.stated.get(name, level) != level:
            yield f"it would change `{name}: {question.stated[name]}`, which the spec states"
    yield from _context_faults(needs.get("context_min"), question.need.context_min)
    capabilities = needs.get("capabilities")
    if isinstance(capabilities, list) and all(isinstance(one, str) for one in capabilities):
        yield from _unknown("capability", capabilities, get_args(Capability))
    elif capabilities is not None:
        yield "`capabilities` is not a list of capabilities"


def _context_faults(asked: Any, stated: int | None) -> Iterator[str]:
    if asked is None:
        return
    if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= LARGEST_CONTEXT:
        yield f"`context_min` is not a number of tokens up to {LARGEST_CONTEXT:,}"
    elif stated is not None and asked < stated:
        yield f"it would lower `context_min: {stated}`, which the spec states"


def _unknown(what: str, found: Collection[str], known: Collection[str]) -> Iterator[str]:
    strangers = [one for one in dict.fromkeys(found) if one not in known]
    if strangers:
        named = ", ".join(f"'{one_line(one)[:_LONGEST_QUOTE]}'" for one in strangers[:_MOST_QUOTED])
        more = f" and {len(strangers) - _MOST_QUOTED} more" if len(strangers) > _MOST_QUOTED else ""
        yield f"{what if what.endswith(':') else f'unknown {what}'} {named}{more}"


_MOST_QUOTED = 3
_LONGEST_QUOTE = 60
