"""What the provider server answers: a function of the question alone, in no dialect.

A plain question is echoed ("You said: ..."), a schema gets its smallest instance, a tool is called with the smallest
arguments its schema accepts. Tokens are words between white space.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from attrs import evolve, frozen

from llmhub.testing.faults import Fault
from llmhub.testing.schemas import minimal_instance

Finish = Literal["stop", "length", "tool_call", "filtered"]


@frozen(kw_only=True)
class Tool:
    """A tool that the request offers."""

    name: str
    parameters: Mapping[str, Any]


@frozen(kw_only=True)
class Question:
    """A chat request without its dialect.

    `text` is the last thing said; `input_tokens` counts every word of the request. `tool_choice` is `auto`, `none`,
    `required` or, with `name:` before it, the name of a tool. `schema` is what the answer must satisfy.
    """

    text: str
    input_tokens: int
    from_tool: bool = False
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    schema: Mapping[str, Any] | None = None
    max_tokens: int | None = None
    scripted: str | None = None


@frozen(kw_only=True)
class Answer:
    """A chat answer without its dialect: the text in the pieces a stream sends, or one tool call."""

    pieces: tuple[str, ...]
    input_tokens: int
    output_tokens: int
    finish: Finish | None = "stop"
    tool: str | None = None
    arguments: str = ""

    @property
    def text(self) -> str:
        return "".join(self.pieces)


JSON_OBJECT: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
}
"""What a request for just any JSON object is taken to ask for."""

_PIECE: Final = re.compile(r"\s*\S+\s*")


def answer(question: Question, fault: Fault) -> Answer:
    """The one answer to *question*, as far as *fault* lets it through.

    Raises:
        UnsatisfiedSchemaError: a schema in the request has no instance that could be made up here.
    """
    whole = _spoken(question) if (tool := _called(question)) is None else _calling(tool, question)
    if fault.kind == "empty":
        return evolve(whole, pieces=(), output_tokens=0, tool=None, arguments="", finish="stop")
    if fault.kind == "filtered":
        return evolve(whole, pieces=(), output_tokens=0, tool=None, arguments="", finish="filtered")
    if fault.kind == "no-finish":
        return evolve(whole, finish=None)
    return whole


def _called(question: Question) -> Tool | None:
    if not question.tools or question.tool_choice == "none":
        return None
    if question.tool_choice == "required":
        return question.tools[0]
    if question.tool_choice.startswith("name:"):
        wanted = question.tool_choice.removeprefix("name:")
        return next((tool for tool in question.tools if tool.name == wanted), None)
    if question.from_tool:
        return None
    words = set(re.findall(r"[\w-]+", question.text))
    named = next((tool for tool in question.tools if tool.name in words), None)
    return named or (question.tools[0] if words & {"tool", "tools"} else None)


def _calling(tool: Tool, question: Question) -> Answer:
    arguments = json.dumps(minimal_instance(tool.parameters))
    return Answer(
        pieces=(),
        input_tokens=question.input_tokens,
        output_tokens=1 + count_words(arguments),
        finish="tool_call",
        tool=tool.name,
        arguments=arguments,
    )


def _spoken(question: Question) -> Answer:
    if question.scripted is not None:
        text = question.scripted
    elif question.schema is not None:
        text = json.dumps(minimal_instance(question.schema))
    else:
        text = f"{'The tool' if question.from_tool else 'You'} said: {question.text}"
    pieces = tuple(_PIECE.findall(text))
    kept = pieces[: question.max_tokens]
    return Answer(
        pieces=kept,
        input_tokens=question.input_tokens,
        output_tokens=len(kept),
        finish="stop" if len(kept) == len(pieces) else "length",
    )


def count_words(text: str) -> int:
    return len(text.split())


def text_of(content: Any) -> str:
    """The text of a message's content, be it a string or a list of parts; parts without text say nothing."""
    if isinstance(content, str):
        return content
    if not isinstance(content, Iterable) or isinstance(content, Mapping):
        return ""
    texts = (part.get("text") for part in content if isinstance(part, Mapping))
    return " ".join(text for text in texts if isinstance(text, str))


def unit_vector(text: str, dimensions: int) -> list[float]:
    """A vector of length 1 that follows from *text*; different texts point in unrelated directions."""
    digest = hashlib.shake_128(text.encode()).digest(2 * dimensions)
    numbers = struct.unpack(f"<{dimensions}h", digest)
    length = math.sqrt(sum(number * number for number in numbers)) or 1.0
    return [number / length for number in numbers]


def identifier(prefix: str, body: bytes) -> str:
    """An id that follows from the request, so that the same request is answered alike."""
    return prefix + hashlib.sha256(body).hexdigest()[:24]
