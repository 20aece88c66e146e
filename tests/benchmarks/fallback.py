"""A role whose first target always answers 500: how many requests go out, and how long the answer takes."""

import os
import statistics
import time

MESSAGES = [{"role": "user", "content": "Hello"}]
CALLS = 20


def measure(circuit: dict[str, float]) -> tuple[float, float]:
    """Upstream requests per call, and median seconds per call, with `attempts: 1` under a *circuit*.

    It is warmed by more failures than open it, unless it never opens.
    """
    from llmhub import Hub
    from llmhub.testing import ProviderServer

    os.environ["OPENAI_API_KEY"] = "sk-loopback-0123456789"
    with ProviderServer() as server:
        role = {
            "provider": "openai",
            "model": "fault-500",
            "fallbacks": [{"provider": "openai", "model": "gpt-4o-mini"}],
            "retry": {"attempts": 1},
        }
        providers = {"openai": {"api_base": server.openai_base}}
        config = {"project": "bench", "providers": providers, "roles": {"chat": role}, "circuit": circuit}
        with Hub(config=config) as hub:
            for _ in range(int(circuit["failures"]) + 1):
                hub.completion("chat", MESSAGES)
            server.reset()
            taken = []
            for _ in range(CALLS):
                began = time.perf_counter()
                hub.completion("chat", MESSAGES)
                taken.append(time.perf_counter() - began)
            return server.counts.requests / CALLS, statistics.median(taken)
