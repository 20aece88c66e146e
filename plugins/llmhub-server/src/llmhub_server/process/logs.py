"""Where a server's log lines go: to standard error, for whatever runs it to keep."""

from __future__ import annotations

import logging
import sys


def log_to_stderr() -> None:
    """Warnings of everything, and of the server itself what happens to it."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("llmhub.server").setLevel(logging.INFO)
    # A line for every malformed request would let strangers fill the disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
