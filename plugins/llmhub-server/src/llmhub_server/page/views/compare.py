"""The view `compare`."""

from __future__ import annotations

from llmhub_server.page.context import PageContext
from llmhub_server.page.text import words


def build(context: PageContext) -> None:
    """Draw it."""
    words("h1", "Compare")
    words("p", f"{len(context.catalog().models)} models")
