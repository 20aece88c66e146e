"""The fields a request may have: their types, and what is wrong with those it has.

Only what stands in a table reaches a provider. SDKs take more than the bodies of requests have (other addresses, other
keys), and none of that is a client's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from llmhub.errors import nearest
from llmhub_server.gateway.kinds import NAMES, Kind, named
from llmhub_server.gateway.problem import ProblemError, invalid

Types = Mapping[str, Kind]


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
            types = required.get(name) or optional.get(name)
            if types is None or not (type(value) in types or (value is None and name in optional)):
                break
        else:
            if all(document.get(name) is not None for name in required):
                return
        raise _refusal(tuple(self._faults(document)))

    def _faults(self, document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        known = {**self.required, **self.optional}
        for name in self.required:
            if name not in document:
                yield name, "missing_field", f"{name!r} is missing: {named(self.required[name])}"
        for name, value in document.items():
            if name not in known:
                close = nearest(name, sorted(known))
                hint = f"; did you mean {close!r}?" if close else ""
                yield name, "unknown_parameter", f"{name!r} is no parameter of this route{hint}"
            elif type(value) not in known[name] and (value is not None or name in self.required):
                expected, found = named(known[name]), NAMES[type(value)]
                yield name, "invalid_type", f"{name!r} must be {expected}, and is {found}"


def _refusal(faults: tuple[tuple[str, str, str], ...]) -> ProblemError:
    name, code, _ = faults[0]
    return invalid("; ".join(message for _, _, message in faults) + ".", param=name, code=code)


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
