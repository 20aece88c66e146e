"""What calls cost, budgets, variants, and how targets do."""

from __future__ import annotations

from llmhub_server.page.context import PageContext
from llmhub_server.page.spend.view import draw


async def build(context: PageContext) -> None:
    """Draw it."""
    await draw(context)
