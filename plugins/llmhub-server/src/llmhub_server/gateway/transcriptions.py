"""`POST /v1/audio/transcriptions`, which comes as a form."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.form import parse
from llmhub_server.gateway.operation import Answer, Operation, as_json
from llmhub_server.gateway.problem import invalid

FIELDS = Fields(
    required={"model": kinds.TEXT, "file": kinds.FILE},
    optional={
        "filename": kinds.TEXT,
        "language": kinds.TEXT,
        "prompt": kinds.TEXT,
        "response_format": kinds.TEXT,
        "temperature": kinds.NUMBER,
        "timestamp_granularities": kinds.LIST,
        "user": kinds.TEXT,
    },
)

_TEXTS = {"text": b"text/plain; charset=utf-8", "srt": b"application/x-subrip", "vtt": b"text/vtt; charset=utf-8"}
_FORMATS = (None, "json", "verbose_json", *_TEXTS)


def _parse(body: bytes, headers: Mapping[bytes, bytes]) -> dict[str, Any]:
    document = parse(body, headers)
    if "temperature" in document:
        document["temperature"] = _number(document["temperature"])
    return document


def _check(document: Mapping[str, Any]) -> None:
    wanted = document.get("response_format")
    if wanted not in _FORMATS:
        listed = ", ".join(repr(name) for name in _FORMATS if name)
        raise invalid(f"'response_format' must be one of {listed}.", param="response_format", code="invalid_value")


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    given.encoding = given.params.get("response_format")
    return hub.atranscription(given.role, given.params.pop("file"), **given.options())


def _answer(given: Asked, answer: Any) -> Answer:
    if given.encoding in _TEXTS:
        return Answer(answer.text.encode(), _TEXTS[given.encoding])
    return as_json(given, answer)


OPERATION = Operation(
    path="/v1/audio/transcriptions",
    method="transcription",
    dialect=CHAT,
    parse=_parse,
    fields=FIELDS,
    check=_check,
    begin=_begin,
    answer=_answer,
)
