"""`.env`: the file that holds keys must be for one pair of eyes, and in no history."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from llmhub.cli.commands.doctor.examined import Examined
from llmhub.records.contributions import Finding


def check(examined: Examined) -> Iterator[Finding]:
    """Whether others may read `.env`, and whether git keeps it."""
    path = examined.env_path
    if not path.is_file():
        return
    sound = True
    if is_open_to_others(path):
        sound = False
        yield Finding(
            check="env file",
            severity="warning",
            message=f"{path} can be read by other users of this machine",
            remedy=f"chmod 600 {path}, or `llmhub doctor --fix`.",
        )
    if is_in_git(path):
        sound = False
        yield Finding(
            check="env file",
            severity="error",
            message=f"{path} is under version control: whoever has the repository has its keys",
            remedy=f"git rm --cached {path.name}, name it in .gitignore, and have new keys made.",
        )
    if sound:
        yield Finding(check="env file", severity="ok", message=f"{path} is for you alone, and not in git")


def is_open_to_others(path: Path) -> bool:
    """Whether the group or everybody may read it. On Windows that is not told by the mode."""
    return sys.platform != "win32" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def is_in_git(path: Path) -> bool:
    """Whether git tracks it; `False` also where there is no git."""
    try:
        found = subprocess.run(  # noqa: S603 - no shell, and no argument but a file name
            ["git", "ls-files", "--error-unmatch", "--", path.name],  # noqa: S607 - the user's own git
            cwd=path.parent,
            capture_output=True,
            timeout=10,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0
