"""The figures of one worker. Several workers share a folder (`PROMETHEUS_MULTIPROC_DIR`), from which any tells of all.

Labels are bounded: roles, providers and models are those of the configuration, routes those of the server, outcomes the
classes of `llmhub.errors`.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from llmhub_server.observation.shared_figures import FOLDER_VARIABLE

CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)
CHUNK_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32)
REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

TARGET = ("role", "provider", "model")


class Meters:
    """Counters and histograms by what they count; `registry` holds them all."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()

        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(f"llmhub_{name}", told, labels, registry=registry)

        def histogram(name: str, told: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"llmhub_{name}", told, (label,), registry=registry, buckets=buckets)

        self.requests = counter("requests", "Requests over HTTP.", "route", "method", "status")
        self.request_seconds = histogram(
            "request_seconds", "Seconds from a request to the end of its answer.", "route", REQUEST_SECONDS
        )
        self.requests_under_way = Gauge(
            "llmhub_requests_under_way", "Requests being answered.", registry=registry, multiprocess_mode="livesum"
        )
        self.calls = counter(
            "calls",
            "Calls by the target that answered or was tried last, and by what came of them.",
            *TARGET,
            "outcome",
        )
        self.attempts = counter("attempts", "Tries of single targets within calls.", *TARGET, "outcome")
        self.call_seconds = histogram(
            "call_seconds", "Seconds from the beginning of a call to its end.", "role", CALL_SECONDS
        )
        self.first_chunk_seconds = histogram(
            "time_to_first_chunk_seconds", "Seconds from the beginning of a streamed call to its first chunk.", "role",
            CHUNK_SECONDS,
        )  # fmt: skip
        self.calls_under_way = Gauge(
            "llmhub_calls_under_way", "Calls being made.", ("role",), registry=registry, multiprocess_mode="livesum"
        )
        self.tokens = counter(
            "tokens",
            "Tokens as providers counted them; cached_input and reasoning are parts of the others.",
            *TARGET,
            "kind",
        )
        self.dollars = counter("cost_dollars", "US dollars that calls cost, as far as that is known.", *TARGET)
        self.unpriced = counter("unpriced_calls", "Answered calls whose cost nobody knows; not free.", *TARGET)
        self.circuits = Gauge(
            "llmhub_circuit_state", "0 closed, 1 half open (one call tries), 2 open; the worst of all workers.",
            ("provider", "model"), registry=registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self.reloads = counter("config_reloads", "Readings of a changed configuration: ok, or failed.", "outcome")


def is_shared() -> bool:
    """Whether other workers write their figures beside these."""
    return bool(os.environ.get(FOLDER_VARIABLE))
