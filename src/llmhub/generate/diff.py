"""What a new `llmhub.yaml` changes in the present one. Pure."""

from __future__ import annotations

from difflib import unified_diff

__all__ = ["difference"]


def difference(present: str | None, new: str, file: str = "llmhub.yaml") -> str:
    """A unified diff from *present* (`None`: there is no file yet) to *new*; empty when nothing changes."""
    lines = unified_diff(
        (present or "").splitlines(),
        new.splitlines(),
        fromfile="/dev/null" if present is None else file,
        tofile=file,
        lineterm="",
    )
    return "".join(f"{line}\n" for line in lines)
