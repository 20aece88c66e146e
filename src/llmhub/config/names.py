"""Names of files that are made from what users call things: safe on Linux, macOS and Windows alike. Pure."""

from __future__ import annotations

import hashlib
import re

ENVIRONMENT_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_TAKEN = frozenset({"spec", "measured", "overrides"})
"""What an environment may be called: its configuration is `llmhub.<env>.yaml`, beside `llmhub.spec.yaml` and others."""

ENVIRONMENT_EXPECTED = (
    "a name of up to 64 letters, digits, '-' and '_', such as dev or prod, and not spec, measured or overrides"
)
_ENVIRONMENT = re.compile(ENVIRONMENT_PATTERN)

_PLAIN = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)
"""What Windows takes for a device, whatever ending follows."""


def is_environment_name(name: str) -> bool:
    """Whether an environment may be called so: the name becomes part of a file's name."""
    return _ENVIRONMENT.fullmatch(name) is not None and name.lower() not in _TAKEN


def file_name(name: str) -> str:
    """A file's name, without ending, for what a user calls *name*; other names never have the same.

    Plain names stay as they are. All others get a part of their digest behind what can be kept of them: capitals too,
    since macOS and Windows take `App` and `app` for one file.

    >>> file_name("my-app"), file_name("My App")
    ('my-app', 'my_app.96c6f41782b1')
    """
    if _PLAIN.fullmatch(name) and not _DEVICE.fullmatch(name):
        return name
    kept = re.sub(r"[^a-z0-9_-]+", "_", name.lower())[:40].strip("_") or "unnamed"
    kept = f"_{kept}" if _DEVICE.fullmatch(kept) else kept
    return f"{kept}.{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:12]}"
