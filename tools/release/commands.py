"""Running other programs: what they print is kept from sight unless they fail, and secrets even then."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from release import ReleaseError

HIDDEN = "***"


def run(command: Sequence[str | Path], *, where: Path, secrets: Mapping[str, str] | None = None, **env: str) -> str:
    """What *command* printed on stdout. *secrets* are variables of its environment that no message repeats.

    Raises:
        ReleaseError: it failed, or is not installed; with the end of what it printed.
    """
    words = [str(word) for word in command]
    secrets = secrets or {}
    try:
        ended = subprocess.run(
            words,
            cwd=where,
            env={**os.environ, **env, **secrets},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise ReleaseError(f"{words[0]} is not installed here; `nox -s release` installs all it needs") from error
    if ended.returncode:
        printed = (ended.stdout + ended.stderr).strip()
        for secret in secrets.values():
            printed = printed.replace(secret, HIDDEN)
        end = "\n".join(printed.splitlines()[-25:])
        raise ReleaseError(f"`{' '.join(words)}` ended with {ended.returncode}:\n{end}")
    return ended.stdout
