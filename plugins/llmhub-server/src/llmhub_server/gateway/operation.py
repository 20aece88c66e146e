"""One thing that the gateway answers: its path, its fields, the hub's method, and what is made of the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from attrs import frozen

from llmhub.records.calls import Method
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.body import parse
from llmhub_server.gateway.dialect import JSON, Dialect
from llmhub_server.gateway.fields import Fields


class Answer(NamedTuple):
    """A whole answer as it is sent."""

    body: bytes
    content_type: bytes = JSON


def as_json(_: Asked, answer: Any) -> Answer:
    """any-llm's own object as JSON: what it was told, and no more."""
    return Answer(json_of(answer).encode())


def event_json(_: Asked, event: Any) -> str:
    """any-llm's own event of a stream as JSON."""
    return json_of(event)


def json_of(answer: Any, exclude: set[str] | None = None) -> str:
    """*answer* under the names of the API, which are not always those of the SDKs' own fields."""
    text: str = answer.model_dump_json(exclude_unset=True, by_alias=True, warnings=False, exclude=exclude)
    return text


Begin = Callable[..., Awaitable[Any]]
"""An asynchronous method of the hub, whose answer is a whole one or a stream as it is asked."""


def _json(body: bytes, _: Mapping[bytes, bytes]) -> dict[str, Any]:
    return parse(body)


def _in_order(_: dict[str, Any]) -> None:
    """Nothing but the types of its fields is to be known of such a document."""


@frozen(kw_only=True, eq=False)
class Operation:
    """`parse` makes a document of a body and the headers, `fields` and `check` raise `ProblemError` for what is wrong
    with it, and `check` may put it in order.

    `begin` makes the call on a hub. `answer` words a whole answer, `chunk` a chunk of a stream: its JSON, or `None`
    for one that the client did not ask for.
    """

    path: str
    method: Method
    dialect: Dialect
    fields: Fields
    begin: Callable[[Any, Asked], Awaitable[Any]]
    parse: Callable[[bytes, Mapping[bytes, bytes]], dict[str, Any]] = _json
    check: Callable[[dict[str, Any]], None] = _in_order
    answer: Callable[[Asked, Any], Answer] = as_json
    chunk: Callable[[Asked, Any], str | None] | None = None

    def document(self, body: bytes, headers: Mapping[bytes, bytes]) -> dict[str, Any]:
        """The document of a request.

        Raises:
            ProblemError: it has faults.
        """
        document = self.parse(body, headers)
        self.fields.check(document)
        self.check(document)
        return document
