"""The ASGI application: from a request to the reply that its path, its key and its fault call for.

A plain callable that looks a path up in a table. No framework and no middleware stand between the server and the
answer, because benchmarks measure against it.
"""

from __future__ import annotations

import hmac
import json
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from email.utils import formatdate
from types import ModuleType
from typing import Any, Final

from llmhub.testing import anthropic_wire, faults, openai_chat, openai_media, openai_responses, openai_wire
from llmhub.testing.administration import PREFIX, administer
from llmhub.testing.counters import Counters
from llmhub.testing.delivery import deliver
from llmhub.testing.faults import OK, Fault, Scripts
from llmhub.testing.schemas import UnsatisfiedSchemaError
from llmhub.testing.wire import Refusal, RefusedError, Reply, Request, json_reply

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]
Endpoint = Callable[[Request, Fault], Reply]

_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/chat/completions": openai_chat.chat,
    "/responses": openai_responses.responses,
    "/embeddings": openai_wire.embeddings,
    "/moderations": openai_wire.moderations,
    "/images/generations": openai_media.images,
    "/audio/speech": openai_media.speech,
    "/audio/transcriptions": openai_media.transcriptions,
    "/v2/rerank": openai_media.rerank,
    "/messages": anthropic_wire.messages,
    "/messages/count_tokens": anthropic_wire.count_tokens,
}
_KEY_HEADERS: Final = (b"authorization", b"x-api-key", b"api-key")


class ProviderApp:
    """One provider: what it was told to do (`scripts`), what it saw (`counters`), the models it lists."""

    def __init__(
        self,
        *,
        scripts: Scripts,
        counters: Counters,
        models: Sequence[str],
        required_key: str | None,
        clock: Callable[[], float],
    ) -> None:
        self._scripts, self._counters, self._clock = scripts, counters, clock
        self._models = tuple(models)
        self._required_key = required_key.encode() if required_key is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        path: str = scope["path"]
        if path.startswith(PREFIX):
            reply, fault = administer(scope["method"], path, body, self._scripts, self._counters), OK
        else:
            reply, fault = self._answer(scope["method"], path, scope["headers"], body)
        await deliver(reply, fault, scope["client"], self._counters.connections, receive, send)

    def _answer(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[Reply, Fault]:
        found = dict(headers)
        route = path[3:] if path.startswith("/v1/") else path
        dialect = anthropic_wire if b"anthropic-version" in found or route.startswith("/messages") else openai_wire
        document, not_json = _parsed(body, found.get(b"content-type", b"").decode("latin-1"))
        model = document.get("model")
        model = model if isinstance(model, str) else ""
        self._counters.count(method, path, model or None, headers, body)
        fault = OK
        try:
            self._check_key(found)
            endpoint = self._endpoint(method, route, dialect)
            if not_json and method == "POST":
                raise RefusedError(Refusal(reason="not_json", detail=not_json))
            fault = self._fault(found, model)
            self._check_fault(fault, model, document)
            scripted = self._scripts.reply_for(model)
            return endpoint(Request(document=document, body=body, model=model, scripted=scripted), fault), fault
        except RefusedError as refused:
            return dialect.refuse(refused.refusal), fault
        except UnsatisfiedSchemaError as problem:
            return dialect.refuse(Refusal(reason="invalid", name="schema", detail=str(problem))), fault

    def _check_key(self, headers: Mapping[bytes, bytes]) -> None:
        if self._required_key is None:
            return
        shown = next((headers[name] for name in _KEY_HEADERS if name in headers), b"")
        if not hmac.compare_digest(shown.removeprefix(b"Bearer "), self._required_key):
            raise RefusedError(Refusal(reason="wrong_key"))

    def _endpoint(self, method: str, route: str, dialect: ModuleType) -> Endpoint:
        if method == "POST" and route in _ENDPOINTS:
            return _ENDPOINTS[route]
        if method == "GET" and route == "/models":
            return lambda request, fault: dialect.model_list(() if fault.kind == "empty" else self._models)
        if method == "GET" and route.startswith("/models/"):
            name = route.removeprefix("/models/")
            if name in self._models:
                return lambda request, fault: json_reply(dialect.model_entry(name))
            raise RefusedError(Refusal(reason="status", status=404, name=name))
        raise RefusedError(Refusal(reason="unknown_path", name=f"{method} {route}"))

    def _fault(self, headers: Mapping[bytes, bytes], model: str) -> Fault:
        asked = headers.get(faults.HEADER)
        name, word = (faults.HEADER.decode(), asked.decode("latin-1")) if asked else ("model", "")
        if not asked and model.startswith(faults.MODEL_PREFIX):
            word = model.removeprefix(faults.MODEL_PREFIX)
        if not word:
            return self._scripts.fault_for(model)
        try:
            return Fault.parse(word)
        except ValueError as problem:
            raise RefusedError(Refusal(reason="invalid", name=name, detail=str(problem))) from None

    def _check_fault(self, fault: Fault, model: str, document: Mapping[str, Any]) -> None:
        """Raise the refusal that *fault* stands for, if it stands for one."""
        if fault.kind == "status":
            wait = _retry_after(fault, self._clock)
            raise RefusedError(Refusal(reason="status", status=fault.status, name=model, retry_after=wait))
        if fault.kind == "context-length":
            tokens = str(len(openai_media.as_text(document).split()))
            raise RefusedError(Refusal(reason="context_length", detail=tokens))
        if fault.kind == "content-filter":
            raise RefusedError(Refusal(reason="content_filter"))
        if fault.kind == "insufficient-quota":
            raise RefusedError(Refusal(reason="insufficient_quota"))


def _parsed(body: bytes, content_type: str) -> tuple[Mapping[str, Any], str]:
    if content_type.startswith("multipart/form-data"):
        return openai_media.form(body, content_type), ""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        return {}, str(problem)
    return (document, "") if isinstance(document, dict) else ({}, f"it is {type(document).__name__}")


def _retry_after(fault: Fault, clock: Callable[[], float]) -> bytes | None:
    if fault.retry_after is None:
        return None
    if fault.retry_after_form == "seconds":
        return f"{fault.retry_after:g}".encode()
    return formatdate(math.ceil(clock() + fault.retry_after), usegmt=True).encode()
