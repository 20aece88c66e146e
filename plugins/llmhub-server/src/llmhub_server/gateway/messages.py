"""`POST /v1/messages`, in Anthropic's dialect, whichever provider serves the role."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import MESSAGES
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Begin, Operation, json_of
from llmhub_server.gateway.shapes import check_messages

FIELDS = Fields(
    required={"model": kinds.TEXT, "messages": kinds.LIST},
    optional={
        "cache_control": kinds.OBJECT,
        "container": kinds.TEXT_OR_OBJECT,
        "context_management": kinds.OBJECT,
        "max_tokens": kinds.INTEGER,
        "metadata": kinds.OBJECT,
        "output_config": kinds.OBJECT,
        "output_format": kinds.OBJECT,
        "service_tier": kinds.TEXT,
        "stop_sequences": kinds.LIST,
        "stream": kinds.FLAG,
        "system": kinds.TEXT_OR_LIST,
        "temperature": kinds.NUMBER,
        "thinking": kinds.OBJECT,
        "tool_choice": kinds.OBJECT,
        "tools": kinds.LIST,
        "top_k": kinds.INTEGER,
        "top_p": kinds.NUMBER,
    },
)
"""Anthropic's. `max_tokens` may be left to the role."""


def _check(document: dict[str, Any]) -> None:
    check_messages(document["messages"])


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    if given.betas and _all_native(hub, given.role):
        given.params["betas"] = list(given.betas)
    ask: Begin = hub.amessages
    return ask(given.role, given.params.pop("messages"), stream=given.stream, **given.options())


def _all_native(hub: Hub, role: str) -> bool:
    """Whether each target of *role* has Anthropic's own API. To any other a feature under trial means nothing, and a
    fallback could not go without it."""
    providers = hub.config.providers
    for target in hub.resolve(role).targets:
        settings = providers.get(target.provider)
        if ((settings and settings.type) or target.provider) not in _NATIVE:
            return False
    return True


def _event(_: Asked, event: Any) -> str:
    return json_of(event, _ADDED.get(event.type))


_ADDED: Mapping[str, set[str]] = {"content_block_stop": {"content_block"}, "message_stop": {"message"}}
"""What Anthropic's SDK adds to its API's events: all that was said before, once more."""

_NATIVE = frozenset({"anthropic", "azureanthropic", "vertexaianthropic"})

OPERATION = Operation(
    path="/v1/messages",
    method="messages",
    dialect=MESSAGES,
    fields=FIELDS,
    check=_check,
    begin=_begin,
    chunk=_event,
)
