"""`POST /v1/images/generations`."""

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
    required={"model": kinds.TEXT, "prompt": kinds.TEXT},
    optional={
        "background": kinds.TEXT,
        "metadata": kinds.OBJECT,
        "moderation": kinds.TEXT,
        "n": kinds.INTEGER,
        "output_compression": kinds.INTEGER,
        "output_format": kinds.TEXT,
        "quality": kinds.TEXT,
        "response_format": kinds.TEXT,
        "size": kinds.TEXT,
        "style": kinds.TEXT,
        "user": kinds.TEXT,
    },
)


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    return hub.aimage(given.role, given.params.pop("prompt"), **given.options())


OPERATION = Operation(path="/v1/images/generations", method="image", dialect=CHAT, fields=FIELDS, begin=_begin)
