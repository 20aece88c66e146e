"""The dialects of OpenAI and Anthropic, in which a request's `model` is the name of a role.

A request is read (`body`, `form`, `fields`, `kinds`, `shapes`, `asked`), checked against the roles there are (`roles`),
and answered by an `exchange`, which is the same for every `operation`: `chat`, `embeddings`, `responses`, `messages`,
`images`, `speech`, `transcriptions`, `moderations`, `rerank`. `models` lists the roles. `witness` learns from the hub
what came of the call, `headers` tell it, `problem` and `dialect` say what went wrong, `elsewhere` that there is no such
route. `presence` breaks off a call whose client went away.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server.gateway import (
    chat,
    embeddings,
    images,
    messages,
    models,
    moderations,
    rerank,
    responses,
    speech,
    transcriptions,
)
from llmhub_server.gateway.elsewhere import HANDLERS, NOT_COUNTED, Elsewhere
from llmhub_server.gateway.exchange import Exchange
from llmhub_server.gateway.operation import Operation
from llmhub_server.service import Service

__all__ = ["HANDLERS", "OPERATIONS", "routes"]

OPERATIONS: tuple[Operation, ...] = (
    chat.OPERATION,
    embeddings.OPERATION,
    responses.OPERATION,
    messages.OPERATION,
    images.OPERATION,
    speech.OPERATION,
    transcriptions.OPERATION,
    moderations.OPERATION,
    rerank.OPERATION,
)


def routes(service: Service) -> list[BaseRoute]:
    """Every route of the gateway."""
    return [
        *(Route(operation.path, Exchange(service, operation)) for operation in OPERATIONS),
        *models.routes(service),
        Route("/v1/messages/count_tokens", Elsewhere(NOT_COUNTED)),
    ]
