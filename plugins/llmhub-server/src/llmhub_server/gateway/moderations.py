"""`POST /v1/moderations`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway import kinds
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import Fields
from llmhub_server.gateway.operation import Operation

FIELDS = Fields(
    required={"model": kinds.TEXT, "input": kinds.TEXT_OR_LIST}, optional={"metadata": kinds.OBJECT, "user": kinds.TEXT}
)


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    return hub.amoderation(given.role, given.params.pop("input"), **given.options())


OPERATION = Operation(path="/v1/moderations", method="moderation", dialect=CHAT, fields=FIELDS, begin=_begin)
