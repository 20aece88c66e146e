"""What happens before anything is sent: resolving a role, loading a configuration."""

import os
import tempfile
import timeit
from pathlib import Path

ROLES = 1000


def resolve_microseconds() -> float:
    """One `hub.resolve(role)` of a role that was resolved before."""
    from llmhub import Hub

    hub = Hub(config={"project": "bench", "roles": {"chat": {"provider": "openai", "model": "gpt-4o-mini"}}})
    hub.resolve("chat")
    count = 200_000
    return min(timeit.repeat(lambda: hub.resolve("chat"), number=count, repeat=5)) / count * 1e6


def load_seconds() -> float:
    """Loading a configuration of 1,000 roles, file to records."""
    from llmhub import Hub

    lines = ["project: bench", "roles:"]
    lines += [
        f"  role.{number}: {{provider: openai, model: gpt-4o-mini, mode: chat, params: {{temperature: 0.2}}}}"
        for number in range(ROLES)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "llmhub.yaml"
        path.write_text(os.linesep.join(lines), encoding="utf-8")
        return min(timeit.repeat(lambda: Hub(path), number=1, repeat=5))
