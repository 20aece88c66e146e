"""Our errors as errors of a tool: told to the model, which can mend its question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mcp.server.mcpserver.exceptions import ToolError  # noqa: TID253 - imported by `llmhub mcp`, never at start-up

from llmhub.errors import HubError
from llmhub_server.catalog_api.problems import RefusedError, body_of


@contextmanager
def refusing() -> Iterator[None]:
    """Within it a refusal, or an error of LLM Hub, becomes one that the caller reads.

    Raises:
        ToolError: in their place.
    """
    try:
        yield
    except RefusedError as refusal:
        told = body_of(refusal)
        raise ToolError(f"{told['title']}. {told['detail']}".strip()) from refusal
    except HubError as error:
        raise ToolError(str(error)) from error
