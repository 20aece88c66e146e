"""`POST /v1/images/generations`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from llmhub import Hub
from llmhub_server.gateway.asked import Asked
from llmhub_server.gateway.dialect import CHAT
from llmhub_server.gateway.fields import INTEGER, OBJECT, TEXT, Fields
from llmhub_server.gateway.operation import Operation

FIELDS = Fields(
    required={"model": TEXT, "prompt": TEXT},
    optional={
        "background": TEXT,
        "metadata": OBJECT,
        "moderation": TEXT,
        "n": INTEGER,
        "output_compression": INTEGER,
        "output_format": TEXT,
        "quality": TEXT,
        "response_format": TEXT,
        "size": TEXT,
        "style": TEXT,
        "user": TEXT,
    },
)


def _begin(hub: Hub, given: Asked) -> Awaitable[Any]:
    return hub.aimage(given.role, given.params.pop("prompt"), **given.options())


OPERATION = Operation(path="/v1/images/generations", method="image", dialect=CHAT, fields=FIELDS, begin=_begin)
