"""An address that leads to no view."""

from __future__ import annotations

from llmhub_server.page.context import PageContext
from llmhub_server.page.text import words


def build(_: PageContext) -> None:
    """Say so, and show the way back."""
    words("h1", "No such page")
    words("p", "The address leads nowhere here.")
    words("a", "To the catalog", "button").props('href="/"')
