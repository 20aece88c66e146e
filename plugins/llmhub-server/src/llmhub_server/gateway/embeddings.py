"""`POST /v1/embeddings`."""

from __future__ import annotations

from array import array
from base64 import b64encode
from collections.abc import Awaitable, Mapping
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Answer, Operation, as_json
from llmhub_server.gateway.problem import invalid

FIELDS = Fields(
    required={"model": kinds.TEXT, "input": kinds.TEXT_OR_LIST},
    optional={
        "dimensions": kinds.INTEGER,
        "encoding_format": kinds.TEXT,
        "input_type": kinds.TEXT,
        "metadata": kinds.OBJECT,
        "user": kinds.TEXT,
    },
)
"""OpenAI's, and `input_type`, which Cohere and Voyage tell questions from documents by."""

_ENCODINGS = (None, "float", "base64")


def _check(document: Mapping[str, Any]) -> None:
    _check_texts(document["input"])
    if document.get("encoding_format") not in _ENCODINGS:
        message = f"'encoding_format' must be 'float' or 'base64', not {document['encoding_format'][:80]!r}."
        raise invalid(message, param="encoding_format", code="invalid_value")


def _check_texts(given: Any) -> None:
    if isinstance(given, str):
        return
    if not given:
        raise invalid("'input' must not be empty.", param="input", code="invalid_value")
    if all(type(one) is str for one in given):
        return
    if any(type(one) in (int, list) for one in given):
        message = (
            "'input' must be a string or an array of strings. Tokens mean something to one model alone, "
            "and a role may be served by any: send the text."
        )
        raise invalid(message, param="input", code="tokens_not_supported")
    raise invalid("'input' must be a string or an array of strings.", param="input", code="invalid_type")


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    # The vectors come as numbers whatever is asked for; in which form they go on is this module's matter.
    given.encoding = given.params.pop("encoding_format", None)
    return hub.aembedding(given.role, given.params.pop("input"), **given.options())


def _answer(given: Asked, answer: Any) -> Answer:
    if given.encoding == "base64":
        answer = answer.model_copy(
            update={"data": [each.model_copy(update={"embedding": _packed(each.embedding)}) for each in answer.data]}
        )
    return as_json(given, answer)


def _packed(vector: Any) -> str:
    """Little-endian floats of 32 bits, as OpenAI packs them."""
    numbers = array("f", vector)
    if _BIG_ENDIAN:
        numbers.byteswap()
    return b64encode(numbers.tobytes()).decode()


_BIG_ENDIAN = array("H", [1]).tobytes() == b"\0\1"

OPERATION = Operation(
    path="/v1/embeddings", method="embedding", dialect=CHAT, fields=FIELDS, check=_check, begin=_begin, answer=_answer
)
