"""What calls cost, budgets, variants, and how targets do."""

from __future__ import annotations

from llmhub_server.page.context import PageContext
from llmhub_server.page.text import words


async def build(context: PageContext) -> None:
    """Draw it."""
    words("h1", "Spend")
