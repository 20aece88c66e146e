"""What a key may ask for. Pure."""

from __future__ import annotations

from typing import Literal, get_args

Permission = Literal["calls", "catalog", "metrics"]
"""`calls`: of its roles, and the list of them. `catalog`: all that is told of models. `metrics`: what everybody's calls
were and cost."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

USUAL: tuple[Permission, ...] = ("calls", "catalog")
"""What a key may ask for unless something else is said."""


def needed(path: str) -> Permission | None:
    """What whoever asks for *path* must be allowed; `None`: any key will do.

    >>> needed("/v1/models"), needed("/api/catalog"), needed("/metrics"), needed("/openapi.json")
    ('calls', 'catalog', 'metrics', None)
    """
    if path.startswith("/v1/"):
        return "calls"
    if path.startswith("/api/"):
        return "catalog"
    return "metrics" if path == "/metrics" else None
