"""The dialects of OpenAI and Anthropic, in which a request's `model` is the name of a role.

`chat` completions.
"""

from __future__ import annotations

from starlette.routing import BaseRoute  # noqa: TID253 - imported by the worker, never at start-up

from llmhub_server.gateway import chat
from llmhub_server.service import Service


def routes(service: Service) -> list[BaseRoute]:
    """Every route of the gateway."""
    return [*chat.routes(service)]
