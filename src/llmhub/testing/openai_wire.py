"""The dialect of OpenAI: errors, embeddings, models, moderations."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Sequence
from typing import Any, Final

from llmhub.testing.answers import count_words, identifier, text_of, unit_vector
from llmhub.testing.faults import Fault
from llmhub.testing.wire import (
    CREATED,
    Fields,
    Refusal,
    RefusedError,
    Reply,
    Request,
    check_at_most,
    check_fields,
    check_positive,
    json_reply,
    refusal_reply,
)

_EMBEDDINGS_OPTIONAL: Final[Fields] = {"dimensions": (int,), "encoding_format": (str,), "user": (str,)}


def embeddings(request: Request, fault: Fault) -> Reply:
    """Answer `POST /embeddings`."""
    document = request.document
    check_fields(document, {"model": (str,), "input": (str, list)}, _EMBEDDINGS_OPTIONAL)
    check_positive(document, "dimensions")
    check_at_most(document, "dimensions", 100_000)
    encoding = document.get("encoding_format") or "float"
    if encoding not in ("float", "base64"):
        raise RefusedError(Refusal(reason="invalid", name="encoding_format", detail="must be float or base64"))
    inputs = _inputs(document["input"])
    dimensions = document.get("dimensions") or 1536
    vectors = [] if fault.kind == "empty" else [unit_vector(text, dimensions) for text, _ in inputs]
    tokens = sum(count for _, count in inputs)
    return json_reply(
        {
            "object": "list",
            "data": [
                {"object": "embedding", "index": index, "embedding": _encoded(vector, encoding)}
                for index, vector in enumerate(vectors)
            ],
            "model": request.model,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }
    )


def _inputs(given: Any) -> list[tuple[str, int]]:
    """Each input as text with its count of tokens; an input may be given as token numbers."""
    if isinstance(given, str):
        return [(given, count_words(given))]
    if not given:
        raise RefusedError(Refusal(reason="invalid", name="input", detail="must not be empty"))
    if all(isinstance(one, int) for one in given):
        given = [given]
    if not all(isinstance(one, str | list) for one in given):
        raise RefusedError(Refusal(reason="wrong_type", name="input", detail="strings or lists of token numbers"))
    return [(one, count_words(one)) if isinstance(one, str) else (json.dumps(one), len(one)) for one in given]


def _encoded(vector: list[float], encoding: str) -> list[float] | str:
    return vector if encoding == "float" else base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def model_entry(name: str) -> dict[str, Any]:
    """One entry of `GET /models`, and the answer to `GET /models/NAME`."""
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "llmhub"}


def model_list(names: Sequence[str]) -> Reply:
    """Answer `GET /models`."""
    return json_reply({"object": "list", "data": [model_entry(name) for name in names]})


_CATEGORIES: Final = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm"),
    *("self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic"),
)


def moderations(request: Request, fault: Fault) -> Reply:
    """Answer `POST /moderations`: a category is flagged where the text has its name in it."""
    document = request.document
    check_fields(document, {"input": (str, list)}, {"model": (str,)})
    given = document["input"]
    texts = [given] if isinstance(given, str) else [one if isinstance(one, str) else text_of([one]) for one in given]
    results = [] if fault.kind == "empty" else [_judged(text) for text in texts]
    model = request.model or "omni-moderation-latest"
    return json_reply({"id": identifier("modr-", request.body), "model": model, "results": results})


def _judged(text: str) -> dict[str, Any]:
    found = {category: category in text.lower() for category in _CATEGORIES}
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {category: 1.0 if flagged else 0.0 for category, flagged in found.items()},
        "category_applied_input_types": {category: ["text"] for category in found},
    }


_WORDING: Final = {
    "missing": ("Missing required parameter: '{name}'.", "missing_required_parameter"),
    "wrong_type": ("Invalid type for '{name}': expected {detail}.", "invalid_type"),
    "invalid": ("Invalid value for '{name}': {detail}.", "invalid_value"),
    "not_json": ("The body of the request is not a JSON object: {detail}", None),
    "unknown_path": ("Invalid URL ({name})", None),
    "wrong_key": ("Incorrect API key provided.", "invalid_api_key"),
    "context_length": (
        "This model's maximum context length is 8 tokens. However, your messages resulted in {detail} tokens.",
        "context_length_exceeded",
    ),
    "content_filter": ("The prompt was rejected by the content filter.", "content_filter"),
    "insufficient_quota": ("You exceeded your current quota: the account has no credit left.", "insufficient_quota"),
}
_STATUS_WORDING: Final = {
    401: ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    402: ("Insufficient balance.", "insufficient_balance", "insufficient_balance"),
    403: ("Your key may not use the model {name}.", "invalid_request_error", "permission_denied"),
    404: ("The model {name} does not exist, or not for you.", "invalid_request_error", "model_not_found"),
    429: ("Rate limit reached for {name}.", "requests", "rate_limit_exceeded"),
}
_STATUS_BY_REASON: Final = {"unknown_path": 404, "wrong_key": 401, "insufficient_quota": 429}


def refuse(refusal: Refusal) -> Reply:
    """Word *refusal* as OpenAI does."""
    if refusal.reason == "status":
        status = refusal.status
        kind = "server_error" if status >= 500 else "invalid_request_error"
        wording = ("The server could not answer." if status >= 500 else "The request was refused.", kind, None)
        message, kind, code = _STATUS_WORDING.get(status, wording)
    else:
        status = _STATUS_BY_REASON.get(refusal.reason, 400)
        message, code = _WORDING[refusal.reason]
        kind = "insufficient_quota" if refusal.reason == "insufficient_quota" else "invalid_request_error"
    field = refusal.name if refusal.reason in ("missing", "wrong_type", "invalid") else None
    error = {
        "message": message.format(name=refusal.name, detail=refusal.detail),
        "type": kind,
        "param": "messages" if refusal.reason == "context_length" else field,
        "code": code,
    }
    return refusal_reply(refusal, status, {"error": error})
