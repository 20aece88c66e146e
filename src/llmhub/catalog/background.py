"""Refreshes the stored catalog in a process of its own, while the stale one serves.

A process rather than a thread: a command that took 50 ms to answer ends at once, and what it began goes on without it.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from llmhub.config.files import write_atomically
from llmhub.config.paths import catalog_dir, catalog_file
from llmhub.errors import ConfigError, HubError

PAUSE = timedelta(minutes=10)
"""Before this has passed since the last attempt, none is begun: a network that is away stays away for a while."""


def start_refresh(
    environ: Mapping[str, str],
    now: datetime,
    *,
    sources: Sequence[str] = (),
    price_ratio: float = 3.0,
    working_dir: Path | None = None,
) -> bool:
    """Begin a refresh and return at once; `False` when one was begun a short while ago, or none can be."""
    if not sys.executable or _was_begun_lately(environ, now):
        return False
    if not _note(environ, begun=now.isoformat(timespec="seconds")):
        return False  # nowhere to write: a refresh could not keep what it found
    settings = json.dumps({"sources": list(sources), "price_ratio": price_ratio})
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs us
            [sys.executable, "-m", "llmhub.catalog.background", settings],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            cwd=working_dir,
            start_new_session=True,
        )
    except OSError:
        return False
    # Whoever lives on after the refresh collects its exit code, so that no dead process stays behind.
    threading.Thread(target=process.wait, name="llmhub-refresh", daemon=True).start()
    return True


def last_problem(environ: Mapping[str, str]) -> str:
    """Why the last refresh in the background failed; empty when it did not."""
    return str(_noted(environ).get("problem", ""))


def main(arguments: Sequence[str] | None = None) -> int:
    """Refresh, and leave a note of what went wrong for the next one who loads the catalog."""
    import os

    from llmhub.records.secrets import Secrets

    settings = json.loads((sys.argv[1:] if arguments is None else arguments)[0])
    begun = _noted(os.environ).get("begun", "")
    try:
        problem, exit_code = _refresh(os.environ, settings), 0
    except HubError as error:
        problem, exit_code = str(error), error.exit_code
    except Exception as error:  # nobody sees a traceback from here, and the note has to tell
        problem, exit_code = f"{type(error).__name__}: {error}", 1
    noted = {"problem": Secrets.of(os.environ).struck(problem)} if problem else {}
    _note(os.environ, begun=begun, **noted)
    return exit_code


def _refresh(environ: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    """Why the stored catalog is as old as before; empty when it is not."""
    from llmhub.catalog.refresh import refresh_catalog
    from llmhub.catalog.store import read_catalog
    from llmhub.host import PluginHost

    begun = datetime.now(UTC)
    catalog = refresh_catalog(
        environ, PluginHost.from_environment(environ), sources=settings["sources"], price_ratio=settings["price_ratio"]
    )
    stored = read_catalog(catalog_file(environ))
    if stored is None or stored.is_stale(begun):
        return catalog.warnings[-1] if catalog.warnings else "what it gave could not be kept"
    return ""


def _was_begun_lately(environ: Mapping[str, str], now: datetime) -> bool:
    with contextlib.suppress(ValueError, TypeError):
        # A time to come means that the clock was set back, and tells nothing.
        return timedelta(0) <= now - datetime.fromisoformat(_noted(environ)["begun"]) < PAUSE
    return False


def _noted(environ: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        noted = json.loads(_file(environ).read_bytes())
    except (OSError, ValueError):
        return {"begun": ""}
    return noted if isinstance(noted, dict) and isinstance(noted.get("begun"), str) else {"begun": ""}


def _note(environ: Mapping[str, str], **facts: str) -> bool:
    try:
        _file(environ).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_file(environ), json.dumps(facts))
    except (OSError, ConfigError):
        return False
    return True


def _file(environ: Mapping[str, str]) -> Path:
    return catalog_dir(environ) / "background-refresh.json"


if __name__ == "__main__":
    sys.exit(main())
