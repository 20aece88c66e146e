"""The spec as forms and as text, and what would be chosen for it."""

from __future__ import annotations

from llmhub_server.page.context import PageContext
from llmhub_server.page.editor.view import draw


async def build(context: PageContext) -> None:
    """Draw it."""
    await draw(context)
