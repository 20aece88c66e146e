"""The fields a request may have: their types, and what is wrong with those it has.

Only what stands in a table reaches a provider. SDKs take more than the bodies of requests have (other addresses, other
keys), and none of that is a client's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from attrs import frozen

from llmhub.errors import nearest
from llmhub_server.gateway.kinds import NAMES, Kind, named
from llmhub_server.gateway.problem import ProblemError, invalid

Types = Mapping[str, Kind]

MOST_ENTRIES = 10_000
"""Of an array or object: several times what any API takes. Each is turned over in Python several times before it is
sent, and the other calls of the worker wait meanwhile."""

MOST_FAULTS = 20
"""That are told at once; looking for a name that comes near takes its time."""

LONGEST_NAME = 80
"""Characters of what was sent that a message repeats."""


@frozen(kw_only=True)
class Fields:
    """The fields of one kind of request."""

    required: Types
    optional: Types

    def check(self, document: Mapping[str, Any]) -> None:
        """Raises:
        ProblemError: fields are missing, of a wrong type, or unknown; all of them are named.
        """
        required, optional = self.required, self.optional
        for name, value in document.items():
            types, found = required.get(name) or optional.get(name), type(value)
            if types is None or not (found in types or (value is None and name in optional)):
                break
            if (found is list or found is dict) and len(value) > MOST_ENTRIES:
                break
        else:
            if all(document.get(name) is not None for name in required):
                return
        raise _refusal(tuple(islice(self._faults(document), MOST_FAULTS)))

    def _faults(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        known = {**self.required, **self.optional}
        for name in self.required:
            if name not in document:
                yield name, "missing_field", f"{name!r} is missing: {named(self.required[name])}"
        for name, value in document.items():
            if name not in known:
                shown = name[:LONGEST_NAME]
                close = nearest(shown, sorted(known))
                hint = f"; did you mean {close!r}?" if close else ""
                yield shown, "unknown_parameter", f"{shown!r} is no parameter of this route{hint}"
            elif type(value) not in known[name]:
                if value is not None or name in self.required:
                    expected, found = named(known[name]), NAMES[type(value)]
                    yield name, "invalid_type", f"{name!r} must be {expected}, and is {found}"
            elif type(value) in (list, dict) and len(value) > MOST_ENTRIES:
                yield name, "too_many", f"{name!r} has {len(value):,} entries; {MOST_ENTRIES:,} are the most"


def _refusal(faults: tuple[tuple[str, str, str], ...]) -> ProblemError:
    name, code, _ = faults[0]
    told = "; ".join(message for _, _, message in faults)
    return invalid(told if told.endswith("?") else f"{told}.", param=name, code=code)


def expect(value: Any, types: Kind, name: str) -> Any:
    """*value*, which must be of one of *types*.

    Raises:
        ProblemError: it is not, or there is none.
    """
    if type(value) in types:
        return value
    if value is None:
        raise invalid(f"{name!r} is missing: {named(types)}.", param=name, code="missing_field")
    found = NAMES[type(value)]
    raise invalid(f"{name!r} must be {named(types)}, and is {found}.", param=name, code="invalid_type")


def check_number(messages: list[Any], name: str) -> None:
    """That *messages*, with the parts of their contents, are no more than the entries that anything may have.

    Raises:
        ProblemError: they are.
    """
    number = _number(messages)
    if number > MOST_ENTRIES:
        message = f"{name!r} has {number:,} entries and parts of them; {MOST_ENTRIES:,} are the most."
        raise invalid(message, param=name, code="too_many")


def _number(entries: Any) -> int:
    if type(entries) is not list:
        return 0
    return len(entries) + sum(_number(each.get("content")) for each in entries if type(each) is dict)
