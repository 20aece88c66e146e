"""`POST /v1/rerank`, with the fields that Cohere, Jina and Voyage have in common."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Answer, Operation, as_json, json_of
from llmhub_server.gateway.problem import invalid

FIELDS = Fields(
    required={"model": kinds.TEXT, "query": kinds.TEXT, "documents": kinds.LIST},
    optional={
        "max_tokens_per_doc": kinds.INTEGER,
        "metadata": kinds.OBJECT,
        "return_documents": kinds.FLAG,
        "top_n": kinds.INTEGER,
        "user": kinds.TEXT,
    },
)


def _check(document: dict[str, Any]) -> None:
    document["documents"] = [_text(one, number) for number, one in enumerate(document["documents"])]
    if not document["documents"]:
        raise invalid("'documents' must not be empty.", param="documents", code="invalid_value")


def _text(given: Any, number: int) -> str:
    """A document is a text, or an object with one."""
    text = given.get("text") if isinstance(given, dict) else given
    if not isinstance(text, str):
        name = f"documents[{number}]"
        raise invalid(f"{name!r} must be a string, or an object with a 'text'.", param=name, code="invalid_type")
    return text


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    documents = given.params.pop("documents")
    given.documents = documents if given.params.pop("return_documents", False) else None
    return hub.arerank(given.role, given.params.pop("query"), documents, **given.options())


def _answer(given: Asked, answer: Any) -> Answer:
    if given.documents is None:
        return as_json(given, answer)
    said = json.loads(json_of(answer))
    for result in said["results"]:
        result["document"] = {"text": given.documents[result["index"]]}
    return Answer(json.dumps(said, ensure_ascii=False).encode())


OPERATION = Operation(
    path="/v1/rerank",
    method="rerank",
    dialect=CHAT,
    fields=FIELDS,
    check=_check,
    begin=_begin,
    answer=_answer,
)
